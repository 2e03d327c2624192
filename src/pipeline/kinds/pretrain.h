#pragma once
// kind = "pretrain": an architecture trained from scratch on a mixture of data boxes makes a base
// model.
//
//   [process.pretrain]
//   kind = "pretrain"
//   architecture = "small"
//   tokenizer = "v3"
//   mixture = { prose = 0.5, code = 0.3, mathematics = 0.2 }
//   train = { tokens = 2e6, sequence_length = 256, batch.last = 16, learning_rate.peak = 4e-3 }
//   makes = "base"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/config.h"
#include "pipeline/process.h"
#include "train/pretrain.h"

namespace rq::pipeline {

struct PretrainSettings {
  static constexpr std::array<std::string_view, 4> kRequired = {
      "architecture", "tokenizer", "mixture", "makes"};
  std::string architecture = {};  // [architecture.NAME]
  std::string tokenizer = {};     // made by a process, or [tokenizer.NAME]
  std::map<std::string, double> mixture =
      {};                         // share of the rows by [data.NAME]; scaled to sum to 1
  data::ShardConfig tokens = {};  // how documents become tokens
  train::PretrainConfig train = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("architecture", architecture);
    visit("tokenizer", tokenizer);
    visit("mixture", mixture);
    visit("tokens", tokens);
    visit("train", train);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind pretrain_kind();

}  // namespace rq::pipeline
