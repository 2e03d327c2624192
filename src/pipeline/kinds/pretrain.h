#pragma once
// kind = "pretrain": an architecture trained from scratch on a mixture of data boxes makes a base
// model.
//
//   [process.pretrain]
//   kind = "pretrain"
//   architecture = "small"
//   tokenizer = "v3"
//   mixture = { prose = 0.5, code = 0.3, mathematics = 0.2 }
//   train = { tokens = 2e6, batch.last = 16, learning_rate.peak = 4e-3 }
//   makes = "base"

#include <array>
#include <string>
#include <string_view>

#include "pipeline/kinds/training.h"
#include "pipeline/process.h"
#include "train/pretrain.h"

namespace rq::pipeline {

struct PretrainSettings : Corpus {
  static constexpr std::array<std::string_view, 4> kRequired = {
      "architecture", "tokenizer", "mixture", "makes"};
  std::string architecture = {};  // [architecture.NAME]
  std::string tokenizer = {};     // made by a process, or [tokenizer.NAME]
  train::PretrainConfig train = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("architecture", architecture);
    visit("tokenizer", tokenizer);
    Corpus::each(visit);
    visit("train", train);
    visit("makes", makes);
  }
};

Kind pretrain_kind();

}  // namespace rq::pipeline
