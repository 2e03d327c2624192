#pragma once
// What lies where in a run folder, and what it says about work that was done or begun.
//
//   recipe.toml              as resolved
//   ledger.jsonl             every attempt and its cost (ledger.h)
//   data/NAME  tokenizers/NAME  models/NAME      what was made
//   work/plan.json           the nodes of the last run, in order, for `status`
//   work/NODE/begun.json     what the work in this folder belongs to: settings and inputs with
//   their hashes work/NODE/done.json      the same, once the work is complete work/NODE/cost.json
//   the attempt that is going on, or was killed work/NODE/log            what the process said,
//   with times replaced/NODE/           what a node had made before its settings or inputs changed;
//   one generation is kept

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/json.h"
#include "pipeline/graph.h"
#include "pipeline/prediction.h"

namespace rq::pipeline {

enum class Progression {
  kNew,    // nothing is there
  kBegun,  // an earlier attempt with the same settings and inputs, to be continued
  kStale,  // made or begun with other settings or inputs, to be made anew
  kDone,
};

struct NodeState {
  Progression progression = Progression::kNew;
  std::string reason = {};  // of kStale: "vocab_size was 2048, is 4096"; else empty
};

// A line of work/plan.json.
struct PlannedNode {
  std::string id = {}, kind = {}, work_folder = {}, hash = {};
  std::string place = {};        // of what it makes, within the run folder
  double tokens = 0, flops = 0;  // estimates; 0 where not known
  Prediction prediction = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("id", id);
    visit("kind", kind);
    visit("work_folder", work_folder);
    visit("hash", hash);
    visit("place", place);
    visit("tokens", tokens);
    visit("flops", flops);
    prediction.each(visit);
  }
};

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path recipe() const { return root_ / "recipe.toml"; }
  std::filesystem::path ledger() const { return root_ / "ledger.jsonl"; }
  std::filesystem::path work(const std::string& work_folder) const {
    return root_ / "work" / work_folder;
  }
  std::filesystem::path replaced_work(const std::string& work_folder) const {
    return root_ / "replaced" / work_folder / "work";
  }
  std::filesystem::path heartbeat(const std::string& work_folder) const {
    return work(work_folder) / "cost.json";
  }
  // Heartbeats of all nodes that left one, those no longer in the recipe too.
  std::vector<std::filesystem::path> heartbeats() const;
  std::filesystem::path output(const Node& node) const;

  NodeState state(const Node& node) const;
  // Makes room for the node's work: what belongs to other settings or inputs is moved to replaced/.
  void begin(const Node& node) const;
  void finish(const Node& node) const;

  void write_plan(const std::vector<PlannedNode>& plan) const;
  // An Error where this is no run folder.
  std::vector<PlannedNode> read_plan() const;
  // The digest of outside files in a node's record; empty where there is none.
  std::string recorded_outside(const std::string& work_folder) const;
  // The hash in a node's done.json; nothing where it is not there.
  std::optional<std::string> done_hash(const std::string& work_folder) const;

 private:
  std::filesystem::path root_;
};

}  // namespace rq::pipeline
