#pragma once
// A recipe: one TOML file whose tables are the boxes of a run.
//
//   name = "tiny"
//   seed = 1
//   [data.prose]                 source.glob = ["corpus/**/*.txt"]
//   [architecture.small]         width = 256 ...
//   [tokenizer.v3]               path = "tokenizer.json"            an existing file or folder
//   [model.v2]                   path = "models/v2"                 an existing Hugging Face folder
//   [process.pretrain]           kind = "pretrain" ... makes = "small-4k"
//   [evaluation.base]            models = ["v2", "small-4k"] tasks = [...]     a table
//   [plan]                       ask_above_hours = 2                what is assumed before a run
//
// Relative paths are relative to the recipe's own folder, or to `folder` where that is set (as in a
// run folder's copy).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "data/config.h"
#include "model/config.h"
#include "pipeline/lengths.h"
#include "pipeline/plan_settings.h"
#include "pipeline/process.h"

namespace rq::pipeline {

// An existing thing: a model folder, a tokenizer.json or its folder.
struct ExistingThing {
  static constexpr std::array<std::string_view, 1> kRequired = {"path"};
  std::string path = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("path", path);
  }
};

template <typename T>
struct Named {
  std::string name = {};
  std::string where = {};  // "tiny.toml:12"
  T value = {};
};

struct NamedProcess {
  std::string name = {};
  std::string where = {};
  std::string kind = {};
  ConfigNode table = {};  // as written, for the lines of its keys
  std::shared_ptr<const Process> process =
      {};  // shared with the graph that is made of them; null where it cannot be read

  // As plan.answers names it: "distil", "evaluation.math".
  std::string name_in_plan() const;
};

struct Recipe {
  std::string name = {};
  std::int64_t seed = 1;
  std::filesystem::path folder = {};  // absolute; what relative paths are relative to
  std::vector<Named<data::DataConfig>> data = {};
  std::vector<Named<model::ModelConfig>> architectures = {};
  std::vector<Named<ExistingThing>> tokenizers = {}, models = {};
  std::vector<NamedProcess> processes = {};
  std::vector<NamedProcess> evaluations = {};  // of kind kEvaluationKind
  PlanSettings plan = {};
  Known known = {};  // nothing, unless somebody looked

  // The settings of an architecture. REQUIRES that it is there, as the graph has checked for
  // inputs.
  const model::ModelConfig& architecture(std::string_view name) const;
  // That of a [data.NAME]; nothing where a process makes it.
  const data::DataConfig* data_config(std::string_view name) const;
  // What a data box holds, before anything has run; nothing where that cannot be known.
  std::optional<data::Content> content_of(std::string_view name) const;
  // How many documents it will hold; nothing where its files decide.
  std::optional<double> count_of(std::string_view name) const;
  // How long its conversations or problems will be; nothing where that cannot be counted.
  std::optional<Lengths> lengths_of(std::string_view name) const;
  // The share of its problems whose answers are programs; 0 where that is not known.
  double programs_in(std::string_view name) const;
  TokenCount token_count() const { return {known.vocabulary, plan.bytes_per_token}; }
  // What [plan] says of the answers that are drawn by the process or evaluation that makes this.
  AnswerSettings answers_of(const Thing& made) const;
  // The shape of a model that a process will make or that is there, before anything has run;
  // nothing where it cannot be known. An Error where an existing folder's config.json cannot be
  // read.
  std::optional<model::ModelConfig> model_config(std::string_view name) const;
  // The process or evaluation that makes it; null where none does.
  const NamedProcess* maker_of(const Thing& made) const;
  // A path of the recipe as an absolute one.
  std::filesystem::path resolve(const std::string& path) const;
};

// Reads the tree of a recipe in `folder`. Whatever is wrong goes to `problems`; what could be read
// is returned all the same, so that the graph's problems can be told along with these.
Recipe read_recipe(const ConfigNode& root,
                   const std::filesystem::path& folder,
                   const Registry& registry,
                   Problems& problems);

// The whole recipe with every default, as TOML that read_recipe() reads from any folder.
std::string resolved_text(const Recipe& recipe);

}  // namespace rq::pipeline
