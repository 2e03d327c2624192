// Answers that were made to do harm, or are noise.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "reward/math_answer.h"

namespace rq::reward {
namespace {

TEST(MathAnswer, HostileAnswersTakeMillisecondsAndDoNoHarm) {
  const auto repeated = [](std::string_view part, std::size_t bytes) {
    std::string text;
    while (text.size() + part.size() <= bytes) {
      text += part;
    }
    return text;
  };
  std::vector<std::string> answers = {"9^9^9^9",
                                      "9^{9^{9^{9}}}",
                                      "-9^{-9^{9^9}}",
                                      "((2^{99})^{99})^{99}",
                                      "99999!",
                                      "9!!!!!!!",
                                      "\\binom{99999}{50000}",
                                      "1e999999999",
                                      "e^{e^{e^{e^{e}}}}",
                                      "\\sqrt[1000000]{2}",
                                      "0^{-1}",
                                      "x^{x^{x^{x}}}",
                                      "(x+1)^{9999}",
                                      "2^{0.5^{9999}}",
                                      "\\log_1 5",
                                      "1^{10^{4000}}",
                                      "(-1)^{10^{4000}}"};
  for (const std::string_view part : {"(",        "{",
                                      "[",        "-",
                                      "1+",       "1,",
                                      "x",        "x^",
                                      "2^{",      "\\frac{1}{",
                                      "\\sqrt{",  "\\text{",
                                      "|",        "!",
                                      "1/",       "\\frac{1}{37}+",
                                      "\\left(",  "\\begin{pmatrix}1&",
                                      "\\pm 1,",  "(1,2)\\cup",
                                      "\\sin ",   "0.\\overline{1}",
                                      "a_{",      "9",
                                      "\xff",     "\xe2\x88",
                                      "9^9*",     "(x+1)(x+y)",
                                      "x<",       "\\{1,",
                                      "'",        "1 ",
                                      "\\boxed{", "\\"}) {
    answers.push_back(repeated(part, 8000));
    answers.push_back(repeated(part, 600));
    answers.push_back(repeated(part, 1'000'000));
  }
  for (const std::string& given : answers) {
    for (const std::string_view expected : {"5", "x+1", "1,2", "[0,1]"}) {
      const auto begin = std::chrono::steady_clock::now();
      EXPECT_FALSE(is_same_answer(given, expected)) << given.substr(0, 40);
      is_same_answer(expected, given);
      is_same_answer(given, given + " + 0");
      EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1))
          << given.substr(0, 40);
    }
  }
}

TEST(MathAnswer, RandomPiecesOfNotationDoNoHarm) {
  const std::vector<std::string_view> pieces = {"\\frac",
                                                "{",
                                                "}",
                                                "(",
                                                ")",
                                                "[",
                                                "]",
                                                "\\{",
                                                "\\}",
                                                "1",
                                                "23",
                                                "x",
                                                "y",
                                                "+",
                                                "-",
                                                "^",
                                                "_",
                                                "/",
                                                ",",
                                                "\\sqrt",
                                                "\\text{cm}",
                                                "\\pm",
                                                "|",
                                                "\\left",
                                                "\\right",
                                                "=",
                                                "<",
                                                "\\cup",
                                                "!",
                                                "%",
                                                "\\infty",
                                                "&",
                                                "\\\\",
                                                "\\begin{pmatrix}",
                                                "\\end{pmatrix}",
                                                "\\log",
                                                "\\sin",
                                                " ",
                                                "^\\circ",
                                                "0.\\overline{3}",
                                                "i",
                                                "\\binom",
                                                "e",
                                                "\xc2\xb0"};
  Rng rng(11, "notation");
  int same = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string given, expected;
    for (auto count = rng.below(12); count-- > 0;) {
      given += pieces[rng.below(pieces.size())];
      expected += pieces[rng.below(pieces.size())];
    }
    same += is_same_answer(given, expected) ? 1 : 0;
    EXPECT_EQ(is_same_answer(given, expected), is_same_answer(expected, given))
        << given << " " << expected;
  }
  EXPECT_GT(same, 0);
  EXPECT_LT(same, 200);
}

}  // namespace
}  // namespace rq::reward
