#pragma once
// kind = "reward-model": a model that answers becomes one that says what an answer is worth
// (DeepSeek-V3 §5.2.1), from pairs of answers of which one is preferred:
//
//   [process.reward-model]
//   kind = "reward-model"
//   from = "v3-sft"
//   pairs = { math-pairs = 1 }
//   makes = "worth"
//
// In kind = "rl" it is named by `reward_model`, and weighs rewards.model.

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/process.h"
#include "train/reward_model.h"

namespace rq::pipeline {

struct RewardModelSettings {
  static constexpr std::array<std::string_view, 3> kRequired = {"from", "pairs", "makes"};
  std::string from = {};                     // made by a process, or [model.NAME]
  std::map<std::string, double> pairs = {};  // [data.NAME] boxes of preferences, and how often each
                                             // pair is seen an epoch
  double heldout = 0.1;  // share of each box that is not trained on: the order of these pairs is
                         // asked at the end
  train::RewardModelConfig train = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("pairs", pairs);
    visit("heldout", heldout);
    visit("train", train);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind reward_model_kind();

}  // namespace rq::pipeline
