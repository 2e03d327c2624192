#pragma once
// The needle in a haystack: facts are put into real prose at every depth of prompts of every
// length, and the model is asked for them. What comes of it is a map of where in its context the
// model finds what it was given.
//
//   NeedleConfig config;
//   const NeedleMap map = probe(model, tokenizer, read_file("book.txt"), config);
//   log(describe(map));  // "needle: 256 tokens 100 %, 2048 tokens 97 % (depths 95-100 %)"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/needle_answer.h"
#include "eval/needle_config.h"
#include "eval/needle_prompt.h"
#include "model/model.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {

// One square of the map, counted.
struct NeedleCell {
  NeedlePlace place;
  std::int64_t trials = 0;
  std::int64_t hits_by_probability = 0, hits_by_generation = 0;
  double mean_depth = 0;  // where the first fact stood: at the borders nearest to the place's depth

  friend bool operator==(const NeedleCell&, const NeedleCell&) = default;
};

struct NeedleMap {
  NeedleConfig config;            // resolved
  std::vector<NeedleCell> cells;  // by variant, in it by length, in it by depth
};

// How far a test has come, in tokens of prompts.
using NeedleReport = std::function<void(std::int64_t done, std::int64_t total)>;

// The map of a model. The same model, tokenizer, text and config give the same map; gradients,
// random state and the model are left as they are. Errors: those of resolve() and PromptMaker,
// before any work.
NeedleMap probe(const model::Model& model,
                const tokenizer::Tokenizer& tokenizer,
                std::string_view haystack,
                const NeedleConfig& config,
                const NeedleReport& report = {});

// The map of whoever answers; the config must be resolved.
NeedleMap search(const Answerer& answerer,
                 const PromptMaker& prompts,
                 const NeedleConfig& config,
                 const NeedleReport& report = {});

// One line for a log: per variant and length the share found by generation over all depths, and the
// worst and best depth where they differ.
std::string describe(const NeedleMap& map);

}  // namespace rq::eval
