#include "eval/tables/judging.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "eval/tables/extractor.h"
#include "reward/answer_text.h"

namespace rq::eval {
namespace {

// The end of what was said, in one line of whole characters.
std::string end_of(std::string_view text) {
  constexpr std::size_t kMostBytes = 100;
  text = trimmed(text);
  text.remove_prefix(text.size() - std::min(text.size(), kMostBytes));
  while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80) {
    text.remove_prefix(1);
  }
  std::string line(text);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

}  // namespace

Judging::Judging(const Task& task)
    : settings_(task.config.judge),
      prompt_(settings_.prompt, task.origin + ": judge.prompt"),
      against_(settings_.against, task.origin + ": judge.against"),
      verdict_(settings_.verdict, task.origin + ": judge.verdict") {}

std::vector<Request> Judging::requests(const Question& question, const std::string& answer) const {
  Json row = question.row;
  row["row"] = question.row;  // whose own `answer` is thus within reach
  row["answer"] = answer;
  row["right"] = question.right;
  const std::string other = against_.text(question.row);
  std::vector<Request> requests;
  for (std::size_t order = 0; order < orders(); ++order) {
    if (!against_.empty()) {
      row["first"] = order == 0 ? answer : other;
      row["second"] = order == 0 ? other : answer;
    }
    Json messages = Json::array();
    if (!settings_.system.empty()) {
      messages.push_back({{"role", "system"}, {"content", settings_.system}});
    }
    messages.push_back({{"role", "user"}, {"content", prompt_(row)}});
    requests.push_back({.question = question.id,
                        .asked = Asked::kChat,
                        .messages = std::move(messages),
                        .max_tokens = settings_.max_tokens});
  }
  return requests;
}

Judgement Judging::operator()(std::span<const Reply> replies) const {
  Judgement all;
  for (std::size_t order = 0; order < replies.size(); ++order) {
    const Judgement one = read(replies[order]);
    if (!one.failure.empty()) {
      return one;
    }
    // A verdict is worth so much to the first of two answers, which is the other in the second
    // order.
    all.score += (order == 0 ? one.score : 1 - one.score) / static_cast<double>(replies.size());
    all.verdict += (order == 0 ? "" : ", the other way round ") + one.verdict;
  }
  return all;
}

Judgement Judging::read(const Reply& reply) const {
  if (!reply.failure.empty()) {
    return {.failure = reply.failure};
  }
  const std::string_view text = reward::after_thinking(reply.text);
  const auto verdict = verdict_.last_in(text);
  if (!verdict) {
    return {.failure = fmt::format("no verdict is found in \"{}\"{}",
                                   end_of(text),
                                   reply.is_cut ? ", which was cut" : "")};
  }
  return worth_of(trimmed(*verdict));
}

Judgement Judging::worth_of(std::string_view verdict) const {
  Judgement judgement{.verdict = std::string(verdict)};
  if (!settings_.worth.empty()) {
    const auto known = settings_.worth.find(judgement.verdict);
    if (known == settings_.worth.end()) {
      judgement.failure = fmt::format("\"{}\" is no verdict that judge.worth names", verdict);
    } else {
      judgement.score = known->second;
    }
    return judgement;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(verdict.data(), verdict.data() + verdict.size(), value);
  if (error != std::errc() || end != verdict.data() + verdict.size()) {
    judgement.failure = fmt::format("\"{}\" is no number", verdict);
  } else if (!(value >= settings_.least && value <= settings_.most)) {
    judgement.failure =
        fmt::format("{} is not from {} to {}", verdict, settings_.least, settings_.most);
  } else {
    judgement.score = (value - settings_.least) / (settings_.most - settings_.least);
  }
  return judgement;
}

}  // namespace rq::eval
