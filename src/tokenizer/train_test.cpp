#include "tokenizer/train.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tokenizer/definition.h"
#include "tokenizer/internal/test_tokenizers.h"
#include "tokenizer/special_tokens.h"

namespace rq::tokenizer {
namespace {

constexpr std::int64_t kSmallest = 266;  // 10 special tokens and the bytes

Tokenizer learn(const std::vector<std::string>& documents,
                const TrainConfig& config,
                int threads = 1) {
  std::size_t next = 0;
  return train(
      [&](std::string& document) {
        if (next == documents.size()) {
          return false;
        }
        document = documents[next++];
        return true;
      },
      config,
      {.threads = threads, .report = {}});
}

std::vector<std::string> merges_of(const Tokenizer& tokenizer) {
  std::vector<std::string> merges;
  for (const auto& merge : tokenizer.definition().merges) {
    const auto& vocabulary = tokenizer.definition().vocabulary;
    merges.push_back(vocabulary[merge.left].first + " " + vocabulary[merge.right].first);
  }
  return merges;
}

std::vector<std::string> some_documents() {
  Rng rng(5, "documents");
  std::vector<std::string> documents;
  for (int i = 0; i < 40; ++i) {
    std::string text;
    for (int word = 0; word < 300; ++word) {
      for (std::uint64_t letters = 1 + rng.below(5); letters > 0; --letters) {
        text += static_cast<char>('a' + rng.below(6));
      }
      text += rng.below(9) == 0 ? ".\n" : " ";
    }
    documents.push_back(text);
  }
  return documents;
}

TEST(Train, TheMostFrequentPairComesFirstAndTiesGoToTheLowerIds) {
  // Counts: "x"+"y" 3; "a"+"b" and "c"+"d" 2.
  const Tokenizer tokenizer =
      learn({"xy cd\nab\ncd\nxy\nxy\nab"}, {.vocab_size = kSmallest + 3, .min_frequency = 2});
  EXPECT_EQ(merges_of(tokenizer), (std::vector<std::string>{"x y", "a b", "c d"}));
}

TEST(Train, OverlappingPairsAreCountedAsTheMergesLeaveThem) {
  // "aaaa" holds "a"+"a" three times, but makes two tokens, which then merge.
  const Tokenizer tokenizer = learn({"aaaa\naaaa"}, {.vocab_size = kSmallest + 10});
  EXPECT_EQ(merges_of(tokenizer), (std::vector<std::string>{"a a", "aa aa"}));
}

TEST(Train, SpecialTokensFrameTheVocabularyAsInV3) {
  const Tokenizer tokenizer = learn(some_documents(), {.vocab_size = 300});
  EXPECT_EQ(tokenizer.vocab_size(), 300);
  EXPECT_EQ(tokenizer.id_of(kBeginOfSentence), 0);
  EXPECT_EQ(tokenizer.id_of(kEndOfSentence), 1);
  EXPECT_EQ(tokenizer.id_of(kPad), 2);
  EXPECT_EQ(tokenizer.id_of("!"), 3);
  EXPECT_EQ(tokenizer.id_of(kThinkBegin), 293);
  EXPECT_EQ(tokenizer.id_of(kAssistant), 299);
  EXPECT_TRUE(tokenizer.is_special(299));
  EXPECT_FALSE(tokenizer.is_special(293));
  EXPECT_EQ(tokenizer.encode("a<｜User｜>").back(), tokenizer.id_of(kUser));
}

TEST(Train, TheResultDependsNeitherOnThreadsNorOnTheOrderOfDocuments) {
  std::vector<std::string> documents = some_documents();
  const std::string expected = learn(documents, {.vocab_size = 400}).to_json();
  Rng(6, "order").shuffle(documents);
  EXPECT_EQ(learn(documents, {.vocab_size = 400}, 3).to_json(), expected);
}

TEST(Train, ALongDocumentIsCountedInPartsToTheSameResult) {
  std::string all;
  std::vector<std::string> parts;
  for (int i = 0; i < 30; ++i) {
    for (const std::string& document : some_documents()) {
      parts.push_back(document + "\n");
      all += parts.back();
    }
  }
  ASSERT_GT(all.size(), std::size_t{1} << 20);
  EXPECT_EQ(learn({all}, {.vocab_size = 350}, 2).to_json(),
            learn(parts, {.vocab_size = 350}).to_json());
}

TEST(Train, NoTokenGetsLongerThanTheLimit) {
  const Tokenizer tokenizer = learn(some_documents(), {.vocab_size = 400, .max_token_bytes = 3});
  std::size_t longest = 0;
  for (std::int32_t id = 3; id < tokenizer.vocab_size() - 7; ++id) {
    longest = std::max(longest, tokenizer.bytes_of(id).size());
  }
  EXPECT_EQ(longest, 3U);
}

TEST(Train, ATokenLearntWithASpecialTokensBytesIsThatToken) {
  Json file =
      parse_json(learn({"<think>\n<think>\n<think>"}, {.vocab_size = 400}).to_json(), "test");
  EXPECT_NO_THROW(make(file));
}

TEST(Train, ImpossibleSettingsAndEmptyTextAreRefused) {
  EXPECT_NE(error_of([] { learn({"x"}, {.vocab_size = 100}); }).find("vocab_size=100"),
            std::string::npos);
  EXPECT_NE(error_of([] { learn({"x"}, {.digits = 0}); }).find("digits=0"), std::string::npos);
  EXPECT_NE(error_of([] { learn({"", ""}, {}); }).find("empty"), std::string::npos);
}

}  // namespace
}  // namespace rq::tokenizer
