#pragma once
// The needle in a haystack as part of a process: asked before the work, whether it may begin, and
// every so many steps, how far it has come.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eval/needle_config.h"
#include "model/model.h"
#include "pipeline/process.h"
#include "tokenizer/tokenizer.h"
#include "train/pretrain.h"

namespace rq::pipeline {

struct NeedleSettings {
  std::string haystack = {};     // [data.NAME]: its held-out documents; empty: nothing is asked
  std::int64_t every = 0;        // steps between probes; 0: none
  double required_recall = 0;    // of needles found at the context there is, before any work
  eval::NeedleConfig test = {};  // its keys stand beside these

  template <typename Visit>
  void each(Visit&& visit) {
    visit("haystack", haystack);
    visit("every", every);
    visit("required_recall", required_recall);
    test.each(visit);
  }
  std::vector<std::string> problems() const;
  // What does not fit the boxes of the recipe, or the context that the process reaches.
  std::vector<std::string> problems_with(const Recipe& recipe, std::int64_t context) const;
};

class NeedleProbe {
 public:
  // Reads the haystack, where one is named. What is given must outlive the probe.
  NeedleProbe(const NeedleSettings& settings,
              const tokenizer::Tokenizer& vocabulary,
              const Context& context);

  // An Error where the model finds less than required at its whole context. Asked once: the answer
  // lies in the work folder.
  void require_recall(const model::Model& model) const;

  // A map every so many steps: needle/<step>.json in the work folder, and over all lengths the
  // share found and that of the worst cell.
  train::Probe every_so_many_steps(const model::Model& model) const;

 private:
  const NeedleSettings& settings_;
  const tokenizer::Tokenizer& vocabulary_;
  const Context& context_;
  std::string haystack_;
};

}  // namespace rq::pipeline
