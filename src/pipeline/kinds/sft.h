#pragma once
// kind = "sft": a model learns to answer as boxes of conversations do (DeepSeek-V3 §5.1).
//
//   [data.chats]
//   source = { glob = ["chats/*.jsonl"], field = "messages" }
//
//   [process.sft]
//   kind = "sft"
//   from = "v3-base"
//   samples = { chats = 1, mathematics = 2.5 }
//   train = { epochs = 2, learning_rate = { peak = 5e-6, decayed = 1e-6 } }
//   makes = "v3-sft"

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "pipeline/process.h"
#include "train/sft.h"

namespace rq::pipeline {

struct SftSettings {
  static constexpr std::array<std::string_view, 3> kRequired = {"from", "samples", "makes"};
  std::string from = {};  // made by a process, or [model.NAME]; its tokenizer and chat format stay
  // How often each conversation of a [data.NAME] is seen an epoch; of a fraction, others are drawn
  // each time.
  std::map<std::string, double> samples = {};
  train::SftConfig train = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("samples", samples);
    visit("train", train);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind sft_kind();

}  // namespace rq::pipeline
