#pragma once
// A model as generation runs it: the rows of a step are tokens of any number of sequences, each at
// its own place, and what attention remembers of them stands in pages (for MLA the latent and the
// rotary key: R + P floats a token and layer, DeepSeek-V2 §2.1.2).
//
// Every row's result is a function of its sequence alone, to the bit: which other sequences go
// through the network with it, how a prompt is cut into spans, and the number of threads change
// nothing. The results are those of model::Model up to rounding.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "generate/page_tokens.h"
#include "model/model.h"

namespace rq::generate {

// Consecutive tokens of one sequence, whose earlier tokens went through the network before.
struct Span {
  std::span<const std::int32_t> tokens;
  std::int64_t first = 0;               // position of the first of them
  std::span<const std::int32_t> pages;  // of the sequence, for all positions up to the last here
  // How attention goes over latents: expanded to keys and values, which is quick for many tokens,
  // or with the projections absorbed into query and output, which is quick for one. Rounding
  // differs, so a sequence's positions must be run the same way each time.
  bool is_expanded = false;
  std::int64_t wanted = 1;  // logits are wanted after so many of the last tokens
};

class Network {
 public:
  // Copies the weights; `pages` is how many pages there are for all sequences together.
  Network(const model::Model& model, std::int64_t pages, int threads);
  ~Network();

  const model::ModelConfig& config() const;
  bool predicts() const;  // whether there is a layer of multi-token prediction

  // Runs the spans, remembers their tokens in their pages, and returns the logits that are wanted:
  // [sum of wanted, V], in the order of the spans, valid until the next call of any kind.
  std::span<const float> operator()(std::span<const Span> spans);

  // The same for the layer of multi-token prediction (DeepSeek-V3 §2.2). Each span is one of the
  // last call's or a beginning of it, with tokens that are one place further ahead: its logits
  // predict the token after those. `rows`: which row of the last call each span begins with, in
  // tokens of all its spans.
  std::span<const float> predict(std::span<const Span> spans, std::span<const std::int64_t> rows);

  // Calls work(i) for each i in [0, count) on the network's threads.
  void share(std::int64_t count, const std::function<void(std::int64_t)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::generate
