#pragma once
// The prompts of a needle test: real prose cut to an exact number of tokens, facts put into it as
// lines of their own, and the questions after it.
//
//   ... and the sea was calm.                      <- the haystack, at a line or sentence border
//   Remember heron=copper.                         <- the needle
//   Next morning the captain ...
//   Remember heron=copper                          <- the question, and the answer to be given

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "data/recall.h"
#include "eval/needle_config.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {

// One square of the map.
struct NeedlePlace {
  Variant variant;
  std::int64_t length;  // tokens of the prompt
  double depth;

  friend bool operator==(const NeedlePlace&, const NeedlePlace&) = default;
};

// Where an answer stands in a prompt.
struct AnswerSpan {
  std::int64_t first, count;  // its tokens
  std::string text;  // what they spell up to the answer's end; what a continuation has to spell
};

struct Prompt {
  std::vector<std::int32_t> tokens;  // exactly the place's length; the last ends the last answer
  std::vector<std::int64_t> statements;  // first token of each fact's line, asked facts first
  std::vector<AnswerSpan> answers;       // in ascending order
  double depth = 0;  // the first fact's, as the borders of the haystack allowed it
};

// Long text as tokens, read in a circle from any border. Special tokens in it are plain text.
class Haystack {
 public:
  Haystack(const tokenizer::Tokenizer& tokenizer, std::string_view text);

  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
  std::int32_t token(std::int64_t at) const { return tokens_[at % size()]; }
  // Whether a line, or at least a sentence, begins at a token.
  bool begins_line(std::int64_t at) const { return borders_[at % size()] == Border::kLine; }
  bool begins_sentence(std::int64_t at) const { return borders_[at % size()] != Border::kNone; }

 private:
  enum class Border : std::uint8_t { kNone, kSentence, kLine };
  std::vector<std::int32_t> tokens_;
  std::vector<Border> borders_;
};

// Makes the same prompt for the same config, place and number, whatever else is made. Any number of
// threads may use one.
class PromptMaker {
 public:
  // Keeps a reference to neither text nor config. An Error where the haystack is empty.
  PromptMaker(const tokenizer::Tokenizer& tokenizer,
              std::string_view haystack,
              const NeedleConfig& config);

  // Trial `number` of a place. An Error with both numbers where the length is too short for the
  // facts and questions and a little haystack, or the haystack too short for the length.
  Prompt operator()(const NeedlePlace& place, std::int64_t number) const;
  // Throws what operator() would for any trial of the place, without making them.
  void check_fits(const NeedlePlace& place) const;

 private:
  struct Wording;  // a trial's facts as tokens
  Rng stream(std::string_view name, const NeedlePlace& place, std::int64_t number) const;
  Wording word(const NeedlePlace& place, std::int64_t number) const;
  std::int64_t choose_start(const NeedlePlace& place, std::int64_t number) const;
  std::vector<std::int64_t> choose_places(const NeedlePlace& place,
                                          std::int64_t number,
                                          std::int64_t start,
                                          std::int64_t room) const;

  tokenizer::Tokenizer tokenizer_;
  Haystack haystack_;
  NeedleConfig config_;
  std::vector<std::int32_t> newline_;
};

}  // namespace rq::eval
