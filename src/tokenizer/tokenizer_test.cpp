#include "tokenizer/tokenizer.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tokenizer/internal/test_tokenizers.h"

namespace rq::tokenizer {
namespace {

using Ids = std::vector<std::int32_t>;
using Merges = std::vector<std::pair<std::string, std::string>>;

std::string random_bytes(Rng& rng, std::size_t size, int kinds) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    bytes +=
        static_cast<char>('a' + static_cast<int>(rng.below(static_cast<std::uint64_t>(kinds))));
  }
  return bytes;
}

// Byte pair encoding as its definition has it: the lowest rank, leftmost, one at a time.
std::vector<std::string> merge_slowly(std::string_view text, const Merges& merges) {
  std::map<std::pair<std::string, std::string>, std::size_t> rank;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    rank[merges[i]] = i;
  }
  std::vector<std::string> parts;
  for (const char c : text) {
    parts.emplace_back(1, c);
  }
  while (true) {
    std::size_t best = merges.size(), at = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = rank.find({parts[i], parts[i + 1]});
      if (found != rank.end() && found->second < best) {
        best = found->second;
        at = i;
      }
    }
    if (best == merges.size()) {
      return parts;
    }
    parts[at] += parts[at + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

std::vector<std::string> tokens_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> tokens;
  for (const auto id : tokenizer.encode(text)) {
    tokens.emplace_back(tokenizer.bytes_of(id));
  }
  return tokens;
}

const Merges kMerges = {{"a", "b"},
                        {"b", "a"},
                        {"ab", "a"},
                        {"a", "a"},
                        {"c", "ab"},
                        {"aa", "ba"},
                        {"b", "c"},
                        {"aba", "aba"},
                        {"c", "c"},
                        {"cc", "b"},
                        {"ab", "ab"}};

TEST(Tokenizer, PiecesOfEveryLengthAreMergedAsTheDefinitionSays) {
  const Tokenizer tokenizer = make(byte_level_file(kMerges));
  Rng rng(1, "pieces");
  for (std::size_t size = 1; size < 300; size += size < 40 ? 1 : 37) {
    for (int repeat = 0; repeat < 4; ++repeat) {
      const std::string text = random_bytes(rng, size, 3);
      EXPECT_EQ(tokens_of(tokenizer, text), merge_slowly(text, kMerges)) << text;
    }
  }
}

TEST(Tokenizer, AWordSeenBeforeGivesTheSameIdsAgain) {
  const Tokenizer tokenizer = make(byte_level_file(kMerges));
  Rng rng(2, "words");
  std::vector<std::pair<std::string, Ids>> seen;
  for (int i = 0; i < 500; ++i) {
    const std::string word = random_bytes(rng, 1 + rng.below(15), 3);
    seen.emplace_back(word, tokenizer.encode(word));
  }
  for (const auto& [word, ids] : seen) {
    EXPECT_EQ(tokenizer.encode(word), ids);
    EXPECT_EQ(tokenizer.decode(ids), word);
  }
}

TEST(Tokenizer, AMegabyteWithoutASpaceTakesNoQuadraticTime) {
  const Tokenizer tokenizer = make(byte_level_file(kMerges));
  const std::string text(1 << 20, 'a');
  const Ids ids = tokenizer.encode(text);
  EXPECT_EQ(ids.size(), std::size_t{1} << 19);
  EXPECT_EQ(tokenizer.decode(ids), text);
}

TEST(Tokenizer, AnyBytesComeBackExactly) {
  const Tokenizer tokenizer = make(byte_level_file(kMerges));
  Rng rng(3, "bytes");
  for (int i = 0; i < 200; ++i) {
    std::string text = random_text(rng, 20);
    for (int k = 0; k < 5 && !text.empty(); ++k) {
      text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    }
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

TEST(Tokenizer, NothingMergesAcrossABrokenByte) {
  const Tokenizer tokenizer =
      make(byte_level_file({{"a", "\xC3"}, {"\xC3", "b"}, {"\xC3", "\xA9"}}));
  EXPECT_EQ(tokens_of(tokenizer,
                      "a\xC3"
                      "b\xC3\xA9"),
            (std::vector<std::string>{"a", "\xC3", "b", "\xC3\xA9"}));
}

TEST(Tokenizer, SpecialTokensAreFoundInTextAndPlainInOrdinaryText) {
  Json file = byte_level_file(kMerges);
  file["added_tokens"] = {added_token(300, "<end>"), added_token(301, "<end><end>")};
  const Tokenizer tokenizer = make(file);
  EXPECT_EQ(tokenizer.encode("c<end>c<end><end><en"), (Ids{'c', 300, 'c', 301, '<', 'e', 'n'}));
  EXPECT_EQ(tokenizer.encode_ordinary("<end>"), (Ids{'<', 'e', 'n', 'd', '>'}));
  EXPECT_EQ(tokenizer.vocab_size(), 302);
  EXPECT_EQ(tokenizer.id_of("<end>"), 300);
  EXPECT_TRUE(tokenizer.is_special(300));
  EXPECT_FALSE(tokenizer.is_special('c'));
  EXPECT_EQ(tokenizer.bytes_of(299), "");
}

TEST(Tokenizer, AddedTokensTakeUpSpacesAndStandAloneWhereTheyAskForIt) {
  Json file = byte_level_file({});
  Json left = added_token(300, "<l>"), right = added_token(301, "<r>"),
       word = added_token(302, "wo");
  left["lstrip"] = right["rstrip"] = word["single_word"] = true;
  file["added_tokens"] = {left, right, word};
  const Tokenizer tokenizer = make(file);
  EXPECT_EQ(tokenizer.encode("a \u3000<l> b"), (Ids{'a', 300, ' ', 'b'}));
  EXPECT_EQ(tokenizer.encode("a <r>\n b"), (Ids{'a', ' ', 301, 'b'}));
  EXPECT_EQ(tokenizer.encode("wo-wow"), (Ids{302, '-', 'w', 'o', 'w'}));
}

TEST(Tokenizer, NormalizedTokensAreFoundInNormalizedText) {
  Json file = byte_level_file({{"\xC3", "\xA9"}});
  file["normalizer"] = {{"type", "NFC"}};
  Json normalized = added_token(300, "<e\u0301>");
  normalized["normalized"] = true;
  file["added_tokens"] = {normalized, added_token(301, "[e\u0301]")};
  const Tokenizer tokenizer = make(file);
  EXPECT_EQ(tokenizer.encode("e\u0301<é><e\u0301>[e\u0301]"), (Ids{256, 300, 300, 301}));
}

TEST(Tokenizer, AWholePieceInTheVocabularyIsThatTokenWhereMergesAreIgnored) {
  Json file = byte_level_file({{"a", "b"}, {"b", "c"}});
  file["model"]["vocab"]["abc"] = 300;
  EXPECT_EQ(make(file).encode("abc"), (Ids{256, 'c'}));
  file["model"]["ignore_merges"] = true;
  EXPECT_EQ(make(file).encode("abc"), (Ids{300}));
}

TEST(Tokenizer, ThePrefixSpaceIsAddedOnce) {
  Json file = byte_level_file({});
  file["pre_tokenizer"]["add_prefix_space"] = true;
  EXPECT_EQ(make(file).encode("a"), (Ids{' ', 'a'}));
  EXPECT_EQ(make(file).encode(" a"), (Ids{' ', 'a'}));
}

TEST(Tokenizer, ManyThreadsGetTheSameIds) {
  const Tokenizer tokenizer = make(byte_level_file(kMerges));
  Rng rng(4, "threads");
  const std::string text = random_bytes(rng, 20000, 4);
  const Ids expected = tokenizer.encode(text);
  std::vector<Ids> results(4);
  {
    std::vector<std::jthread> threads;
    for (Ids& result : results) {
      threads.emplace_back([&] { result = tokenizer.encode(text); });
    }
  }
  EXPECT_TRUE(std::ranges::all_of(results, [&](const Ids& ids) { return ids == expected; }));
}

TEST(Tokenizer, AnUnknownIdIsRefused) {
  const Tokenizer tokenizer = make(byte_level_file({}));
  EXPECT_EQ(error_of([&] { tokenizer.decode(Ids{1, 256}); }),
            "no token has the id 256; the vocabulary's ids are below 256");
}

}  // namespace
}  // namespace rq::tokenizer
