#include "data/generators/worked_mathematics.h"

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "data/generators/generator.h"

namespace rq::data {
namespace {

struct Fraction {
  std::int64_t top = 0, bottom = 1;
  bool operator==(const Fraction& other) const { return top * other.bottom == other.top * bottom; }
};

Fraction make(std::int64_t top, std::int64_t bottom) {
  const std::int64_t divisor = std::gcd(top, bottom);
  return {top / divisor, bottom / divisor};
}

// Evaluates sums, products, quotients, powers and brackets in exact fractions; a factor before a
// letter or a bracket multiplies it. The slow and independent judge of what the generator writes.
class Evaluator {
 public:
  Evaluator(std::string_view text, const std::map<char, Fraction>& letters)
      : text_(text), letters_(letters) {}

  // Nothing where the text is no expression.
  std::optional<Fraction> value() {
    const Fraction result = sum();
    skip();
    return is_sound_ && at_ == text_.size() ? std::optional(result) : std::nullopt;
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    const bool is_next = peek() == c;
    at_ += is_next ? 1 : 0;
    return is_next;
  }
  Fraction sum() {
    Fraction left = product();
    while (peek() == '+' || peek() == '-') {
      const std::int64_t sign = text_[at_++] == '+' ? 1 : -1;
      const Fraction right = product();
      left = make(left.top * right.bottom + sign * right.top * left.bottom,
                  left.bottom * right.bottom);
    }
    return left;
  }
  Fraction product() {
    Fraction left = power();
    while (true) {
      const char next = peek();
      if (accept('*') || next == '(' || letters_.contains(next)) {
        const Fraction right = power();
        left = make(left.top * right.top, left.bottom * right.bottom);
      } else if (accept('/')) {
        const Fraction right = power();
        is_sound_ = is_sound_ && right.top != 0;
        left = make(left.top * right.bottom, right.top == 0 ? 1 : left.bottom * right.top);
      } else {
        return left;
      }
    }
  }
  Fraction power() {
    if (accept('-')) {
      const Fraction value = power();
      return {-value.top, value.bottom};
    }
    const Fraction base = atom();
    Fraction result = base;
    if (accept('^')) {
      const Fraction exponent = atom();
      result = {1, 1};
      for (std::int64_t i = 0; i < exponent.top; ++i) {
        result = make(result.top * base.top, result.bottom * base.bottom);
      }
    }
    return result;
  }
  Fraction atom() {
    const char next = peek();
    if (accept('(')) {
      const Fraction inner = sum();
      is_sound_ = accept(')') && is_sound_;
      return inner;
    }
    if (letters_.contains(next)) {
      ++at_;
      return letters_.at(next);
    }
    is_sound_ = is_sound_ && std::isdigit(static_cast<unsigned char>(next)) != 0;
    std::int64_t value = 0;
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      value = value * 10 + (text_[at_++] - '0');
    }
    return {value, 1};
  }

  std::string_view text_;
  const std::map<char, Fraction>& letters_;
  std::size_t at_ = 0;
  bool is_sound_ = true;
};

std::vector<std::string> split(std::string_view text, std::string_view border) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(border);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + border.size());
  }
}

// The stretches of a line that are formulas with "=": words and their punctuation fall away.
std::vector<std::string> equations(std::string_view line) {
  std::vector<std::string> found;
  std::string formula;
  const auto finish = [&] {
    while (!formula.empty() && (formula.back() == ' ' || formula.back() == '(')) {
      formula.pop_back();
    }
    if (formula.find('=') != std::string::npos) {
      found.push_back(formula);
    }
    formula.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto is_letter = [&](std::size_t at) {
      return at < line.size() && std::isalpha(static_cast<unsigned char>(line[at])) != 0;
    };
    const bool is_alone = is_letter(i) && !is_letter(i + 1) && (i == 0 || !is_letter(i - 1));
    const bool is_article = line[i] == 'A' || line[i] == 'a';
    if ((is_alone && !is_article) ||
        std::string_view("0123456789+-*/^()= ").find(line[i]) != std::string_view::npos) {
      formula += line[i];
    } else {
      finish();
    }
  }
  finish();
  return found;
}

// The values that an exercise's letters stand for. Where none are given, any will do.
std::map<char, Fraction> values_of_letters(const std::string& exercise) {
  std::map<char, Fraction> letters = {
      {'x', {3, 1}}, {'y', {7, 1}}, {'n', {5, 1}}, {'t', {11, 1}}, {'m', {13, 1}}};
  if (!exercise.starts_with("Solve") && !exercise.starts_with("Evaluate")) {
    return letters;
  }
  for (const auto& line : split(exercise, "\n")) {
    for (const auto& equation : equations(line)) {
      const auto sides = split(equation, "=");
      const std::string left = sides.front().substr(sides.front().find_first_not_of(' '));
      const auto right = Evaluator(sides.back(), {}).value();
      if (left.size() == 2 && std::isalpha(static_cast<unsigned char>(left[0])) != 0 && right) {
        letters[left[0]] = *right;  // it stands alone on its side
      }
    }
  }
  return letters;
}

// Checks every "left = right" of an exercise; returns how many there were.
int check_exercise(const std::string& exercise) {
  const std::map<char, Fraction> letters = values_of_letters(exercise);
  int checked = 0;
  for (const auto& line : split(exercise, "\n")) {
    for (const auto& equation : equations(line)) {
      std::optional<Fraction> before;
      for (const auto& side : split(equation, "=")) {
        const auto value = Evaluator(side, letters).value();
        EXPECT_TRUE(value.has_value()) << "no formula: \"" << side << "\" in\n" << exercise;
        EXPECT_TRUE(!before || !value || *before == *value) << "wrong: " << equation << "\nin\n"
                                                            << exercise;
        before = value;
      }
      ++checked;
    }
  }
  return checked;
}

TEST(WorkedMathematics, WhateverStandsOnBothSidesOfAnEqualsSignIsEqual) {
  int checked = 0;
  for (std::int64_t i = 0; i < 1500 && !testing::Test::HasFailure(); ++i) {
    auto exercises = split(generate("worked-mathematics", 1, i), "\n\n");
    for (std::size_t k = 1; k < exercises.size(); ++k) {
      checked += check_exercise(exercises[k]);
    }
  }
  EXPECT_GT(checked, 20000);
}

TEST(WorkedMathematics, TheJudgeFindsMistakes) {
  EXPECT_EQ(Evaluator("2(3 - x)^2 / 4 + -1", {{'x', {1, 1}}}).value(),
            std::optional(Fraction{1, 1}));
  EXPECT_FALSE(Evaluator("3 + ", {}).value().has_value());
  EXPECT_EQ(equations("Ones: 8 + 6 = 14, write 4. So x = 5."),
            (std::vector<std::string>{" 8 + 6 = 14", " x = 5"}));
}

TEST(WorkedMathematics, DocumentsAreOfAModerateLengthAndVaried) {
  std::set<std::string> titles, texts;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const std::string text = generate("worked-mathematics", 1, i);
    EXPECT_GE(text.size(), 250U);
    EXPECT_LE(text.size(), 2400U);
    titles.insert(text.substr(0, text.find('\n')));
    texts.insert(text);
  }
  EXPECT_EQ(titles.size(), 30U);
  EXPECT_EQ(texts.size(), 2000U);
}

TEST(WorkedMathematics, SeedAndIndexDecideTheText) {
  EXPECT_EQ(generate("worked-mathematics", 5, 17), generate("worked-mathematics", 5, 17));
  EXPECT_NE(generate("worked-mathematics", 5, 17), generate("worked-mathematics", 6, 17));
  EXPECT_NE(generate("worked-mathematics", 5, 17), generate("worked-mathematics", 5, 18));
}

}  // namespace
}  // namespace rq::data
