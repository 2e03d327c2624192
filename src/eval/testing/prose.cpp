#include "eval/testing/prose.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/rng.h"
#include "tokenizer/train.h"

namespace rq::eval::testing {

std::string prose(std::int64_t sentences, Lines lines) {
  constexpr auto kWords = std::to_array<std::string_view>({"morning",
                                                           "captain",
                                                           "water",
                                                           "letter",
                                                           "walked",
                                                           "slowly",
                                                           "under",
                                                           "bright",
                                                           "stone",
                                                           "waited",
                                                           "until",
                                                           "nobody",
                                                           "answer",
                                                           "winter",
                                                           "after",
                                                           "garden"});
  Rng rng(1, "test/prose");
  std::string text;
  for (std::int64_t i = 0; i < sentences; ++i) {
    std::string sentence = "And";
    for (std::int64_t word = rng.between(3, 9); word > 0; --word) {
      (sentence += ' ') += kWords[rng.below(kWords.size())];
    }
    text += (lines == Lines::kOne && i > 0 ? " " : "") + sentence +
            (lines == Lines::kOne ? "." : ".\n");
  }
  return text;
}

const tokenizer::Tokenizer& small_tokenizer() {
  static const tokenizer::Tokenizer tokenizer = [] {
    bool is_done = false;
    return tokenizer::train(
        [&](std::string& document) {
          document = prose(200, Lines::kSentences) + "Remember heron=copper.\n";
          return !std::exchange(is_done, true);
        },
        {.vocab_size = 300});
  }();
  return tokenizer;
}

}  // namespace rq::eval::testing
