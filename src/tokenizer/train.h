#pragma once
// Training a byte-level BPE with DeepSeek-V3's pre-tokenizer and special tokens.
//
//   const Tokenizer tokenizer = train(next_document, {.vocab_size = 4096});
//
// Pair counts are exact, and the result depends on the documents alone: neither on their order nor
// on the number of threads. It is the vocabulary that `tokenizers`' BpeTrainer makes: the most
// frequent pair first, ties by the lower left and then the lower right id.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

struct TrainConfig {
  std::int64_t vocab_size = 4096;    // ids in all: special tokens, the 256 bytes, and merges
  std::int64_t min_frequency = 2;    // a pair must occur this often to be merged
  std::int64_t max_token_bytes = 0;  // no token gets longer than this; 0 is no limit
  std::int64_t digits = 3;           // numbers are cut into groups of at most this many digits

  template <typename Visit>
  void each(Visit&& visit) {
    visit("vocab_size", vocab_size);
    visit("min_frequency", min_frequency);
    visit("max_token_bytes", max_token_bytes);
    visit("digits", digits);
  }
  // What its values cannot be, a sentence each.
  std::vector<std::string> problems() const;
  // Throws one Error with all of them.
  void validate() const;
};

// Gives the next document's bytes; false after the last. Called by one thread at a time, documents
// may come in any order.
using NextDocument = std::function<bool(std::string& document)>;

struct TrainRun {
  int threads = 0;  // for counting; 0 is one a core. The result does not depend on it.
  // Told now and then of "count" (bytes read so far, total 0) and "merge" (merges of merges
  // wanted); for a progress bar.
  std::function<void(std::string_view stage, std::int64_t done, std::int64_t total)> report;
};

// An Error where the documents hold no text.
Tokenizer train(const NextDocument& next, const TrainConfig& config, const TrainRun& run = {});

}  // namespace rq::tokenizer
