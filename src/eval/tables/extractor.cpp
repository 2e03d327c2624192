#include "eval/tables/extractor.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/pattern.h"
#include "reward/answer_text.h"

namespace rq::eval {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
// The letter of a choice: what is said to be the answer, or stands in a box or in brackets, or
// begins the text, or stands alone in its last line.
constexpr std::string_view kLetterPatterns[] = {
    R"((?i:answer|choice|option|答案)[^A-Za-z\n]{0,12}(?i:is|are|be|为|是)?[\s:：*(（\\\[]*(?:boxed\{)?(?:\\text\{)?\(?([A-P])(?![A-Za-z]))",
    R"(\\boxed\{\(?(?:\\text\{)?\(?([A-P])\b)",
    R"(^\s*\(?([A-P])(?![A-Za-z']))",
    R"(\(([A-P])\))",
    R"((?<![A-Za-z])([A-P])[.\s*]*$)",
};

std::optional<std::string_view> letter_in(std::string_view text) {
  static const std::vector<Pattern> patterns = [] {
    std::vector<Pattern> made;
    for (const std::string_view pattern : kLetterPatterns) {
      made.emplace_back(pattern, "letter");
    }
    return made;
  }();
  for (const Pattern& pattern : patterns) {
    if (const auto found = pattern.last_in(text)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> first_line(std::string_view text) {
  const std::string_view rest = trimmed(text);
  const std::string_view line = trimmed(rest.substr(0, std::min(rest.find('\n'), rest.size())));
  return line.empty() ? std::nullopt : std::optional(line);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks);
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

Extractor::Extractor(const AnswerSettings& settings, std::string_view origin)
    : how_(settings.extract) {
  if (how_ == Extract::kPattern) {
    pattern_ = std::make_shared<const Pattern>(settings.pattern, origin);
  }
}

std::optional<std::string> Extractor::operator()(std::string_view text) const {
  text = reward::after_thinking(text);
  std::optional<std::string_view> found;
  switch (how_) {
    case Extract::kWhole:
      found = trimmed(text).empty() ? std::nullopt : std::optional(trimmed(text));
      break;
    case Extract::kFirstLine:
      found = first_line(text);
      break;
    case Extract::kPattern:
      found = pattern_->last_in(text);
      break;
    case Extract::kBoxed:
      found = reward::boxed_answer(text);
      break;
    case Extract::kLastNumber:
      found = reward::last_number(text);
      break;
    case Extract::kLetter:
      found = letter_in(text);
      break;
    case Extract::kStated:
      found = reward::stated_answer(text);
      break;
  }
  return found ? std::optional<std::string>(trimmed(*found)) : std::nullopt;
}

}  // namespace rq::eval
