#include "data/internal/curator.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

// The texts that a curator keeps, in order.
std::vector<std::string> kept(const SourceConfig& config, const std::vector<std::string>& texts) {
  const TestFolder folder;
  Curator curator(config, folder.path());
  for (const auto& text : texts) {
    curator.document(text, 1);
  }
  const auto documents = curator.finish();
  const std::string spool = read_file(curator.spool_path());
  std::vector<std::string> result;
  for (const auto& document : documents) {
    result.push_back(spool.substr(document.offset, document.bytes));
    EXPECT_EQ(xxh3(result.back()), document.hash);
  }
  return result;
}

using Strings = std::vector<std::string>;

TEST(Curator, RepeatedTextsAreKeptOnce) {
  EXPECT_EQ(kept({}, {"a", "b", "a"}), (Strings{"a", "b"}));
  EXPECT_EQ(kept({.deduplicate = false}, {"a", "b", "a"}), (Strings{"a", "b", "a"}));
}

TEST(Curator, LengthsOutsideTheBoundsAreDropped) {
  EXPECT_EQ(kept({.min_bytes = 2, .max_bytes = 3}, {"a", "bb", "ccc", "dddd", ""}),
            (Strings{"bb", "ccc"}));
}

TEST(Curator, AByteOrderMarkIsTakenAway) {
  EXPECT_EQ(kept({}, {"\xef\xbb\xbftext"}), Strings{"text"});
}

TEST(Curator, TheLimitKeepsTheLowestHashesWhateverTheOrder) {
  Strings texts;
  for (int i = 0; i < 300; ++i) {
    texts.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 37), '.'));
  }
  Strings by_hash = texts;
  std::ranges::sort(by_hash, {}, [](const std::string& text) { return xxh3(text); });
  Strings expected;
  std::size_t bytes = 0;
  for (const auto& text : by_hash) {
    bytes += text.size();
    if (bytes > 2000) {
      break;
    }
    expected.push_back(text);
  }
  std::ranges::sort(expected);
  Rng rng(1, "test");
  for (int trial = 0; trial < 5; ++trial) {
    rng.shuffle(texts);
    Strings found = kept({.limit_bytes = 2000}, texts);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected);
  }
}

TEST(Curator, BadTextGoesToTheQuarantineWithFileLineAndReason) {
  const TestFolder folder;
  Curator curator({}, folder.path());
  curator.begin_file("x.txt");
  curator.document("good", 1);
  curator.document("one\ntwo \xff", 1);
  curator.document(std::string_view("a\0b", 3), 1);
  curator.finish();
  EXPECT_EQ(curator.counts().quarantined.at("not UTF-8"), 1);
  EXPECT_EQ(curator.counts().quarantined.at("binary data"), 1);
  const std::string lines = read_file(folder / "quarantine.jsonl");
  const Json first = parse_json(lines.substr(0, lines.find('\n')), "quarantine");
  EXPECT_EQ(first["file"], "x.txt");
  EXPECT_EQ(first["line"], 2);
  EXPECT_EQ(first["reason"], "not UTF-8");
  EXPECT_EQ(first["excerpt"], "one?two ?");
}

TEST(Curator, HeldoutSharesAreMetAndNested) {
  int small = 0, large = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const std::uint64_t hash = mix64(i);
    small += is_heldout(hash, 0.01) ? 1 : 0;
    large += is_heldout(hash, 0.1) ? 1 : 0;
    EXPECT_TRUE(is_heldout(hash, 0.1) || !is_heldout(hash, 0.01));
  }
  EXPECT_NEAR(small, 200, 60);
  EXPECT_NEAR(large, 2000, 180);
}

TEST(SplitText, PiecesAreCutAtTheBestBorderAndJoinToTheText) {
  using Views = std::vector<std::string_view>;
  EXPECT_EQ(split_text("short", 64), Views{"short"});
  EXPECT_EQ(split_text("one line\n\ntwo\nthree four", 16),
            (Views{"one line\n\n", "two\nthree four"}));
  EXPECT_EQ(split_text("one line\ntwo three four", 16), (Views{"one line\n", "two three four"}));
  EXPECT_EQ(split_text("one two three four", 10), (Views{"one two ", "three four"}));
  EXPECT_EQ(split_text("漢字漢字", 7), (Views{"漢字", "漢字"}));
}

TEST(SplitText, NoPieceIsTooLongAndNoneIsEmpty) {
  Rng rng(7, "test");
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    const auto draw = rng.below(20);
    text += draw == 0 ? "\n\n" : draw < 4 ? " " : draw == 4 ? "é" : "a";
  }
  std::string joined;
  for (const auto piece : split_text(text, 100)) {
    EXPECT_LE(piece.size(), 100U);
    EXPECT_FALSE(piece.empty());
    joined += piece;
  }
  EXPECT_EQ(joined, text);
}

}  // namespace
}  // namespace rq::data
