// How an answer is laid out, begins and ends.

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/tables/extractor.h"
#include "eval/tables/internal/instruction_checks.h"
#include "eval/tables/pattern.h"

namespace rq::eval {
namespace {

using Texts = std::vector<std::string_view>;

std::size_t count_of(const Json& told, const char* member) {
  return told.at(member).get<std::size_t>();
}

std::string_view text_of(const Json& told, const char* member) {
  return trimmed(told.at(member).get_ref<const std::string&>());
}

bool matches(std::string_view text, const std::string& pattern) {
  return Pattern(pattern, "an instruction").last_in(text).has_value();
}

Texts split(std::string_view text, std::string_view divider) {
  Texts parts;
  for (std::size_t end = text.find(divider); end != std::string_view::npos;
       end = text.find(divider)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + divider.size());
  }
  parts.push_back(text);
  return parts;
}

bool is_blank(std::string_view text) {
  return trimmed(text).empty();
}

// What dividers stand between: one before all or behind all divides nothing. Nothing where two
// dividers have nothing between them.
std::optional<Texts> divided(std::string_view answer, std::string_view divider) {
  Texts parts = split(answer, divider);
  if (is_blank(parts.back())) {
    parts.pop_back();
  }
  if (!parts.empty() && is_blank(parts.front())) {
    parts.erase(parts.begin());
  }
  return std::ranges::any_of(parts, is_blank) ? std::nullopt : std::optional(parts);
}

// The stretches of a line between two marks that hold neither the mark's character nor a line's
// end; those that are blank do not count, but their marks are used up.
std::size_t enclosed(std::string_view text, std::string_view mark) {
  const std::string ends{mark.front(), '\n'};
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos;) {
    const std::size_t begin = at + mark.size();
    const std::size_t end = std::min(text.find_first_of(ends, begin), text.size());
    const bool is_closed = text.substr(end).starts_with(mark);
    count += is_closed && !is_blank(text.substr(begin, end - begin)) ? 1 : 0;
    at = text.find(mark, is_closed ? end + mark.size() : at + 1);
  }
  return count;
}

bool is_bullet(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r\f\v"), line.size()));
  return line.starts_with('-') || (line.size() > 1 && line[0] == '*' && line[1] != '*');
}

}  // namespace

bool has_paragraphs(std::string_view answer, const Json& told) {
  const auto parts = divided(answer, "***");
  return parts && parts->size() == count_of(told, "num_paragraphs");
}

bool has_paragraph_with_first_word(std::string_view answer, const Json& told) {
  const Texts parts = split(answer, "\n\n");
  const std::size_t blank = static_cast<std::size_t>(std::ranges::count_if(parts, is_blank)),
                    place = count_of(told, "nth_paragraph");
  return parts.size() - blank == count_of(told, "num_paragraphs") && place <= parts.size() &&
         matches(trimmed(parts[place - 1]),
                 R"((*UCP)(?i)\A['"]*)" + as_pattern(text_of(told, "first_word")) +
                     R"((?=[\s.,?!'"]|\z))");
}

bool has_placeholders(std::string_view answer, const Json& told) {
  static const Pattern placeholder(R"(\[[^\]\n]*\])", "placeholder");
  return placeholder.all_in(answer).size() >= count_of(told, "num_placeholders");
}

bool has_postscript(std::string_view answer, const Json& told) {
  const std::string_view marker = text_of(told, "postscript_marker");
  std::string pattern = "(*UCP)(?i)";
  for (std::size_t i = 0; i < marker.size(); ++i) {
    const bool is_within = i + 1 < marker.size();
    pattern += as_pattern(marker.substr(i, 1));
    pattern += marker[i] == '.' && is_within ? "\\s?" : "";  // "P. S." is written too
  }
  return matches(answer, pattern);
}

bool has_bullets(std::string_view answer, const Json& told) {
  const auto count = std::ranges::count_if(split(answer, "\n"), is_bullet);
  return static_cast<std::size_t>(count) == count_of(told, "num_bullets");
}

bool has_one_of_the_answers(std::string_view answer, const Json&) {
  return matches(answer, R"(My answer is (?:yes|no|maybe)\.)");
}

bool has_highlights(std::string_view answer, const Json& told) {
  return enclosed(answer, "*") + enclosed(answer, "**") >= count_of(told, "num_highlights");
}

bool has_sections(std::string_view answer, const Json& told) {
  const Pattern head("(*UCP)" + as_pattern(text_of(told, "section_spliter")) + R"(\s?\d+)",
                     "section");
  return head.all_in(answer).size() >= count_of(told, "num_sections");
}

bool is_json(std::string_view answer, const Json&) {
  constexpr std::string_view kFence = "```", kName = "json";
  if (answer.starts_with(kFence)) {
    answer.remove_prefix(kFence.size());
    const bool is_named =
        std::ranges::equal(answer.substr(0, kName.size()), kName, {}, [](unsigned char c) {
          return static_cast<char>(std::tolower(c));
        });
    answer.remove_prefix(is_named ? kName.size() : 0);
  }
  if (answer.ends_with(kFence)) {
    answer.remove_suffix(kFence.size());
  }
  return Json::accept(answer);
}

bool has_title(std::string_view answer, const Json&) {
  return matches(answer, R"(<<.*[^\s<>].*>>)");
}

bool is_two_responses(std::string_view answer, const Json&) {
  const auto parts = divided(answer, "******");
  return parts && parts->size() == 2 && trimmed(parts->front()) != trimmed(parts->back());
}

bool repeats_prompt(std::string_view answer, const Json& told) {
  return matches(answer, R"((?i)\A)" + as_pattern(text_of(told, "prompt_to_repeat")));
}

bool ends_with_phrase(std::string_view answer, const Json& told) {
  answer = answer.substr(0, answer.find_last_not_of('"') + 1);
  return matches(answer, "(?i)" + as_pattern(text_of(told, "end_phrase")) + R"(\z)");
}

bool is_quotation(std::string_view answer, const Json&) {
  return answer.size() > 1 && answer.starts_with('"') && answer.ends_with('"');
}

}  // namespace rq::eval
