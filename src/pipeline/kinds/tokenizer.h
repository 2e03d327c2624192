#pragma once
// kind = "tokenizer": trains a byte-level BPE on data boxes and makes tokenizers/NAME
// (tokenizer.json, tokenizer_config.json).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/process.h"
#include "pipeline/recipe.h"
#include "tokenizer/train.h"

namespace rq::pipeline {

struct TokenizerSettings {
  static constexpr std::array<std::string_view, 2> kRequired = {"from", "makes"};
  std::vector<std::string> from = {};  // data boxes
  std::string makes = {};
  std::int64_t limit_bytes = 0;       // read of each box, from its start; 0: all
  tokenizer::TrainConfig train = {};  // its keys stand beside these

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("makes", makes);
    visit("limit_bytes", limit_bytes);
    train.each(visit);
  }
  std::vector<std::string> problems() const;
};

// How many ids the tokenizer of this name will have at most: as its process is asked for, or as
// counted in its file. Nothing where neither tells. An Error where that file is no tokenizer.json.
std::optional<std::int64_t> most_ids(const Recipe& recipe, const std::string& name);

Kind tokenizer_kind();

}  // namespace rq::pipeline
