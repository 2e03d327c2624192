// What a recipe knows of its boxes before anything has run.

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/format.h"
#include "model/hf_config.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

template <typename T>
const T& find_box(const std::vector<Named<T>>& boxes, std::string_view name) {
  const auto box = std::find_if(
      boxes.begin(), boxes.end(), [&](const auto& candidate) { return candidate.name == name; });
  assert(box != boxes.end());
  return box->value;
}

}  // namespace

std::string NamedProcess::name_in_plan() const {
  return kind == kEvaluationKind ? fmt::format("evaluation.{}", name) : name;
}

const model::ModelConfig& Recipe::architecture(std::string_view wanted) const {
  return find_box(architectures, wanted);
}

const data::DataConfig* Recipe::data_config(std::string_view wanted) const {
  const auto box = std::ranges::find(data, wanted, &Named<data::DataConfig>::name);
  return box == data.end() ? nullptr : &box->value;
}

const NamedProcess* Recipe::maker_of(const Thing& made) const {
  for (const auto* const entries : {&processes, &evaluations}) {
    for (const NamedProcess& entry : *entries) {
      if (entry.process != nullptr && entry.process->makes() == made) {
        return &entry;
      }
    }
  }
  return nullptr;
}

std::optional<data::Content> Recipe::content_of(std::string_view wanted) const {
  if (const data::DataConfig* const box = data_config(wanted)) {
    return box->content();
  }
  const NamedProcess* const maker = maker_of({ThingType::kData, std::string(wanted)});
  return maker != nullptr ? maker->process->content() : std::nullopt;
}

std::optional<double> Recipe::count_of(std::string_view wanted) const {
  if (const auto box = known.boxes.find(std::string(wanted)); box != known.boxes.end()) {
    return box->second.documents;
  }
  if (const data::DataConfig* const box = data_config(wanted)) {
    const data::SourceConfig& source = box->source;
    const std::int64_t count = std::max({source.generator.count,
                                         source.recall.count,
                                         source.asked.count,
                                         source.continuation.count});
    return count > 0 ? std::optional((1 - box->heldout) * static_cast<double>(count))
                     : std::nullopt;
  }
  const NamedProcess* const maker = maker_of({ThingType::kData, std::string(wanted)});
  return maker != nullptr ? maker->process->documents(*this) : std::nullopt;
}

std::optional<Lengths> Recipe::lengths_of(std::string_view wanted) const {
  if (const auto box = known.boxes.find(std::string(wanted)); box != known.boxes.end()) {
    return box->second.lengths;
  }
  if (const data::DataConfig* const box = data_config(wanted)) {
    return drawn_lengths(box->source, token_count());
  }
  const NamedProcess* const maker = maker_of({ThingType::kData, std::string(wanted)});
  return maker != nullptr ? maker->process->lengths(*this) : std::nullopt;
}

double Recipe::programs_in(std::string_view wanted) const {
  const data::DataConfig* const box = data_config(wanted);
  return box == nullptr ? 0 : share_of_programs(box->source.asked.kinds);
}

AnswerSettings Recipe::answers_of(const Thing& made) const {
  const NamedProcess* const maker = maker_of(made);
  const auto found =
      maker == nullptr ? plan.answers.end() : plan.answers.find(maker->name_in_plan());
  AnswerSettings answers = found == plan.answers.end() ? AnswerSettings{} : found->second;
  answers.tokens = answers.tokens > 0 ? answers.tokens : plan.answer_tokens;
  return answers;
}

std::optional<model::ModelConfig> Recipe::model_config(std::string_view wanted) const {
  for (const auto& box : models) {
    if (box.name == wanted) {
      return model::read_hf_config(resolve(box.value.path) / "config.json");
    }
  }
  const NamedProcess* const maker = maker_of({ThingType::kModel, std::string(wanted)});
  return maker != nullptr ? maker->process->model(*this) : std::nullopt;
}

fs::path Recipe::resolve(const std::string& path) const {
  return (folder / path).lexically_normal();
}

}  // namespace rq::pipeline
