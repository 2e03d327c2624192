#include "data/internal/recall_documents.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
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

constexpr std::string_view kFact = "Remember ";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class RecallDocuments : public testing::Test {
 protected:
  // A box of paragraphs of three sentences that name their paragraph; a tenth is held out.
  void SetUp() override {
    std::string lines;
    for (int i = 0; i < 600; ++i) {
      std::string text;
      for (int sentence = 0; sentence < 3; ++sentence) {
        text += fmt::format("Paragraph {} says in sentence {} what it says. ", i, sentence);
      }
      text.back() = '\n';
      lines += Json({{"text", text}}).dump() + "\n";
    }
    write_file(folder_ / "recipe/prose.jsonl", lines);
    collect({.source = {.glob = {"prose.jsonl"}}, .heldout = 0.1}, "prose", context_, prose_);
    config_.source.recall = {
        .from = "prose", .count = 200, .least_bytes = 400, .most_bytes = 20'000};
    context_.boxes = {{"prose", prose_}};
  }
  std::vector<std::string> documents(std::string_view out) {
    collect(config_, "recall", context_, folder_ / out);
    const DocumentStore store(folder_ / out);
    std::vector<std::string> texts(static_cast<std::size_t>(store.size()));
    for (std::int64_t i = 0; i < store.size(); ++i) {
      texts[static_cast<std::size_t>(i)] = store[i];
    }
    return texts;
  }
  TestFolder folder_;
  std::filesystem::path prose_ = folder_ / "prose";
  CollectContext context_ = {
      .recipe_folder = folder_ / "recipe", .cache_folder = folder_ / "cache", .boxes = {}};
  DataConfig config_ = {.heldout = 0};
};

TEST_F(RecallDocuments, EveryFactIsStatedBeforeItIsAskedAndAnsweredAsItWasStated) {
  std::map<std::size_t, int> counts;  // by number of facts
  for (const auto& text : documents("out")) {
    std::map<std::string, int> said;
    for (const auto& line : lines_of(text)) {
      said[line] += line.starts_with(kFact) ? 1 : 0;
    }
    std::erase_if(said, [](const auto& pair) { return pair.second == 0; });
    std::map<std::string, int> keys;
    for (const auto& [line, times] : said) {
      EXPECT_GE(times, 2) << line;
      EXPECT_LE(times, 3) << line;
      EXPECT_EQ(++keys[line.substr(0, line.find('='))], 1) << line;
    }
    ++counts[said.size()];
    EXPECT_TRUE(lines_of(text).back().starts_with(kFact));
    EXPECT_GE(text.size(), 300U);
    EXPECT_LE(text.size(), 20'000U);
  }
  EXPECT_EQ(counts.begin()->first, 1U);
  EXPECT_EQ(counts.rbegin()->first, 8U);
}

TEST_F(RecallDocuments, TheFillerIsWholeSentencesOfTrainingDocuments) {
  const DocumentStore store(prose_);
  std::string training;
  for (std::int64_t i = 0; i < store.size(); ++i) {
    training += store[i];
  }
  for (const auto& text : documents("out")) {
    for (const auto& line : lines_of(text)) {
      if (!line.starts_with(kFact)) {
        EXPECT_TRUE(line.starts_with("Paragraph ") && line.ends_with("what it says.")) << line;
        EXPECT_NE(training.find(line), std::string::npos) << line;
      }
    }
  }
}

TEST_F(RecallDocuments, NothingThatIsHeldOutEnters) {
  const auto heldout = read_heldout(prose_);
  ASSERT_GT(heldout.size(), 30U);
  std::string all;
  for (const auto& text : documents("out")) {
    all += text;
  }
  ASSERT_GT(all.size(), 10 * DocumentStore(prose_).bytes());  // every training sentence many times
  for (const auto& text : heldout) {
    const std::string paragraph = text.substr(0, text.find(" says"));
    EXPECT_EQ(all.find(paragraph + " says"), std::string::npos) << paragraph;
  }
}

TEST_F(RecallDocuments, DistancesOfAllSizesOccur) {
  constexpr std::size_t kLongest = 14;   // from 2^13 on
  std::vector<int> found(kLongest + 1);  // by the width of the distance in bits
  for (const auto& text : documents("out")) {
    for (const auto& line : lines_of(text)) {
      if (line.starts_with(kFact)) {
        const std::size_t distance = text.rfind(line) - text.find(line);
        ++found[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(distance)),
                                      kLongest)];
      }
    }
  }
  for (std::size_t width = 9; width <= kLongest; ++width) {
    EXPECT_GT(found[width], 15) << "distances of " << width << " bits";
  }
}

TEST_F(RecallDocuments, TheSameSettingsGiveTheSameFolderAndAnotherSeedAnother) {
  const auto first = documents("out");
  EXPECT_TRUE(first == documents("again"));
  config_.source.recall.seed = 2;
  EXPECT_TRUE(first != documents("other"));
}

TEST_F(RecallDocuments, AFolderIsMadeAnewWhenItsFillerChanged) {
  const auto first = documents("out");
  collect({.source = {.glob = {"prose.jsonl"}, .min_bytes = 140}, .heldout = 0.1},
          "prose",
          context_,
          prose_);
  EXPECT_TRUE(first != documents("out"));
}

TEST_F(RecallDocuments, AFillerThatIsTooSmallOrNotThereIsRefused) {
  config_.source.recall.most_bytes = 900'000;
  const std::string error = error_of([&] { documents("out"); });
  EXPECT_NE(error.find("recall.most_bytes=900000 is more than the"), std::string::npos) << error;
  context_.boxes.clear();
  EXPECT_NE(error_of([&] { documents("out"); }).find("prose"), std::string::npos);
}

}  // namespace
}  // namespace rq::data
