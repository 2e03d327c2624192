#include "pipeline/run_description.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "pipeline/flow.h"
#include "pipeline/graph.h"
#include "pipeline/ledger.h"
#include "pipeline/recipe.h"
#include "pipeline/run_folder.h"
#include "pipeline/status.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

struct Plan {
  Recipe recipe;
  Graph graph;
};

// The recipe that lies in the folder; nothing, and a sentence, where this version cannot read it.
std::optional<Plan> read_plan(const fs::path& run_dir,
                              const Registry& registry,
                              std::vector<std::string>& missing) {
  const fs::path path = run_dir / "recipe.toml";
  if (!fs::exists(path)) {
    return std::nullopt;  // the report says so where it would show it
  }
  try {
    Problems unreadable, unfit;
    Recipe recipe =
        read_recipe(parse_toml(read_file(path), path.string()), run_dir, registry, unreadable);
    for (const std::string& sentence : unreadable.sentences()) {
      missing.push_back(fmt::format("recipe.toml is of another version: {}", sentence));
    }
    Graph graph = arrange_graph(recipe, unfit);  // what does not fit is for `run` to say
    return Plan{std::move(recipe), std::move(graph)};
  } catch (const std::exception& error) {
    missing.push_back(fmt::format("recipe.toml cannot be read: {}", error.what()));
    return std::nullopt;
  }
}

// What the folder says of each node; where work/plan.json does not tell, of those of the recipe.
std::vector<StatusRow> rows_of(const fs::path& run_dir,
                               const std::optional<Plan>& plan,
                               std::vector<std::string>& missing) {
  try {
    return read_status(run_dir);
  } catch (const std::exception& error) {
    missing.push_back(fmt::format("how far each step is can only be guessed: {}", error.what()));
  }
  std::vector<StatusRow> rows;
  const RunFolder folder(run_dir);
  const auto attempts = Ledger(folder.ledger()).read();
  auto costs = sum_by_node(attempts);
  for (const Node& node : plan ? plan->graph.nodes : std::vector<Node>()) {
    const bool is_done = fs::exists(folder.work(node.work_folder) / "done.json");
    rows.push_back({.node = {.id = node.id,
                             .kind = node.kind,
                             .work_folder = node.work_folder,
                             .hash = {},
                             .place = place_of(node.process->makes()).string()},
                    .word = is_done ? StatusWord::kDone : StatusWord::kWaiting,
                    .cost = costs[node.id],
                    .attempts = std::ranges::count(attempts, node.id, &Attempt::node)});
  }
  return rows;
}

report::Step step_of(const StatusRow& row) {
  return {.id = row.node.id,
          .kind = row.node.kind,
          .work_folder = row.node.work_folder,
          .place = row.node.place,
          .state = state_of(row.word),
          .attempts = row.attempts,
          .wall_s = row.cost.wall_s,
          .core_s = row.cost.core_s,
          .device_s = row.cost.device_s,
          .tokens = static_cast<double>(row.cost.tokens),
          .expected_tokens = row.node.tokens,
          .flops = row.cost.flops,
          .peak_memory_bytes = static_cast<double>(row.cost.peak_memory_bytes)};
}

report::Replaced replaced_in(const fs::path& run_dir) {
  try {
    const auto [attempts, cost] = read_replaced(run_dir);
    return {attempts, cost.wall_s, cost.core_s, cost.device_s};
  } catch (const std::exception&) {  // rows_of has said so
    return {};
  }
}

}  // namespace

report::Run describe_run(const fs::path& run_dir, const Registry& registry) {
  check(fs::is_directory(run_dir), "there is no run folder {}", run_dir.string());
  report::Run run{.folder = fs::canonical(run_dir), .name = {}};
  const auto plan = read_plan(run_dir, registry, run.missing);
  const std::vector<StatusRow> rows = rows_of(run_dir, plan, run.missing);
  run.name = plan ? plan->recipe.name : run.folder.filename().string();
  run.seed = plan ? plan->recipe.seed : 0;
  run.is_going_on = FolderLock::is_held(run_dir);
  for (const StatusRow& row : rows) {
    run.steps.push_back(step_of(row));
  }
  run.replaced = replaced_in(run_dir);
  if (plan) {
    run.flow = describe_flow(plan->recipe, plan->graph);
    add_states(run.flow, rows, run.folder);
  }
  return run;
}

}  // namespace rq::pipeline
