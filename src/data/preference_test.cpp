#include "data/preference.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "data/collect.h"
#include "data/internal/test_folder.h"
#include "data/store.h"

namespace rq::data {
namespace {

std::string written(const char* line) {
  try {
    return read_preference(Json::parse(line)).document();
  } catch (const BadConversation& bad) {
    return std::string(bad.reason);
  }
}

constexpr std::string_view kSum =
    R"({"messages":[{"role":"user","content":"2 + 2"}],"chosen":"4","rejected":"5"})";

TEST(Preference, IsWrittenInOneWayWhateverFormItCameIn) {
  EXPECT_EQ(written(R"({"prompt": "2 + 2", "chosen": "4", "rejected": "5"})"), kSum);
  EXPECT_EQ(written(R"({"prompt": [{"role": "user", "content": "2 + 2"}],
                        "chosen": [{"role": "assistant", "content": "4"}],
                        "rejected": [{"role": "assistant", "content": "5"}]})"),
            kSum);
  EXPECT_EQ(written(R"({"chosen": [{"role": "user", "content": "2 + 2"},
                                   {"role": "assistant", "content": "4"}],
                        "rejected": [{"role": "user", "content": "2 + 2"},
                                     {"role": "assistant", "content": "5"}]})"),
            kSum);
  EXPECT_EQ(parse_preference(kSum, "here").document(), kSum);
  EXPECT_EQ(
      parse_preference(kSum, "here").with("4").document(),
      R"({"messages":[{"role":"user","content":"2 + 2"},{"role":"assistant","content":"4"}]})");
}

TEST(Preference, WhatCannotBeLearnedFromHasAReason) {
  EXPECT_EQ(written(R"({"prompt": "a", "chosen": "b", "rejected": "b"})"),
            "the chosen answer is the rejected one");
  EXPECT_EQ(written(R"({"chosen": "b", "rejected": "c"})"), "nobody asks before the answers");
  EXPECT_EQ(written(R"({"prompt": "a", "chosen": "b"})"), "no assistant turn");
  EXPECT_EQ(written(R"({"prompt": "a", "chosen": "", "rejected": "c"})"), "an empty answer");
  EXPECT_EQ(written(R"({"chosen": [{"role": "user", "content": "a"},
                                   {"role": "assistant", "content": "4"}],
                        "rejected": [{"role": "user", "content": "b"},
                                     {"role": "assistant", "content": "5"}]})"),
            "chosen and rejected answer different messages");
  EXPECT_THROW(parse_preference("text", "here"), Error);
}

TEST(Preference, LinesOfAFileBecomeABoxOfThem) {
  const TestFolder folder;
  write_file(folder / "recipe/pairs.jsonl",
             "{\"prompt\": \"2 + 2\", \"chosen\": \"4\", \"rejected\": \"5\"}\n"
             "{\"prompt\": \"2 + 2\", \"chosen\": \"4\", \"rejected\": \"4\"}\n");
  const DataConfig box = {.source = {.glob = {"pairs.jsonl"}, .field = "chosen"}, .heldout = 0};
  EXPECT_EQ(box.content(), Content::kPreferences);
  collect(box,
          "pairs",
          {.recipe_folder = folder / "recipe", .cache_folder = folder / "cache", .boxes = {}},
          folder / "out");
  const DocumentStore made(folder / "out");
  ASSERT_EQ(made.size(), 1);
  EXPECT_EQ(made[0], kSum);
}

}  // namespace
}  // namespace rq::data
