// That files of a source become long documents in the promised order, and that nothing held out
// elsewhere is among them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "data/collect.h"
#include "data/internal/test_folder.h"
#include "data/store.h"

namespace rq::data {
namespace {

class Join : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view text) {
    write_file(folder_ / "recipe/in" / name, text);
  }
  std::vector<std::string> training(const DataConfig& config) {
    manifest_ = collect(config, "long", context_, folder_ / "out");
    const DocumentStore store(folder_ / "out");
    std::vector<std::string> texts(static_cast<std::size_t>(store.size()));
    for (std::int64_t i = 0; i < store.size(); ++i) {
      texts[static_cast<std::size_t>(i)] = store[i];
    }
    return texts;
  }
  TestFolder folder_;
  CollectContext context_ = {
      .recipe_folder = folder_ / "recipe", .cache_folder = folder_ / "cache", .boxes = {}};
  DataConfig config_ = {.source = {.glob = {"in/**"}, .join = {.by = JoinOrder::kName}},
                        .heldout = 0};
  Json manifest_;
};

using Strings = std::vector<std::string>;

TEST_F(Join, NeighboursByNameAreJoinedUpToTheSizeAndNoneIsCut) {
  for (int i = 1; i <= 12; ++i) {
    write(fmt::format("chapter{}.txt", i), fmt::format("Chapter {}.\n", i));
  }
  write("chapter13.txt", std::string(100, 'x'));
  write("chapter14.txt", "The end.");
  config_.source.join.bytes = 70;
  EXPECT_EQ(training(config_),
            (Strings{"Chapter 1.\n\nChapter 2.\n\nChapter 3.\n\nChapter 4.\n\nChapter 5.\n",
                     "Chapter 6.\n\nChapter 7.\n\nChapter 8.\n\nChapter 9.\n\nChapter 10.\n",
                     "Chapter 11.\n\nChapter 12.\n",
                     std::string(100, 'x'),
                     "The end."}));
  EXPECT_EQ(manifest_["source"]["files"], 14);
}

TEST_F(Join, FilesComeAfterThoseThatTheyImportUnderTheirPaths) {
  write("app/main.py", "from app import util\nimport base\nrun()\n");
  write("app/__init__.py", "");
  write("app/util.py", "from . import deep\n");
  write("app/deep.py", "import base\n");
  write("base.py", "x = 1\n");
  write("lib/z.cpp", "#include \"z.h\"\nint z;\n");
  write("lib/z.h", "#pragma once\n");
  config_.source.join.by = JoinOrder::kImports;
  EXPECT_EQ(training(config_),
            Strings{"# base.py\nx = 1\n\n"
                    "# app/deep.py\nimport base\n\n"
                    "# app/util.py\nfrom . import deep\n\n"
                    "# app/main.py\nfrom app import util\nimport base\nrun()\n\n"
                    "// lib/z.h\n#pragma once\n\n"
                    "// lib/z.cpp\n#include \"z.h\"\nint z;\n"});
  EXPECT_EQ(manifest_["dropped"]["too_short"], 1);  // the empty __init__.py
}

TEST_F(Join, ACycleOfImportsIsBrokenTheSameWayEachTime) {
  write("a.py", "import b\n");
  write("b.py", "import c\n");
  write("c.py", "import a\n");
  config_.source.join.by = JoinOrder::kImports;
  const Strings first = training(config_);
  EXPECT_EQ(first, Strings{"# c.py\nimport a\n\n# b.py\nimport c\n\n# a.py\nimport b\n"});
  std::filesystem::remove_all(folder_ / "out");
  EXPECT_EQ(training(config_), first);
}

TEST_F(Join, ABadOrRepeatedFileIsLeftOutAndTheOthersAreKept) {
  write("a.txt", "first\n");
  write("b.txt", "\xff\xfe broken");
  write("c.txt", "first\n");
  write("d.txt", "last\n");
  EXPECT_EQ(training(config_), Strings{"first\n\nlast\n"});
  EXPECT_EQ(manifest_["dropped"]["repeated"], 1);
  EXPECT_EQ(manifest_["quarantined"]["not UTF-8"], 1);
  EXPECT_NE(read_file(folder_ / "out/quarantine.jsonl").find("in/b.txt"), std::string::npos);
}

TEST_F(Join, WhatAnotherBoxHoldsOutIsCutOutOfTheSameFiles) {
  std::string novel;
  for (int i = 0; i < 3000; ++i) {
    novel += fmt::format("Paragraph {} of a novel of several thousand.\n\n", i);
  }
  write("novel.txt", novel);
  const DataConfig split = {.source = {.glob = {"in/**"}, .split_bytes = 600}, .heldout = 0.05};
  collect(split, "prose", context_, folder_ / "prose");
  const Strings heldout = read_heldout(folder_ / "prose");
  ASSERT_GT(heldout.size(), 5U);
  std::size_t heldout_bytes = 0;
  for (const auto& text : heldout) {
    heldout_bytes += text.size();
  }

  context_.boxes = {{"prose", folder_ / "prose"}};
  config_.without_heldout_of = {"prose"};
  const Strings texts = training(config_);
  ASSERT_EQ(texts.size(), 1U);
  for (const auto& text : heldout) {
    EXPECT_EQ(texts[0].find(text), std::string::npos);
  }
  EXPECT_EQ(texts[0].size(), novel.size() - heldout_bytes);
  EXPECT_EQ(manifest_["dropped"]["held_out_elsewhere"], heldout.size());
}

TEST_F(Join, WhatDoesNotGoTogetherIsRefused) {
  const auto problems = [&] { return config_.source.problems(); };
  EXPECT_TRUE(problems().empty());
  config_.source.split_bytes = 1000;
  ASSERT_EQ(problems().size(), 1U);
  EXPECT_NE(problems()[0].find("split_bytes=1000"), std::string::npos);
  config_.source = {.generator = {.name = "copying", .count = 3}, .join = {.by = JoinOrder::kName}};
  ASSERT_EQ(problems().size(), 1U);
  EXPECT_NE(problems()[0].find("needs a glob or a package"), std::string::npos);
}

TEST_F(Join, SizesThatAGeneratorCannotDrawAreRefused) {
  const auto problem = [](const char* name, std::int64_t least, std::int64_t most) {
    const SourceConfig source = {
        .generator = {.name = name, .count = 1, .seed = 1, .least = least, .most = most}};
    const auto found = source.problems();
    return found.empty() ? std::string() : found[0];
  };
  EXPECT_EQ(problem("copying", 2, 9), "");
  EXPECT_NE(problem("copying", 9, 2).find("least=9 and most=2"), std::string::npos);
  EXPECT_NE(problem("recall", 2, 3000).find("100"), std::string::npos);
  EXPECT_NE(problem("worked-mathematics", 1, 2).find("no sizes"), std::string::npos);
}

}  // namespace
}  // namespace rq::data
