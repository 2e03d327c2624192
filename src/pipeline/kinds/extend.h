#pragma once
// kind = "extend": a trained model goes on training at a longer context (DeepSeek-V3 §4.3). Its
// rotary frequencies are stretched by YaRN, from the context before any extension.
//
//   [process.extend-1]
//   kind = "extend"
//   from = "v3-4k"
//   context = 32_768
//   mixture = { books = 0.6, code = 0.4 }
//   train = { steps = 1000, batch.last = 1920, learning_rate.peak = 7.3e-6 }
//   needle = { haystack = "books", every = 100, required_recall = 0.95 }
//   makes = "v3-32k"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/extend_context.h"
#include "pipeline/kinds/needle_probe.h"
#include "pipeline/kinds/training.h"
#include "pipeline/process.h"
#include "train/pretrain.h"

namespace rq::pipeline {

struct ExtendSettings : Corpus {
  static constexpr std::array<std::string_view, 4> kRequired = {
      "from", "context", "mixture", "makes"};
  std::string from = {};     // made by a process, or [model.NAME]; its tokenizer stays
  std::int64_t context = 0;  // to reach, in tokens; also the sequence length unless train says less
  model::ContextExtension rope = {};
  train::PretrainConfig train = {};
  NeedleSettings needle = {};
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("context", context);
    Corpus::each(visit);
    visit("rope", rope);
    visit("train", train);
    visit("needle", needle);
    visit("makes", makes);
  }
};

Kind extend_kind();

}  // namespace rq::pipeline
