#pragma once
// How often each piece of the pre-tokenizer occurs in a corpus.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/internal/pre_tokenizer.h"
#include "tokenizer/train.h"

namespace rq::tokenizer {

// Words and counts; the words' bytes lie one after the other. One thread at a time.
class WordTable {
 public:
  WordTable();
  void add(std::string_view word, std::int64_t count);

  std::size_t size() const { return words_.size(); }
  std::string_view word(std::size_t i) const {
    return std::string_view(bytes_).substr(words_[i].begin, words_[i].length);
  }
  std::int64_t count(std::size_t i) const { return words_[i].count; }

 private:
  struct Word {
    std::size_t begin;
    std::size_t length;
    std::uint64_t hash;
    std::int64_t count;
  };
  void grow();

  std::string bytes_;
  std::vector<Word> words_;
  std::vector<std::uint32_t> slots_;  // index into words_ + 1; 0 is free
};

// Counts all words of two bytes or more; shorter ones hold no pair. The table's order depends on
// the threads, its content does not.
WordTable count_words(const NextDocument& next,
                      const PreTokenizer& pre_tokenizer,
                      const TrainRun& run);

}  // namespace rq::tokenizer
