#pragma once
// Conversations as fine-tuning sees them: tokens, and which of them are the model's to say.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/conversation.h"
#include "data/preference.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"

namespace rq::data {

struct Sample {
  std::vector<std::int32_t> tokens = {};
  std::vector<bool> is_answer = {};  // beside tokens: learned, and not only read
};

// How many samples came of what.
struct SampleCounts {
  std::int64_t conversations = 0, samples = 0, tokens = 0, answer_tokens = 0;
  std::int64_t truncated = 0;  // cut at the model's context
  std::int64_t dropped = 0;    // of these, no answer was left
};

class SampleMaker {
 public:
  // The format, tokenizer and end token are those that the model is served with, so that it is
  // asked as it was taught. Longer samples are cut to `most_tokens`.
  SampleMaker(tokenizer::Tokenizer tokenizer,
              tokenizer::ChatFormat format,
              std::int32_t end_token,
              std::int64_t most_tokens);

  // One sample, or several where the format shows earlier answers otherwise than they were given
  // (DeepSeek-R1's leaves out their reasoning). An answer is what follows the prompt that a server
  // would make of the messages before it, and ends in the end token.
  std::vector<Sample> operator()(const Conversation& conversation);

  // Both answers of a preference with what comes before them, the chosen one first, as one sample
  // of which `is_answer` marks the last token of each. Nothing where one of them is too long.
  std::optional<Sample> pair(const Preference& preference);

  const SampleCounts& counts() const { return counts_; }

 private:
  void append(Sample& sample, std::string_view text, bool is_answer) const;
  void finish(Sample sample, std::vector<Sample>& samples);

  tokenizer::Tokenizer tokenizer_;
  tokenizer::ChatFormat format_;
  std::int32_t end_token_;
  std::string end_text_;
  std::int64_t most_tokens_;
  SampleCounts counts_;
};

}  // namespace rq::data
