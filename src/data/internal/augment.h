#pragma once
// One document's text as training tokens: rearranged, cut, ended.

#include <cstdint>
#include <string_view>
#include <vector>

#include "data/config.h"
#include "tokenizer/tokenizer.h"

namespace rq::data {

// What became of a document.
struct Augmented {
  bool is_fim = false;
  std::int64_t split_tokens = 0;
};

// Constant after construction: any number of threads may use one.
class Augmenter {
 public:
  // Throws where the tokenizer lacks the end token, or the fim tokens that a rate above 0 needs.
  Augmenter(const tokenizer::Tokenizer& tokenizer, const ShardConfig& config);

  // Appends the document's tokens, the end token last. The draws depend on the seed and the text
  // alone.
  Augmented append(std::string_view text, std::vector<std::int32_t>& tokens) const;

  // What a token of punctuation followed by newlines is cut into; empty for any other token.
  const std::vector<std::int32_t>& parts_of(std::int32_t token) const;

 private:
  void find_combined_tokens();
  bool append_fim(std::string_view text,
                  std::uint64_t hash,
                  std::vector<std::int32_t>& tokens) const;

  tokenizer::Tokenizer tokenizer_;
  ShardConfig config_;
  std::int32_t end_ = 0, fim_begin_ = 0, fim_hole_ = 0, fim_end_ = 0;
  std::vector<std::vector<std::int32_t>> parts_;  // by token id
};

}  // namespace rq::data
