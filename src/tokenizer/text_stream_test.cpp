#include "tokenizer/text_stream.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tokenizer/internal/test_tokenizers.h"

namespace rq::tokenizer {
namespace {

// Tokens 0 to 255 are the bytes; 256 is special.
const Tokenizer& bytes_tokenizer() {
  static const Tokenizer tokenizer = [] {
    Json file = byte_level_file({});
    file["added_tokens"].push_back(added_token(256, "<end>"));
    return make(file);
  }();
  return tokenizer;
}

// What each byte releases, joined by '|'; then what finish() does.
std::string released(std::string_view text, const std::vector<std::string>& stops) {
  TextStream stream(bytes_tokenizer(), stops);
  std::string all;
  for (const char byte : text) {
    all += stream.push(static_cast<unsigned char>(byte)) + "|";
  }
  return all + stream.finish();
}

TEST(TextStream, GivesWholeCharactersOnly) {
  EXPECT_EQ(released("aé€😀", {}), "a||é|||€||||😀|");
}

TEST(TextStream, WhatCanBeNoCharacterIsReplaced) {
  EXPECT_EQ(released("a\xff z", {}), "a|\uFFFD| |z|");
  EXPECT_EQ(released("\xe0\x80z", {}), "|\uFFFD\uFFFD|z|") << "known as soon as it can be";
  EXPECT_EQ(released("\xe2\x82z", {}), "||\uFFFDz|");
  EXPECT_EQ(released("a\xf0\x9f", {}), "a|||\uFFFD");
}

TEST(TextStream, RepairsAsBrowsersAndPythonDo) {
  const std::string bad = "\uFFFD";
  EXPECT_EQ(repaired_utf8("a\xc0\xaf"), "a" + bad + bad);               // overlong
  EXPECT_EQ(repaired_utf8("\xe0\x80z"), bad + bad + "z");               // overlong
  EXPECT_EQ(repaired_utf8("\xed\xa0\x80"), bad + bad + bad);            // a surrogate
  EXPECT_EQ(repaired_utf8("\xf0\x9f\x98z"), bad + "z");                 // cut short
  EXPECT_EQ(repaired_utf8("\xf4\x90\x80\x80"), bad + bad + bad + bad);  // past U+10FFFF
  EXPECT_EQ(repaired_utf8("\xe2\x82\xe2\x82\xac"), bad + "€");
  EXPECT_EQ(repaired_utf8("\xc3"), bad);
}

TEST(TextStream, EndsBeforeTheFirstStop) {
  EXPECT_EQ(released("one. two", {". "}), "o|n|e||||||");
  EXPECT_EQ(released("abcd", {"cd", "bcx", ""}), "a|||b|") << "the beginning of a stop is held";
}

TEST(TextStream, WhatOnlyLookedLikeAStopComesAfterAll) {
  EXPECT_EQ(released("ab aab aac", {"aac"}), "|ab| |||aab| ||||");
  EXPECT_EQ(released("xaa", {"aab"}), "x|||aa");
}

TEST(TextStream, SaysThatItHasStopped) {
  TextStream stream(bytes_tokenizer(), {"b"});
  EXPECT_EQ(stream.push('a'), "a");
  EXPECT_FALSE(stream.is_stopped());
  EXPECT_EQ(stream.push('b'), "");
  EXPECT_TRUE(stream.is_stopped());
  EXPECT_EQ(stream.push('a'), "");
  EXPECT_EQ(stream.finish(), "");
}

TEST(TextStream, SpecialTokensHaveNoText) {
  TextStream stream(bytes_tokenizer(), {});
  EXPECT_EQ(stream.push(256), "");
  EXPECT_EQ(stream.push('a'), "a");
}

}  // namespace
}  // namespace rq::tokenizer
