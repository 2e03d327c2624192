#pragma once
// The pre-tokenizer of a tokenizer.json: cuts text into the pieces within which tokens are merged.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "tokenizer/internal/regex.h"
#include "tokenizer/internal/v3_splitter.h"

namespace rq::tokenizer {

// What becomes of a match and of the text around it.
enum class SplitBehavior : std::uint8_t {
  kRemoved,
  kIsolated,
  kMergedWithPrevious,
  kMergedWithNext,
  kContiguous,
};

// What one thread needs to pre-tokenize.
struct PreTokenizerScratch {
  struct Span {
    std::size_t begin, end;
    bool is_match;
  };
  RegexScratch regex;
  std::vector<std::string_view> pieces, next;
  std::vector<Span> spans;
  std::deque<std::string> prefixed;  // pieces that got a space in front
};

// Constant after construction.
class PreTokenizer {
 public:
  enum class Engine : std::uint8_t { kFastest, kGeneral };

  // From the "pre_tokenizer" member. An Error names `origin` and the kind that is not known, or
  // says that it does not end in ByteLevel. kGeneral uses no hand-written pattern: the reference
  // for tests.
  PreTokenizer(const Json& description, std::string_view origin, Engine engine = Engine::kFastest);

  // Calls sink(piece) for each piece of the valid UTF-8, in order. A piece may lie in the scratch's
  // memory.
  template <typename Sink>
  void split(std::string_view text, PreTokenizerScratch& scratch, Sink&& sink) const {
    if (v3_) {
      v3_->split(text, sink);
      return;
    }
    split_by_steps(text, scratch);
    for (const std::string_view piece : scratch.pieces) {
      sink(piece);
    }
  }

 private:
  struct IsNumber {};
  struct Step {
    std::variant<Regex, std::string, IsNumber>
        pattern;  // or a literal string, or any character of \p{N}
    SplitBehavior behavior = SplitBehavior::kIsolated;
    bool is_inverted = false;
  };

  void add(const Json& description, std::string_view origin);
  void add_split(const Json& description, std::string_view origin);
  void add_byte_level(const Json& description, std::string_view origin);
  void split_by_steps(std::string_view text, PreTokenizerScratch& scratch) const;
  static void find_spans(const Step& step, std::string_view text, PreTokenizerScratch& scratch);
  void apply(const Step& step, PreTokenizerScratch& scratch) const;
  void add_prefix_spaces(PreTokenizerScratch& scratch) const;

  std::vector<Step> steps_;
  std::optional<std::size_t>
      prefix_before_;  // the step before which a space is put in front of each piece
  bool has_byte_level_ = false;
  std::optional<V3Splitter> v3_;
};

// The "pre_tokenizer" member of V3's file, with digits in groups of up to `max_digits`.
Json v3_pre_tokenizer(std::int64_t max_digits);

}  // namespace rq::tokenizer
