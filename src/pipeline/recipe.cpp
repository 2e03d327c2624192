#include "pipeline/recipe.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/format.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

// Every kind that the design names; those without a place in the registry come with later versions.
constexpr std::array<std::string_view, 8> kPlannedKinds = {
    "tokenizer", "pretrain", "extend", "sft", "rl", "synth", "reward-model", "review"};

const std::vector<std::string> kKeys = {"name",
                                        "seed",
                                        "folder",
                                        "data",
                                        "architecture",
                                        "tokenizer",
                                        "model",
                                        "process",
                                        "evaluation",
                                        "plan"};

std::string place(const ConfigNode& node) {
  return node.where.empty() ? "" : node.where + ": ";
}

// Names become folders and parts of keys. A process's has no dot: `work/data.prose` is a data
// box's.
bool is_name(std::string_view name, bool may_have_dot) {
  return !name.empty() && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [&](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || (c == '.' && may_have_dot);
         });
}

// The tables of [section.NAME] that are tables with sound names.
std::vector<const ConfigNode::Entry*> boxes_of(const ConfigNode& root,
                                               std::string_view section,
                                               Problems& problems) {
  std::vector<const ConfigNode::Entry*> boxes;
  const ConfigNode* tables = root.find(section);
  if (tables == nullptr) {
    return boxes;
  }
  if (!tables->is_table()) {
    problems.add(fmt::format(
        "{}{} is {}, not tables [{}.NAME]", place(*tables), section, describe(*tables), section));
    return boxes;
  }
  for (const auto& entry : tables->entries()) {
    if (!is_name(entry.key, section != "process")) {
      problems.add(fmt::format("{}\"{}\" is no name for [{}.NAME]: use letters, digits, - and _{}",
                               place(entry.node),
                               entry.key,
                               section,
                               section == "process" ? "" : ", and dots but for the first"));
    } else if (!entry.node.is_table()) {
      problems.add(fmt::format("{}{}.{} is {}, not a table",
                               place(entry.node),
                               section,
                               entry.key,
                               describe(entry.node)));
    } else {
      boxes.push_back(&entry);
    }
  }
  return boxes;
}

template <typename T>
std::vector<Named<T>> read_boxes(const ConfigNode& root,
                                 std::string_view section,
                                 Problems& problems) {
  std::vector<Named<T>> boxes;
  for (const auto* entry : boxes_of(root, section, problems)) {
    const std::string path = fmt::format("{}.{}", section, entry->key);
    boxes.push_back({entry->key, entry->node.where, read_config<T>(entry->node, path, problems)});
  }
  return boxes;
}

std::vector<std::string> names_of(const Registry& registry) {
  std::vector<std::string> names;
  for (const Kind& kind : registry) {
    if (kind.name != kEvaluationKind) {
      names.push_back(kind.name);
    }
  }
  return names;
}

void report_kind(const NamedProcess& process, const Registry& registry, Problems& problems) {
  const auto names = names_of(registry);
  const ConfigNode* node = process.table.find("kind");
  const std::string path = fmt::format("process.{}", process.name);
  const std::string known = fmt::format("kinds are {}", fmt::join(names, ", "));
  if (node == nullptr) {
    problems.add(fmt::format("{}{} lacks the key kind; {}", place(process.table), path, known));
  } else if (process.kind.empty()) {
    problems.add(fmt::format("{}{}.kind is {}, not a string", place(*node), path, describe(*node)));
  } else if (std::find(kPlannedKinds.begin(), kPlannedKinds.end(), process.kind) !=
             kPlannedKinds.end()) {
    problems.add(fmt::format(
        "{}{}: the kind {} is not in this version; {}", place(*node), path, process.kind, known));
  } else {
    const auto near = nearest(process.kind, names);
    problems.add(fmt::format("{}{}: unknown kind {}; {}",
                             place(*node),
                             path,
                             process.kind,
                             near ? fmt::format("did you mean {}?", *near) : known));
  }
}

NamedProcess read_process(const ConfigNode::Entry& entry,
                          const Registry& registry,
                          Problems& problems) {
  NamedProcess result{.name = entry.key, .where = entry.node.where, .table = entry.node};
  if (const ConfigNode* kind = entry.node.find("kind")) {
    const auto* text = std::get_if<std::string>(&kind->value);
    result.kind = text != nullptr ? *text : "";
  }
  const auto kind = std::find_if(registry.begin(), registry.end(), [&](const Kind& candidate) {
    return candidate.name == result.kind && candidate.name != kEvaluationKind;
  });
  if (kind == registry.end()) {
    report_kind(result, registry, problems);
    return result;
  }
  ConfigNode settings = entry.node;
  settings.erase("kind");
  result.process = kind->read(settings, fmt::format("process.{}", result.name), problems);
  return result;
}

NamedProcess read_evaluation(const ConfigNode::Entry& entry,
                             const Registry& registry,
                             Problems& problems) {
  const std::string path = fmt::format("evaluation.{}", entry.key);
  NamedProcess result{.name = entry.key,
                      .where = entry.node.where,
                      .kind = std::string(kEvaluationKind),
                      .table = entry.node};
  const auto kind = std::ranges::find(registry, kEvaluationKind, &Kind::name);
  if (kind == registry.end()) {
    problems.add(fmt::format("{}{}: there are no evaluations here", place(entry.node), path));
  } else {
    result.process = kind->read(entry.node, path, problems);
  }
  return result;
}

// The plain keys at the top of a recipe.
struct Head {
  static constexpr std::array<std::string_view, 1> kRequired = {"name"};
  std::string name = {};
  std::int64_t seed = 1;
  std::string folder = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("name", name);
    visit("seed", seed);
    visit("folder", folder);
  }
};

Head read_head(const ConfigNode& root, Problems& problems) {
  ConfigNode keys(ConfigNode::Value(ConfigNode::Table{}), root.where);
  for (const char* key : {"name", "seed", "folder"}) {
    if (const ConfigNode* node = root.find(key)) {
      keys.set(key, *node);
    }
  }
  auto head = read_config<Head>(keys, "", problems);
  const ConfigNode* name = root.find("name");
  if (name != nullptr && std::holds_alternative<std::string>(name->value) &&
      !is_name(head.name, true)) {
    problems.add(fmt::format(
        "{}name = {} names the run's folder: use letters, digits, -, _ and dots but for the first",
        place(*name),
        describe(*name)));
  }
  return head;
}

// Of plan.answers each names a box that is there.
void check_answers(const Recipe& recipe, Problems& problems) {
  std::vector<std::string> names;
  for (const auto* const entries : {&recipe.processes, &recipe.evaluations}) {
    for (const NamedProcess& entry : *entries) {
      names.push_back(entry.name_in_plan());
    }
  }
  for (const auto& [name, answers] : recipe.plan.answers) {
    if (std::ranges::find(names, name) == names.end()) {
      const auto near = nearest(name, names);
      problems.add(fmt::format("plan.answers.{}: there is no such process or evaluation{}",
                               name,
                               near ? fmt::format("; did you mean {}?", *near) : ""));
    }
  }
}

}  // namespace

Recipe read_recipe(const ConfigNode& root,
                   const fs::path& folder,
                   const Registry& registry,
                   Problems& problems) {
  Recipe recipe;
  check_keys(root, "", kKeys, problems);
  const Head head = read_head(root, problems);
  recipe.name = head.name;
  recipe.seed = head.seed;
  const fs::path written = head.folder.empty() ? folder : folder / head.folder;
  recipe.folder = (fs::current_path() / written / ".").lexically_normal().parent_path();
  recipe.data = read_boxes<data::DataConfig>(root, "data", problems);
  recipe.architectures = read_boxes<model::ModelConfig>(root, "architecture", problems);
  recipe.tokenizers = read_boxes<ExistingThing>(root, "tokenizer", problems);
  recipe.models = read_boxes<ExistingThing>(root, "model", problems);
  if (const ConfigNode* const plan = root.find("plan")) {
    recipe.plan = read_config<PlanSettings>(*plan, "plan", problems);
  }
  for (const auto* entry : boxes_of(root, "process", problems)) {
    recipe.processes.push_back(read_process(*entry, registry, problems));
  }
  for (const auto* entry : boxes_of(root, "evaluation", problems)) {
    recipe.evaluations.push_back(read_evaluation(*entry, registry, problems));
  }
  check_answers(recipe, problems);
  return recipe;
}

}  // namespace rq::pipeline
