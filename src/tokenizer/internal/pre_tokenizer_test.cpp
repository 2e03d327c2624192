#include "tokenizer/internal/pre_tokenizer.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "tokenizer/internal/test_tokenizers.h"

namespace rq::tokenizer {
namespace {

using Pieces = std::vector<std::string>;

Pieces pieces_of(const PreTokenizer& pre_tokenizer, std::string_view text) {
  PreTokenizerScratch scratch;
  Pieces pieces;
  pre_tokenizer.split(text, scratch, [&](std::string_view piece) { pieces.emplace_back(piece); });
  return pieces;
}

PreTokenizer with_split(const Json& pattern, const char* behavior, bool invert = false) {
  const Json split = {
      {"type", "Split"}, {"pattern", pattern}, {"behavior", behavior}, {"invert", invert}};
  const Json last = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  return PreTokenizer({{"type", "Sequence"}, {"pretokenizers", {split, last}}}, "test");
}

TEST(PreTokenizer, V3sPatternsByHandCutAsTheGeneralEngineDoes) {
  Rng rng(1, "v3");
  for (const int digits : {1, 3}) {
    const PreTokenizer fast(v3_pre_tokenizer(digits), "test");
    const PreTokenizer general(v3_pre_tokenizer(digits), "test", PreTokenizer::Engine::kGeneral);
    for (int i = 0; i < 3000; ++i) {
      const std::string text = random_text(rng, 1 + rng.below(30));
      ASSERT_EQ(pieces_of(fast, text), pieces_of(general, text)) << text;
    }
  }
}

TEST(PreTokenizer, EveryCharacterIsInTheSameClassByHandAndInTheGeneralEngine) {
  const PreTokenizer fast(v3_pre_tokenizer(3), "test");
  const PreTokenizer general(v3_pre_tokenizer(3), "test", PreTokenizer::Engine::kGeneral);
  std::string text;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) {
      for (const char* before : {"a", " ", ".", "\n"}) {
        text += before;
        append_utf8(c, text);
      }
    }
    if (c % 0x4000 == 0x3FFF) {
      ASSERT_EQ(pieces_of(fast, text), pieces_of(general, text))
          << "before " << static_cast<unsigned>(c);
      text.clear();
    }
  }
}

TEST(PreTokenizer, V3JoinsPunctuationWithNewlinesAndCutsNumbersAndChinese) {
  const PreTokenizer v3(v3_pre_tokenizer(3), "test");
  EXPECT_EQ(pieces_of(v3, "x = 12345;\n\n  y.foo 中文ok  \n z"),
            (Pieces{"x",
                    " =",
                    " ",
                    "123",
                    "45",
                    ";\n\n",
                    " ",
                    " y",
                    ".foo",
                    " ",
                    "中文",
                    "ok",
                    "  \n",
                    " z"}));
}

TEST(PreTokenizer, EachBehaviorTreatsTheDelimiterInItsWay) {
  const Json dash = {{"String", "-"}};
  const std::string_view text = "the-final--countdown";
  EXPECT_EQ(pieces_of(with_split(dash, "Removed"), text), (Pieces{"the", "final", "countdown"}));
  EXPECT_EQ(pieces_of(with_split(dash, "Isolated"), text),
            (Pieces{"the", "-", "final", "-", "-", "countdown"}));
  EXPECT_EQ(pieces_of(with_split(dash, "MergedWithPrevious"), text),
            (Pieces{"the-", "final-", "-", "countdown"}));
  EXPECT_EQ(pieces_of(with_split(dash, "MergedWithNext"), text),
            (Pieces{"the", "-final", "-", "-countdown"}));
  EXPECT_EQ(pieces_of(with_split(dash, "Contiguous"), text),
            (Pieces{"the", "-", "final", "--", "countdown"}));
  EXPECT_EQ(pieces_of(with_split(dash, "Removed", true), text), (Pieces{"-", "-", "-"}));
}

TEST(PreTokenizer, PatternsAreReadAsOnigurumaReadsThem) {
  const auto cut = [](const char* pattern, std::string_view text) {
    return pieces_of(with_split({{"Regex", pattern}}, "Isolated"), text);
  };
  EXPECT_EQ(cut("\\h+", "xaf g"), (Pieces{"x", "af", " g"}));                     // hexadecimal
  EXPECT_EQ(cut("a{2}+", "aaaaa"), (Pieces{"aaaa", "a"}));                        // not possessive
  EXPECT_EQ(cut("a{,2}b", "aaab"), (Pieces{"a", "aab"}));                         // from none
  EXPECT_EQ(cut("^.", "ab\ncd"), (Pieces{"a", "b\n", "c", "d"}));                 // at every line
  EXPECT_EQ(cut("\\s", "a\u0085b\u180Ec"), (Pieces{"a", "\u0085", "b\u180Ec"}));  // White_Space
  EXPECT_EQ(cut("\\p{L}+", "a\U00031350b1"), (Pieces{"a\U00031350b", "1"}));      // Unicode 15
  EXPECT_EQ(cut("[^\\P{L}]+|(?m:x.)", "é1"), (Pieces{"é", "1"}));
}

TEST(PreTokenizer, APatternWithoutCounterpartIsRefused) {
  for (const char* pattern : {"[a[bc]]", "[a-z&&[aeiou]]", "a(?i)b|c", "(", "[a", "a\\"}) {
    EXPECT_NE(error_of([&] { with_split({{"Regex", pattern}}, "Isolated"); }), "") << pattern;
  }
}

TEST(PreTokenizer, ALongRunOfSpacesIsCutInOnePass) {
  const std::string spaces(1 << 20, ' ');
  for (const auto engine : {PreTokenizer::Engine::kFastest, PreTokenizer::Engine::kGeneral}) {
    const PreTokenizer v3(v3_pre_tokenizer(3), "test", engine);
    EXPECT_EQ(pieces_of(v3, spaces + "x"), (Pieces{spaces.substr(1), " x"}));
  }
}

}  // namespace
}  // namespace rq::tokenizer
