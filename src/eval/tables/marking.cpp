#include "eval/tables/marking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "eval/tables/expression.h"
#include "eval/tables/pattern.h"
#include "eval/tables/statistics.h"
#include "eval/tables/words.h"
#include "reward/answer_text.h"
#include "reward/grade.h"
#include "reward/math_answer.h"

namespace rq::eval {
namespace {

// Ten seconds of a processor, however many others want it.
constexpr reward::Limits kLimits{.wall_s = 120};
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

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks);
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

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

std::vector<std::string> right_texts(const Json& right) {
  std::vector<std::string> texts;
  for (const Json& one : right.is_array() ? right : Json::array({right})) {
    const std::string text = one.is_string() ? one.get<std::string>() : one.dump();
    texts.emplace_back(reward::boxed_answer(text).value_or(text));
  }
  return texts;
}

// Ties go to the first.
int largest(const std::vector<double>& values) {
  return static_cast<int>(std::ranges::max_element(values) - values.begin());
}

bool is_right_place(const Json& right, int place) {
  return right.is_array() ? std::ranges::find(right, Json(place)) != right.end() : right == place;
}

}  // namespace

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

Marker::Marker(const Task& task)
    : config_(task.config),
      origin_(task.origin),
      extract_(task.config.answer, task.origin + ": answer.pattern") {
  const Compare how = config_.answer.compare;
  if (config_.kind == TaskKind::kGeneration && (is_graded(how) || how == Compare::kProgram)) {
    sandbox_.emplace();
  }
}

Mark Marker::operator()(const Question& question, std::span<const Reply> replies) const {
  if (config_.kind == TaskKind::kChoice) {
    return mark_choice(question, replies);
  }
  if (config_.kind == TaskKind::kGeneration) {
    return mark_samples(question, replies);
  }
  const auto bytes = static_cast<double>(question.requests.front().continuation.size());
  return {.score = -replies.front().logprob / std::numbers::ln2 / bytes, .weight = bytes};
}

Mark Marker::mark_choice(const Question& question, std::span<const Reply> replies) const {
  const std::size_t count = question.choices.size();
  const bool has_unconditional = replies.size() == 2 * count;
  std::vector<double> raw, bytes, tokens, unconditional;
  for (std::size_t i = 0; i < count; ++i) {
    const double logprob = replies[i].logprob;
    raw.push_back(logprob);
    bytes.push_back(logprob / std::max(1.0, static_cast<double>(question.choices[i].size())));
    tokens.push_back(logprob / std::max(1.0, static_cast<double>(replies[i].tokens)));
    if (has_unconditional) {
      unconditional.push_back(logprob - replies[count + i].logprob);
    }
  }
  Mark mark;
  mark.chosen = {largest(raw),
                 largest(bytes),
                 largest(tokens),
                 has_unconditional ? largest(unconditional) : -1};
  const int chosen = mark.chosen[static_cast<std::size_t>(config_.choice.norm)];
  mark.score = is_right_place(question.right, chosen) ? 1 : 0;
  return mark;
}

Mark Marker::mark_samples(const Question& question, std::span<const Reply> replies) const {
  Mark mark;
  for (const Reply& reply : replies) {
    mark_sample(question, reply, mark);
  }
  const auto samples = static_cast<std::int64_t>(replies.size());
  const auto right = std::ranges::count_if(mark.sample_scores, [](double s) { return s >= 1; });
  mark.score = config_.sampling.pass_at > 1
                   ? pass_at(config_.sampling.pass_at, right, samples)
                   : std::accumulate(mark.sample_scores.begin(), mark.sample_scores.end(), 0.0) /
                         static_cast<double>(samples);
  return mark;
}

void Marker::mark_sample(const Question& question, const Reply& reply, Mark& mark) const {
  double score = 0;
  std::string note;
  if (is_graded(config_.answer.compare)) {
    const reward::Grade grade = reward::grade(*question.problem, reply.text, *sandbox_, kLimits);
    score = grade.is_right ? 1 : 0;
    note = grade.reason;
    mark.found.emplace_back();  // the answer itself stands with the reply
    const bool is_boxed = question.problem->domain != reward::Domain::kCode;
    mark.without_answer += is_boxed && !reward::boxed_answer(reply.text) ? 1 : 0;
  } else if (const auto found = extract_(reply.text)) {
    mark.found.push_back(*found);
    if (config_.answer.compare == Compare::kProgram) {
      score = run(question, *found, note);
    } else {
      for (const std::string& right : right_texts(question.right)) {
        score = std::max(score, compare(*found, right));
      }
    }
  } else {
    ++mark.without_answer;
    mark.found.emplace_back();
    note = fmt::format("no answer is found in it ({})", enum_name(config_.answer.extract));
  }
  mark.sample_scores.push_back(score);
  mark.notes.push_back(std::move(note));
}

double Marker::compare(const std::string& found, const std::string& right) const {
  switch (config_.answer.compare) {
    case Compare::kWords:
      return same_words(found, right) ? 1 : 0;
    case Compare::kWordOverlap:
      return word_overlap(found, right);
    case Compare::kContains:
      return found.find(trimmed(right)) != std::string::npos ? 1 : 0;
    case Compare::kMathematics:
      return reward::is_same_answer(found, right) ? 1 : 0;
    default:
      return found == trimmed(right) ? 1 : 0;
  }
}

double Marker::run(const Question& question, const std::string& found, std::string& note) const {
  Json row = question.row;
  row["extracted"] = found;
  const std::string program =
      TextTemplate(config_.answer.program, origin_ + ": answer.program")(row);
  const reward::Result result =
      sandbox_->run({.language = reward::Language::kPython, .text = program}, "", kLimits);
  if (result.outcome == reward::Outcome::kNotStarted) {
    throw MachineError(fmt::format("the sandbox did not start: {}", result.standard_error));
  }
  if (result.outcome != reward::Outcome::kOk) {
    constexpr std::size_t kMostBytes = 200;
    const std::string& said = result.standard_error;
    note = fmt::format("the program {}: {}",
                       name_of(result.outcome),
                       said.substr(said.size() - std::min(said.size(), kMostBytes)));
  }
  return result.outcome == reward::Outcome::kOk ? 1 : 0;
}

}  // namespace rq::eval
