#pragma once
// Reads JSON whose large members go into plain vectors: a DOM of 130,000 vocabulary entries costs
// seconds and much memory.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::tokenizer {

struct RawDefinition {
  Json document;                                                 // all but the two members below
  std::vector<std::pair<std::string, std::int64_t>> vocabulary;  // "model"."vocab"
  std::vector<std::pair<std::string, std::string>> merges;  // "model"."merges", either spelling
  bool has_vocabulary = false, has_merges = false;
};

// An Error names `origin` and the byte where the text stops being JSON, or the member of the
// vocabulary that is not one.
RawDefinition read_raw_definition(std::string_view text, std::string_view origin);

}  // namespace rq::tokenizer
