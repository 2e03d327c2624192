#include "pipeline/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/json.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

namespace {

// What a node's work belongs to: the content of begun.json and done.json.
Json record_of(const Node& node) {
  return {{"hash", node.hash},
          {"version", node.process->format_version()},
          {"settings", to_json(node.settings)},
          {"inputs", node.input_hashes},
          {"outside", node.outside}};
}

std::optional<Json> read_record(const fs::path& path) {
  if (!fs::exists(path)) {
    return std::nullopt;
  }
  const Json record = read_json(path);
  check(record.is_object() && record.contains("hash") && record["hash"].is_string(),
        "{}: not a record of finished work; remove it to do that work again",
        path.string());
  return record;
}

// {"a": {"b": 1}} as {"a.b": "1"}.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& out) {
  if (!json.is_object()) {
    out[path] = json.dump();
    return;
  }
  for (const auto& [key, member] : json.items()) {
    flatten(member, path.empty() ? key : path + "." + key, out);
  }
}

void describe_settings(const Json& before, const Json& now, std::vector<std::string>& changes) {
  std::map<std::string, std::string> old_values, new_values;
  flatten(before, "", old_values);
  flatten(now, "", new_values);
  for (const auto& [key, value] : new_values) {
    const auto old = old_values.find(key);
    if (old == old_values.end()) {
      changes.push_back(fmt::format("{} = {} is new", key, value));
    } else if (old->second != value) {
      changes.push_back(fmt::format("{} was {}, is {}", key, old->second, value));
    }
  }
  for (const auto& [key, value] : old_values) {
    if (!new_values.contains(key)) {
      changes.push_back(fmt::format("{} = {} is gone", key, value));
    }
  }
}

void describe_inputs(const Json& before,
                     const std::map<std::string, std::string>& now,
                     std::vector<std::string>& changes) {
  for (const auto& [id, hash] : now) {
    if (!before.contains(id)) {
      changes.push_back(fmt::format("{} is a new input", id));
    } else if (before[id] != hash) {
      changes.push_back(fmt::format("{} changed", id));
    }
  }
  for (const auto& [id, hash] : before.items()) {
    if (!now.contains(id)) {
      changes.push_back(fmt::format("{} is no longer an input", id));
    }
  }
}

// Why a node whose record this is has to be made anew.
std::string changes_since(const Json& record, const Node& node) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> changes;
  describe_settings(record.value("settings", Json::object()), to_json(node.settings), changes);
  describe_inputs(record.value("inputs", Json::object()), node.input_hashes, changes);
  if (record.value("outside", "") != node.outside) {
    changes.emplace_back("its source files changed");
  }
  if (changes.empty()) {
    return "the program's format changed";
  }
  if (changes.size() > kMost) {
    const std::size_t more = changes.size() - kMost;
    changes.resize(kMost);
    changes.push_back(fmt::format("and {} more", more));
  }
  return fmt::format("{}", fmt::join(changes, "; "));
}

// Moves `from` to `to`, in place of what was there.
void replace(const fs::path& from, const fs::path& to) {
  if (!fs::exists(from)) {
    return;
  }
  make_folder(to.parent_path());
  fs::remove_all(to);
  fs::rename(from, to);
}

}  // namespace

std::vector<fs::path> RunFolder::heartbeats() const {
  std::vector<fs::path> found;
  if (fs::exists(root_ / "work")) {
    for (const auto& entry : fs::directory_iterator(root_ / "work")) {
      if (fs::exists(entry.path() / "cost.json")) {
        found.push_back(entry.path() / "cost.json");
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

fs::path RunFolder::output(const Node& node) const {
  return root_ / place_of(node.process->makes());
}

NodeState RunFolder::state(const Node& node) const {
  const fs::path folder = work(node.work_folder);
  if (const auto done = read_record(folder / "done.json")) {
    if (done->at("hash") != node.hash) {
      return {Progression::kStale, changes_since(*done, node)};
    }
    if (!fs::exists(output(node))) {
      return {Progression::kStale,
              fmt::format("{} is gone", place_of(node.process->makes()).string())};
    }
    return {Progression::kDone, {}};
  }
  if (const auto begun = read_record(folder / "begun.json")) {
    if (begun->at("hash") != node.hash) {
      return {Progression::kStale, changes_since(*begun, node)};
    }
    return {Progression::kBegun, {}};
  }
  return {};
}

void RunFolder::begin(const Node& node) const {
  const fs::path folder = work(node.work_folder);
  if (state(node).progression == Progression::kStale) {
    const fs::path replaced = root_ / "replaced" / node.work_folder;
    // The work folder goes last: until then its record says that there is something to be moved.
    replace(output(node), replaced / place_of(node.process->makes()));
    replace(folder, replaced_work(node.work_folder));
  }
  write_json(folder / "begun.json", record_of(node));
}

void RunFolder::finish(const Node& node) const {
  write_json(work(node.work_folder) / "done.json", record_of(node));
}

void RunFolder::write_plan(const std::vector<PlannedNode>& plan) const {
  Json nodes = Json::array();
  for (const PlannedNode& node : plan) {
    nodes.push_back(to_json(node));
  }
  write_json(root_ / "work" / "plan.json", nodes);
}

std::vector<PlannedNode> RunFolder::read_plan() const {
  const fs::path path = root_ / "work" / "plan.json";
  check(fs::exists(path), "{} is no run folder: there is no {}", root_.string(), path.string());
  const Json json = read_json(path);
  check(json.is_array(), "{}: not a list of nodes", path.string());
  std::vector<PlannedNode> plan;
  for (const Json& node : json) {
    plan.push_back(read_config<PlannedNode>(from_json(node, path.string()), "node"));
  }
  return plan;
}

std::string RunFolder::recorded_outside(const std::string& work_folder) const {
  for (const char* name : {"done.json", "begun.json"}) {
    if (const auto record = read_record(work(work_folder) / name)) {
      return record->value("outside", "");
    }
  }
  return {};
}

std::optional<std::string> RunFolder::done_hash(const std::string& work_folder) const {
  const auto record = read_record(work(work_folder) / "done.json");
  return record ? std::optional(record->at("hash").get<std::string>()) : std::nullopt;
}

}  // namespace rq::pipeline
