// Letters, words, sentences and languages that an instruction asks for.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/format.h"
#include "eval/tables/extractor.h"
#include "eval/tables/internal/instruction_checks.h"
#include "eval/tables/internal/language.h"
#include "eval/tables/internal/sentences.h"
#include "eval/tables/pattern.h"

namespace rq::eval {
namespace {

const std::string& text_of(const Json& told, const char* member) {
  return told.at(member).get_ref<const std::string&>();
}

std::size_t count_of(std::string_view text, std::string_view pattern) {
  return Pattern(pattern, "an instruction").all_in(text).size();
}

// How often a text stands in another, whatever its case.
std::size_t occurrences(std::string_view text, std::string_view wanted) {
  return count_of(text, "(?i)" + as_pattern(wanted));
}

bool holds(std::size_t count, const Json& told, const char* relation, const char* threshold) {
  const auto wanted = told.at(threshold).get<std::size_t>();
  return told.at(relation) == kLessThan ? count < wanted : count >= wanted;
}

bool has_capital(std::string_view text) {
  static const Pattern capital(R"(\p{Lu})", "capital");
  return capital.last_in(text).has_value();
}
bool has_small_letter(std::string_view text) {
  static const Pattern small(R"(\p{Ll})", "small letter");
  return small.last_in(text).has_value();
}

}  // namespace

bool has_keywords(std::string_view answer, const Json& told) {
  return std::ranges::all_of(told.at("keywords"), [&](const Json& keyword) {
    return occurrences(answer, keyword.get_ref<const std::string&>()) > 0;
  });
}

bool has_keyword_frequency(std::string_view answer, const Json& told) {
  return holds(
      occurrences(answer, trimmed(text_of(told, "keyword"))), told, "relation", "frequency");
}

bool has_no_forbidden_word(std::string_view answer, const Json& told) {
  return std::ranges::none_of(told.at("forbidden_words"), [&](const Json& word) {
    return count_of(answer,
                    fmt::format(R"((?i)(?<![\p{{L}}\p{{N}}_]){}(?![\p{{L}}\p{{N}}_]))",
                                as_pattern(word.get_ref<const std::string&>()))) > 0;
  });
}

bool has_letter_frequency(std::string_view answer, const Json& told) {
  return holds(occurrences(answer, text_of(told, "letter")), told, "let_relation", "let_frequency");
}

bool is_in_language(std::string_view answer, const Json& told) {
  return language_of(answer) == text_of(told, "language");
}

bool has_sentences(std::string_view answer, const Json& told) {
  return holds(count_sentences(answer), told, "relation", "num_sentences");
}

bool has_words(std::string_view answer, const Json& told) {
  return holds(count_of(answer, R"([\p{L}\p{N}_]+)"), told, "relation", "num_words");
}

bool has_capital_words(std::string_view answer, const Json& told) {
  // What blanks and most marks enclose: a hyphen or an apostrophe is a part of its word, and so
  // is a comma or colon before a digit.
  static const Pattern words(R"((*UCP)(?:(?!--|\.\.|[,:](?!\d))[^\s*;@#$%&?!"“”«»()\[\]{}<>—…])+)",
                             "words");
  const auto found = words.all_in(answer);
  const auto count = std::ranges::count_if(
      found, [](std::string_view word) { return has_capital(word) && !has_small_letter(word); });
  return holds(static_cast<std::size_t>(count), told, "capital_relation", "capital_frequency");
}

bool is_english_in_capitals(std::string_view answer, const Json&) {
  return has_capital(answer) && !has_small_letter(answer) && language_of(answer) == "en";
}

bool is_english_in_lower_case(std::string_view answer, const Json&) {
  return has_small_letter(answer) && !has_capital(answer) && language_of(answer) == "en";
}

bool has_no_comma(std::string_view answer, const Json&) {
  return answer.find(',') == std::string_view::npos;
}

}  // namespace rq::eval
