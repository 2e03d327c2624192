#pragma once
// What processes read and make: the boxes of a recipe that are not processes.

#include <filesystem>
#include <string>
#include <string_view>

namespace rq::pipeline {

enum class ThingType { kData, kArchitecture, kTokenizer, kModel, kEvaluation };

// The word for it, which is also the name of its table in a recipe: "data", "model".
constexpr std::string_view type_name(ThingType type) {
  switch (type) {
    case ThingType::kData:
      return "data";
    case ThingType::kArchitecture:
      return "architecture";
    case ThingType::kTokenizer:
      return "tokenizer";
    case ThingType::kModel:
      return "model";
    case ThingType::kEvaluation:
      return "evaluation";
  }
  return "thing";
}

struct Thing {
  ThingType type = ThingType::kData;
  std::string name = {};

  friend auto operator<=>(const Thing&, const Thing&) = default;
};

// "data.prose", "model.v3-4k".
inline std::string id_of(const Thing& thing) {
  return std::string(type_name(thing.type)) + "." + thing.name;
}

// Where a made thing lies in a run folder: data/prose, tokenizers/v3, models/v3-4k,
// evaluations/base.
inline std::filesystem::path place_of(const Thing& thing) {
  switch (thing.type) {
    case ThingType::kTokenizer:
      return std::filesystem::path("tokenizers") / thing.name;
    case ThingType::kModel:
      return std::filesystem::path("models") / thing.name;
    case ThingType::kEvaluation:
      return std::filesystem::path("evaluations") / thing.name;
    default:
      return std::filesystem::path("data") / thing.name;
  }
}

}  // namespace rq::pipeline
