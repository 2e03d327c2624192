#pragma once
// rorqual score --by-position: several models' losses on the same long texts, by distance from the
// start.

#include <cstdint>
#include <string>
#include <vector>

#include "eval/loss_by_position.h"

namespace rq {

struct ScoreByPosition {
  std::vector<std::string> models;  // folders
  std::vector<std::string> inputs;  // .jsonl with {"text": ...} a line; any other is one document
  std::string output, svg;          // files to write; empty: none
  std::int64_t context = 0;         // 0: each model up to its own
  std::int64_t buckets = 0;         // 0: those of eval::bucket_borders
  eval::Spacing spacing = eval::Spacing::kLogarithmic;
};

// Prints a table and writes the files asked for. An Error where the models' tokenizers differ.
void score_by_position(const ScoreByPosition& options);

}  // namespace rq
