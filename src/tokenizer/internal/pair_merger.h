#pragma once
// The core of BPE training: finds the most frequent pair of neighbouring tokens in a table of
// words, makes it one token, and goes on, keeping the counts of all pairs exact.
//
// It follows `tokenizers`' BpeTrainer in what decides the result: the queue is ordered by count,
// then by the lower left and the lower right id, and where two pairs spell the same token they
// share its id.

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tokenizer/internal/word_counter.h"
#include "tokenizer/train.h"

namespace rq::tokenizer {

// One thread at a time.
class PairMerger {
 public:
  struct Merge {
    std::uint32_t left, right, result;
  };

  // `tokens` is the vocabulary to start from (bytes of each id); `of_byte` the id of each byte.
  PairMerger(const WordTable& words,
             std::vector<std::string> tokens,
             const std::vector<std::uint32_t>& of_byte);

  // Merges until there are `tokens_wanted` tokens or no pair is frequent enough.
  void run(std::size_t tokens_wanted, const TrainConfig& config, const TrainRun& run);

  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Merge>& merges() const { return merges_; }

 private:
  using Pair = std::uint64_t;  // left id << 32 | right id: compares as the two do

  struct Word {
    std::size_t begin;     // in symbols_
    std::uint32_t length;  // in tokens
    std::int64_t count;
  };
  // A pair's count over all words, and where the current step found new occurrences.
  struct PairState {
    Pair pair;
    std::int64_t count = 0;
    std::uint64_t step = 0;   // of `found`
    std::uint32_t found = 0;  // index into found_, if step is the current one
  };
  // Words that may hold a pair, waiting for their turn.
  struct Waiting {
    std::int64_t count;
    Pair pair;
    std::vector<std::uint32_t> words;
    bool operator<(const Waiting& other) const {
      return count != other.count ? count < other.count : pair > other.pair;
    }
  };

  static Pair pair_of(std::uint32_t left, std::uint32_t right) {
    return static_cast<Pair>(left) << 32 | right;
  }
  PairState& state_of(Pair pair);
  void grow();
  void add(Pair pair, std::int64_t count, std::uint32_t word);
  void queue_found();
  std::uint32_t token_of(Pair pair);
  void merge_in_word(std::uint32_t word, Pair pair, std::uint32_t result);
  bool fits(std::uint32_t left, std::uint32_t right) const {
    return max_token_bytes_ == 0 ||
           tokens_[left].size() + tokens_[right].size() <= max_token_bytes_;
  }

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::uint32_t> id_of_;
  std::vector<Merge> merges_;
  std::size_t max_token_bytes_ = 0;

  std::vector<std::uint32_t> symbols_;
  std::vector<Word> words_;
  std::vector<PairState> states_;     // in the order of their first occurrence
  std::vector<std::uint32_t> slots_;  // hash table over states_: index + 1; 0 is free
  std::uint64_t step_ = 1;
  std::vector<std::pair<Pair, std::vector<std::uint32_t>>> found_;
  std::vector<Waiting> queue_;  // a heap
};

}  // namespace rq::tokenizer
