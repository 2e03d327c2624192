#pragma once
// Published networks that this program's structs express, with the parameter counts that their
// published configs add up to. They hold the counting, and with it the shapes, to the outside
// world.

#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"

namespace rq::plan {

struct PublishedModel {
  std::string name;
  model::ModelConfig config;
  int64_t parameters;  // stored.total(): no prediction layers, selection biases included
};

// DeepSeek-V3, DeepSeek-V2-Lite, Moonlight 16B-A3B, and torchtitan's debug model.
std::vector<PublishedModel> published_models();

// V3's own further figures.
constexpr int64_t kV3Activated = 37'552'282'624;  // with embedding and head, no biases
constexpr int64_t kV3ActivatedWithoutEmbedding = 36'625'603'584;
constexpr int64_t kV3AttentionOfALayer = 187'107'328;
constexpr int64_t kV3MixtureOfALayer = 11'320'164'608;
constexpr int64_t kV3Prediction = 11'610'068'224;

}  // namespace rq::plan
