#include "pipeline/runner.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/signals.h"
#include "pipeline/environment.h"
#include "pipeline/graph.h"
#include "pipeline/internal/attempt.h"
#include "pipeline/internal/attendant.h"
#include "pipeline/internal/foresight.h"
#include "pipeline/ledger.h"
#include "pipeline/recipe.h"
#include "pipeline/run_folder.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

// The node that --until names, with or without "process." in front.
std::size_t find_last(const Graph& graph, const std::string& until) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) {
    const bool is_process = node.id.starts_with("process.");
    names.push_back(is_process ? node.id.substr(std::string_view("process.").size()) : node.id);
    if (node.id == until || names.back() == until) {
      return names.size() - 1;
    }
  }
  const auto near = nearest(until, names);
  fail("--until {}: there is no such process; {}",
       until,
       near ? fmt::format("did you mean {}?", *near)
            : fmt::format("there are {}", fmt::join(names, ", ")));
}

std::string expectation(const Estimate& estimate) {
  std::string text;
  if (estimate.tokens > 0) {
    text += fmt::format(", about {} tokens", format_count(estimate.tokens));
  }
  if (estimate.flops > 0) {
    text += fmt::format(", {:.2g} FLOPs", estimate.flops);
  }
  return text;
}

class Run {
 public:
  Run(const RunOptions& options, const Registry& registry)
      : options_(options),
        recipe_(read(registry)),
        folder_(options.run_dir.empty() ? fs::path("runs") / recipe_.name : options.run_dir) {
    graph_ = build_graph(recipe_, problems_, [this](const std::string& work_folder) {
      return folder_.recorded_outside(work_folder);
    });
    choose();
    add_missing();
    problems_.throw_if_any();
    check_same_recipe();
  }

  void show_plan() {
    check_can_make(folder_.root());
    options_.say(
        fmt::format("{} in {}{}:",
                    recipe_.name,
                    folder_.root().string(),
                    FolderLock::is_held(folder_.root()) ? " (where a run is going on)" : ""));
    Estimate sum;
    for (const std::size_t i : chosen_) {
      const Node& node = graph_.nodes[i];
      const NodeState state = folder_.state(node);
      const Estimate estimate = node.process->estimate(recipe_);
      const bool is_done = state.progression == Progression::kDone;
      sum.tokens += is_done ? 0 : estimate.tokens;
      sum.flops += is_done ? 0 : estimate.flops;
      options_.say(fmt::format("  {:<24} {}{}", node.id, intention(state), expectation(estimate)));
    }
    const std::size_t left = count_left();
    options_.say(left == 0 ? std::string("nothing is left to do")
                           : fmt::format("{} of {} to do{}; every check before work passed",
                                         left,
                                         chosen_.size(),
                                         expectation(sum)));
  }

  void execute() {
    const FolderLock lock(folder_.root());
    const Ledger ledger(folder_.ledger());
    for (const fs::path& heartbeat : folder_.heartbeats()) {
      ledger.settle(heartbeat);
    }
    const internal::Prospect prospect{recipe_, graph_, chosen_, folder_};
    predictions_ = internal::foresee(prospect, options_.predict);
    const std::size_t left = count_left();
    if (left > 0) {
      tell(internal::left_to_do(prospect, predictions_, ledger.read()));
    }
    write_folder_files();
    const internal::Attendant attendant(recipe_, graph_, folder_.root());
    if (left == 0) {
      options_.say(fmt::format("{} is finished: all {} steps are done, nothing to do",
                               folder_.root().string(),
                               chosen_.size()));
      return;
    }
    work_through(ledger);
    options_.say(fmt::format(
        "done: all {} steps; see rorqual status {}", chosen_.size(), folder_.root().string()));
  }

 private:
  // All that is to do and does not wait for people. What does is told at the end.
  void work_through(const Ledger& ledger) {
    std::set<std::size_t> held;
    std::string waiting;
    for (const std::size_t i : chosen_) {
      const Node& node = graph_.nodes[i];
      const NodeState state = folder_.state(node);
      if (state.progression == Progression::kDone) {
        continue;
      }
      const bool needs_held =
          std::ranges::any_of(node.after, [&](std::size_t other) { return held.contains(other); });
      if (needs_held) {
        held.insert(i);
        continue;
      }
      throw_if_stopped();
      options_.say(fmt::format("{}{}", node.id, beginning(state)));
      folder_.begin(node);
      options_.settle();
      try {
        internal::attempt(
            node, prediction_of(node.id), ledger, {recipe_, folder_, options_.cache, options_.say});
      } catch (const Waiting& reason) {
        options_.say(reason.what());
        waiting += fmt::format("{}\n", reason.what());
        held.insert(i);
      }
    }
    if (!held.empty()) {
      throw Waiting(fmt::format(
          "{} steps wait for people, then the same command goes on:\n{}", held.size(), waiting));
    }
  }

  Recipe read(const Registry& registry) {
    ConfigNode root = parse_toml(read_file(options_.recipe), options_.recipe.string());
    for (const std::string& assignment : options_.overrides) {
      set_override(root, assignment);
    }
    return read_recipe(root, options_.recipe.parent_path(), registry, problems_);
  }

  // What is left, and the question where that is more than the recipe allows.
  void tell(const Prediction& left) const {
    if (left.wall_s == 0 && left.dollars == 0) {
      return;
    }
    options_.say(
        fmt::format("the plan: about {}{}{}",
                    format_duration(left.wall_s),
                    left.peak_memory_bytes > 0
                        ? fmt::format(", {} of memory",
                                      format_bytes(static_cast<double>(left.peak_memory_bytes)))
                        : "",
                    left.dollars > 0 ? fmt::format(", {:.2f} dollars", left.dollars) : ""));
    const std::string question = internal::question_about(left, recipe_.plan);
    check(question.empty() || options_.agree(question),
          "{}: {}; nothing was begun, --agree begins it",
          recipe_.name,
          question);
  }

  void choose() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      chosen_.push_back(i);
    }
    if (!options_.until.empty() && problems_.empty()) {
      chosen_ = graph_.up_to(find_last(graph_, options_.until));
    }
  }

  // What is missing outside (source files) is asked of all that is to run, along with the recipe's
  // own problems.
  void add_missing() {
    const bool is_sound =
        problems_.empty();  // else there are no hashes, and nothing counts as done
    for (const std::size_t i : chosen_) {
      const Node& node = graph_.nodes[i];
      if (is_sound && folder_.state(node).progression == Progression::kDone) {
        continue;
      }
      for (const std::string& sentence : node.process->missing(recipe_)) {
        problems_.add(fmt::format("{}: {}: {}", node.where, node.id, sentence));
      }
    }
  }

  // A mistyped --run-dir must not turn one recipe's run into another's.
  void check_same_recipe() const {
    if (!fs::exists(folder_.recipe())) {
      return;
    }
    const ConfigNode root = parse_toml(read_file(folder_.recipe()), folder_.recipe().string());
    const ConfigNode* name = root.find("name");
    const auto* text = name != nullptr ? std::get_if<std::string>(&name->value) : nullptr;
    check(text == nullptr || *text == recipe_.name,
          "{} holds a run of the recipe {}, not of {}; choose another --run-dir",
          folder_.root().string(),
          text != nullptr ? *text : "",
          recipe_.name);
  }

  std::size_t count_left() const {
    return static_cast<std::size_t>(
        std::count_if(chosen_.begin(), chosen_.end(), [&](std::size_t i) {
          return folder_.state(graph_.nodes[i]).progression != Progression::kDone;
        }));
  }

  static std::string intention(const NodeState& state) {
    switch (state.progression) {
      case Progression::kNew:
        return "to do";
      case Progression::kBegun:
        return "to be continued";
      case Progression::kStale:
        return fmt::format("to be made anew ({})", state.reason);
      case Progression::kDone:
        return "done";
    }
    return "";
  }

  static std::string beginning(const NodeState& state) {
    switch (state.progression) {
      case Progression::kBegun:
        return " continues";
      case Progression::kStale:
        return fmt::format(" is made anew: {}", state.reason);
      default:
        return " begins";
    }
  }

  void write_folder_files() const {
    const std::string text = fmt::format(
        "# The recipe as it was run, with every default. `rorqual run` takes it like any "
        "other.\n{}",
        resolved_text(recipe_));
    if (!fs::exists(folder_.recipe()) || read_file(folder_.recipe()) != text) {
      write_file(folder_.recipe(), text);
    }
    std::vector<PlannedNode> plan;
    for (const Node& node : graph_.nodes) {
      const Estimate estimate = node.process->estimate(recipe_);
      plan.push_back({.id = node.id,
                      .kind = node.kind,
                      .work_folder = node.work_folder,
                      .hash = node.hash,
                      .place = place_of(node.process->makes()).string(),
                      .tokens = estimate.tokens,
                      .flops = estimate.flops,
                      .prediction = prediction_of(node.id)});
    }
    folder_.write_plan(plan);
    write_json(folder_.environment(), describe_environment(options_.command, options_.versions));
  }

  Prediction prediction_of(const std::string& id) const {
    const auto found = predictions_.find(id);
    return found == predictions_.end() ? Prediction{} : found->second;
  }

  const RunOptions& options_;
  Problems problems_;
  Recipe recipe_;
  RunFolder folder_;
  Graph graph_;
  std::vector<std::size_t> chosen_;  // indices into graph_.nodes, in order
  std::map<std::string, Prediction> predictions_;
};

}  // namespace

void run_recipe(const RunOptions& options, const Registry& registry) {
  Run run(options, registry);
  if (options.is_dry_run) {
    run.show_plan();
  } else {
    run.execute();
  }
}

}  // namespace rq::pipeline
