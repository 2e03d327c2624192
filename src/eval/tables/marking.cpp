#include "eval/tables/marking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
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
#include "eval/tables/instructions.h"
#include "eval/tables/statistics.h"
#include "eval/tables/words.h"
#include "reward/answer_text.h"
#include "reward/grade.h"
#include "reward/math_answer.h"

namespace rq::eval {
namespace {

// Ten seconds of a processor, however many others want it.
constexpr reward::Limits kLimits{.wall_s = 120};

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

std::string no_answer(const TaskConfig& config) {
  return fmt::format("no answer is found in it ({})", enum_name(config.answer.extract));
}

bool is_right_place(const Json& right, int place) {
  return right.is_array() ? std::ranges::find(right, Json(place)) != right.end() : right == place;
}

}  // namespace

Marker::Marker(const Task& task)
    : config_(task.config),
      origin_(task.origin),
      extract_(task.config.answer, task.origin + ": answer.pattern") {
  const Compare how = config_.answer.compare;
  if (config_.kind == TaskKind::kGeneration &&
      (how == Compare::kProblem || how == Compare::kProgram)) {
    sandbox_.emplace();
  }
  if (needs_judge(config_)) {
    judging_.emplace(task);
  }
}

std::vector<Request> Marker::to_judge(const Question& question,
                                      std::span<const Reply> replies) const {
  std::vector<Request> all;
  for (const Reply& reply : replies) {
    if (const auto found = judging_ ? extract_(reply.text) : std::nullopt) {
      std::ranges::move(judging_->requests(question, *found), std::back_inserter(all));
    }
  }
  return all;
}

Mark Marker::operator()(const Question& question,
                        std::span<const Reply> replies,
                        std::span<const Reply> judgements) const {
  if (config_.kind == TaskKind::kChoice) {
    return mark_choice(question, replies);
  }
  if (config_.kind == TaskKind::kGeneration) {
    return mark_samples(question, replies, judgements);
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

Mark Marker::mark_samples(const Question& question,
                          std::span<const Reply> replies,
                          std::span<const Reply> judgements) const {
  Mark mark;
  for (const Reply& reply : replies) {
    if (judging_) {
      judgements = judgements.subspan(mark_judged(reply, judgements, mark));
    } else {
      mark_sample(question, reply, mark);
    }
  }
  const auto samples = static_cast<std::int64_t>(replies.size());
  const auto right = std::ranges::count_if(mark.sample_scores, [](double s) { return s >= 1; });
  mark.score = config_.sampling.pass_at > 1
                   ? pass_at(config_.sampling.pass_at, right, samples)
                   : std::accumulate(mark.sample_scores.begin(), mark.sample_scores.end(), 0.0) /
                         static_cast<double>(samples);
  return mark;
}

std::size_t Marker::mark_judged(const Reply& reply,
                                std::span<const Reply> judgements,
                                Mark& mark) const {
  const auto found = extract_(reply.text);
  const Judgement judgement = found ? (*judging_)(judgements.first(judging_->orders()))
                                    : Judgement{.verdict = no_answer(config_)};
  mark.without_answer += found ? 0 : 1;
  mark.found.push_back(found.value_or(""));
  mark.sample_scores.push_back(judgement.score);
  mark.notes.push_back(judgement.failure.empty() ? judgement.verdict : judgement.failure);
  mark.unjudged = mark.unjudged.empty() ? judgement.failure : mark.unjudged;
  return found ? judging_->orders() : 0;
}

void Marker::mark_sample(const Question& question, const Reply& reply, Mark& mark) const {
  double score = 0;
  std::string note;
  if (config_.answer.compare == Compare::kProblem) {
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
    } else if (config_.answer.compare == Compare::kInstructions) {
      note = first_not_followed(question.row, *found);
      score = note.empty() ? 1 : 0;
    } else {
      for (const std::string& right : right_texts(question.right)) {
        score = std::max(score, compare(*found, right));
      }
    }
  } else {
    ++mark.without_answer;
    mark.found.emplace_back();
    note = no_answer(config_);
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
