#include "tokenizer/internal/pair_merger.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"

namespace rq::tokenizer {
namespace {

constexpr std::size_t kFirstSlots = 1 << 16;
constexpr std::int64_t kMergesPerReport = 64;

}  // namespace

PairMerger::PairMerger(const WordTable& words,
                       std::vector<std::string> tokens,
                       const std::vector<std::uint32_t>& of_byte)
    : tokens_(std::move(tokens)), slots_(kFirstSlots) {
  for (std::uint32_t id = 0; id < tokens_.size(); ++id) {
    id_of_.emplace(tokens_[id], id);
  }
  words_.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    words_.push_back(
        {symbols_.size(), static_cast<std::uint32_t>(words.word(i).size()), words.count(i)});
    for (const char byte : words.word(i)) {
      symbols_.push_back(of_byte[static_cast<unsigned char>(byte)]);
    }
  }
  for (std::uint32_t word = 0; word < words_.size(); ++word) {
    const std::uint32_t* const symbol = symbols_.data() + words_[word].begin;
    for (std::uint32_t i = 0; i + 1 < words_[word].length; ++i) {
      add(pair_of(symbol[i], symbol[i + 1]), words_[word].count, word);
    }
  }
  queue_found();
}

PairMerger::PairState& PairMerger::state_of(Pair pair) {
  std::size_t at = mix64(pair) & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    PairState& known = states_[slots_[at] - 1];
    if (known.pair == pair) {
      return known;
    }
  }
  if (states_.size() * 2 >= slots_.size()) {
    grow();
    return state_of(pair);
  }
  states_.push_back({.pair = pair});
  slots_[at] = static_cast<std::uint32_t>(states_.size());
  return states_.back();
}

void PairMerger::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::uint32_t i = 0; i < states_.size(); ++i) {
    std::size_t at = mix64(states_[i].pair) & (slots_.size() - 1);
    while (slots_[at] != 0) {
      at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = i + 1;
  }
}

void PairMerger::add(Pair pair, std::int64_t count, std::uint32_t word) {
  PairState& state = state_of(pair);
  state.count += count;
  if (count <= 0) {
    return;
  }
  if (state.step != step_) {
    state.step = step_;
    state.found = static_cast<std::uint32_t>(found_.size());
    found_.push_back({pair, {}});
  }
  auto& words = found_[state.found].second;
  if (words.empty() || words.back() != word) {  // words come in ascending order within a step
    words.push_back(word);
  }
}

void PairMerger::queue_found() {
  for (auto& [pair, words] : found_) {
    const std::int64_t count = state_of(pair).count;
    if (count > 0) {
      queue_.push_back({count, pair, std::move(words)});
      std::push_heap(queue_.begin(), queue_.end());
    }
  }
  found_.clear();
  ++step_;
}

std::uint32_t PairMerger::token_of(Pair pair) {
  std::string bytes = tokens_[pair >> 32] + tokens_[static_cast<std::uint32_t>(pair)];
  const auto [known, is_new] =
      id_of_.try_emplace(bytes, static_cast<std::uint32_t>(tokens_.size()));
  if (is_new) {
    tokens_.push_back(std::move(bytes));
  }
  return known->second;
}

void PairMerger::merge_in_word(std::uint32_t word, Pair pair, std::uint32_t result) {
  const auto left = static_cast<std::uint32_t>(pair >> 32),
             right = static_cast<std::uint32_t>(pair);
  const std::int64_t count = words_[word].count;
  std::uint32_t* const symbol = symbols_.data() + words_[word].begin;
  const std::uint32_t length = words_[word].length;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < length; ++kept) {
    if (symbol[i] != left || i + 1 == length || symbol[i + 1] != right) {
      symbol[kept] = symbol[i++];
      continue;
    }
    if (kept > 0) {
      const std::uint32_t before = symbol[kept - 1];
      add(pair_of(before, left), -count, word);
      if (fits(before, result)) {
        add(pair_of(before, result), count, word);
      }
    }
    i += 2;
    if (i < length) {
      const std::uint32_t after = symbol[i];
      add(pair_of(right, after), -count, word);
      if (fits(result, after)) {
        add(pair_of(result, after), count, word);
      }
    }
    symbol[kept] = result;
  }
  words_[word].length = kept;
}

void PairMerger::run(std::size_t tokens_wanted, const TrainConfig& config, const TrainRun& run) {
  max_token_bytes_ = static_cast<std::size_t>(config.max_token_bytes);
  const auto total =
      static_cast<std::int64_t>(tokens_wanted - std::min(tokens_wanted, tokens_.size()));
  while (tokens_.size() < tokens_wanted && !queue_.empty()) {
    std::pop_heap(queue_.begin(), queue_.end());
    Waiting top = std::move(queue_.back());
    queue_.pop_back();
    const std::int64_t count = state_of(top.pair).count;
    if (count != top.count) {  // merges since then took some of it
      top.count = count;
      queue_.push_back(std::move(top));
      std::push_heap(queue_.begin(), queue_.end());
      continue;
    }
    if (count < std::max<std::int64_t>(1, config.min_frequency)) {
      break;
    }
    const std::uint32_t result = token_of(top.pair);
    merges_.push_back(
        {static_cast<std::uint32_t>(top.pair >> 32), static_cast<std::uint32_t>(top.pair), result});
    for (const std::uint32_t word : top.words) {
      merge_in_word(word, top.pair, result);
    }
    queue_found();
    const auto done = static_cast<std::int64_t>(merges_.size());
    if (run.report && done % kMergesPerReport == 0) {
      run.report("merge", std::min(done, total), total);
    }
  }
}

}  // namespace rq::tokenizer
