#include "eval/needle_prompt.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/format.h"

namespace rq::eval {
namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kLeastHaystack = 16;  // tokens without which there is nothing to search in
constexpr std::int64_t kBorderReach = 128;   // where no border is this near, a fact cuts a sentence

std::int64_t count(const Tokens& tokens) {
  return static_cast<std::int64_t>(tokens.size());
}

void append(Tokens& all, const Tokens& more) {
  all.insert(all.end(), more.begin(), more.end());
}

bool ends_sentence(std::string_view bytes) {
  while (bytes.ends_with('"') || bytes.ends_with('\'') || bytes.ends_with(')')) {
    bytes.remove_suffix(1);
  }
  return bytes.ends_with('.') || bytes.ends_with('!') || bytes.ends_with('?');
}

// The tokens of `line` that spell `answer`, which ends it but for `after` bytes.
AnswerSpan find_answer(const tokenizer::Tokenizer& tokenizer,
                       std::span<const std::int32_t> line,
                       std::string_view answer) {
  const std::string text = tokenizer.decode(line);
  const std::size_t begin = text.rfind(answer);
  check(begin != std::string::npos,
        "the tokenizer does not give back the text \"{}\": \"{}\"",
        answer,
        text);
  const std::size_t end = begin + answer.size();
  AnswerSpan span{.first = 0, .count = 0, .text = {}};
  std::size_t at = 0;
  for (const std::int32_t token : line) {
    const std::size_t next = at + tokenizer.bytes_of(token).size();
    if (next <= begin) {
      ++span.first;
    } else if (at < end) {
      span.text = span.count == 0 ? text.substr(at, end - at) : span.text;
      ++span.count;
    }
    at = next;
  }
  return span;
}

}  // namespace

Haystack::Haystack(const tokenizer::Tokenizer& tokenizer, std::string_view text)
    : tokens_(tokenizer.encode_ordinary(text)) {
  check(!tokens_.empty(), "the haystack is empty");
  borders_.resize(tokens_.size());
  std::string_view before = tokenizer.bytes_of(tokens_.back());
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string_view bytes = tokenizer.bytes_of(tokens_[i]);
    const bool is_apart = i == 0 || bytes.starts_with(' ') || bytes.starts_with('\n');
    if (before.ends_with('\n') && !bytes.starts_with('\n')) {
      borders_[i] = Border::kLine;
    } else if (i == 0 || (ends_sentence(before) && is_apart)) {
      borders_[i] = Border::kSentence;
    }
    before = bytes;
  }
}

struct PromptMaker::Wording {
  std::vector<Tokens> statements;   // with their newlines
  Tokens tail;                      // what stands after the haystack
  std::vector<AnswerSpan> answers;  // in the tail
  // Tokens of the haystack that fit for certain: each statement may need a newline before it, and
  // how many do is known once their places are.
  std::int64_t room = 0;
};

PromptMaker::PromptMaker(const tokenizer::Tokenizer& tokenizer,
                         std::string_view haystack,
                         const NeedleConfig& config)
    : tokenizer_(tokenizer),
      haystack_(tokenizer, haystack),
      config_(config),
      newline_(tokenizer.encode_ordinary("\n")) {
  config.validate();
}

Rng PromptMaker::stream(std::string_view name,
                        const NeedlePlace& place,
                        std::int64_t number) const {
  return {static_cast<std::uint64_t>(config_.seed),
          fmt::format("needle/{}/{}/{}/{}/{}",
                      name,
                      enum_name(place.variant),
                      place.length,
                      place.depth,
                      number)};
}

PromptMaker::Wording PromptMaker::word(const NeedlePlace& place, std::int64_t number) const {
  Rng rng = stream("facts", place, number);
  const auto facts = data::draw_facts(rng, config_.stated_facts(place.variant));
  Wording wording;
  for (const auto& fact : facts) {
    wording.statements.push_back(tokenizer_.encode_ordinary(data::statement(fact) + "\n"));
  }
  std::vector<std::size_t> asked(static_cast<std::size_t>(config_.asked_facts(place.variant)));
  std::iota(asked.begin(), asked.end(), std::size_t{0});
  rng.shuffle(asked);
  wording.tail = newline_;
  for (const std::size_t index : asked) {
    // The whole statement, so that its tokens are those of the haystack's; an earlier question is
    // followed by its true answer, so that each is judged alone.
    Tokens line = wording.statements[index];
    AnswerSpan span = find_answer(tokenizer_, line, data::answer(facts[index]));
    if (index == asked.back()) {
      line.resize(static_cast<std::size_t>(span.first + span.count));
    }
    span.first += count(wording.tail);
    wording.answers.push_back(std::move(span));
    append(wording.tail, line);
  }
  std::int64_t taken = count(wording.tail);
  for (const Tokens& statement : wording.statements) {
    taken += count(newline_) + count(statement);
  }
  wording.room = place.length - taken;
  check(wording.room >= kLeastHaystack,
        "needle: a length of {} tokens is too short for {}: its facts and questions take {}, and "
        "the haystack needs {}",
        place.length,
        enum_name(place.variant),
        taken,
        kLeastHaystack);
  check(haystack_.size() >= place.length,
        "needle: the haystack has {} tokens, fewer than the length of {}",
        haystack_.size(),
        place.length);
  return wording;
}

// For each fact, the token of the window [start, start + room) before which it is put.
std::vector<std::int64_t> PromptMaker::choose_places(const NeedlePlace& place,
                                                     std::int64_t number,
                                                     std::int64_t start,
                                                     std::int64_t room) const {
  Rng rng = stream("depths", place, number);
  std::vector<std::int64_t> places;
  for (std::int64_t fact = 0; fact < config_.stated_facts(place.variant); ++fact) {
    const double depth = fact == 0 ? place.depth : rng.uniform();
    const auto wanted = std::llround(depth * static_cast<double>(room));
    std::int64_t chosen = wanted;
    for (std::int64_t reach = 0; reach <= kBorderReach; ++reach) {
      const auto is_border = [&](std::int64_t at) {
        return at >= 0 && at <= room && (at == 0 || haystack_.begins_sentence(start + at));
      };
      if (is_border(wanted - reach) || is_border(wanted + reach)) {
        chosen = is_border(wanted - reach) ? wanted - reach : wanted + reach;
        break;
      }
    }
    places.push_back(chosen);
  }
  return places;
}

std::int64_t PromptMaker::choose_start(const NeedlePlace& place, std::int64_t number) const {
  Rng rng = stream("haystack", place, number);
  auto start = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(haystack_.size())));
  while (!haystack_.begins_sentence(start)) {
    ++start;  // the first token is a border, so that the circle has one
  }
  return start;
}

Prompt PromptMaker::operator()(const NeedlePlace& place, std::int64_t number) const {
  const Wording wording = word(place, number);
  const std::int64_t start = choose_start(place, number);
  const std::vector<std::int64_t> places = choose_places(place, number, start, wording.room);
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return places[a] < places[b];
  });

  Prompt prompt{.tokens = {}, .statements = places, .answers = wording.answers, .depth = 0};
  prompt.tokens.reserve(static_cast<std::size_t>(place.length));
  std::int64_t taken = 0;  // of the haystack
  const auto take_until = [&](std::int64_t end) {
    for (; taken < end; ++taken) {
      prompt.tokens.push_back(haystack_.token(start + taken));
    }
  };
  for (const std::size_t fact : order) {
    const bool follows_text = places[fact] > taken;
    take_until(places[fact]);
    if (follows_text && !haystack_.begins_line(start + taken)) {
      append(prompt.tokens, newline_);
    }
    prompt.statements[fact] = count(prompt.tokens);
    append(prompt.tokens, wording.statements[fact]);
  }
  take_until(taken + place.length - count(prompt.tokens) - count(wording.tail));
  for (AnswerSpan& span : prompt.answers) {
    span.first += count(prompt.tokens);
  }
  append(prompt.tokens, wording.tail);
  prompt.depth = static_cast<double>(places.front()) / static_cast<double>(taken);
  return prompt;
}

void PromptMaker::check_fits(const NeedlePlace& place) const {
  for (std::int64_t number = 0; number < config_.needles; ++number) {
    word(place, number);
  }
}

}  // namespace rq::eval
