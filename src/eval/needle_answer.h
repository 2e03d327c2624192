#pragma once
// Whether a model finds the needle: the two ways to ask it.

#include <functional>
#include <span>
#include <vector>

#include "eval/needle_prompt.h"
#include "model/model.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {

// Of one prompt. Where it has several questions, all of them.
struct Verdict {
  bool by_probability = false;  // each token of the true answer is the most probable one after
                                // those before it
  bool by_generation = false;   // what the model writes after the question, the most probable
                                // token each time, spells the answer and then no further letter
                                // or digit

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// Answers prompts of equal length. A function, so that tests can know the truth.
using Answerer = std::function<std::vector<Verdict>(std::span<const Prompt>)>;

// Asks a model, which must outlive the answerer, as must the tokenizer. The prompts go through it
// once, together; generation continues from what the cache then holds. Memory grows with the tokens
// of the prompts, never with their square. Needs no gradient and draws nothing. An Error where a
// prompt exceeds the context or the vocabulary.
Answerer ask(const model::Model& model, const tokenizer::Tokenizer& tokenizer);

}  // namespace rq::eval
