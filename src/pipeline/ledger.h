#pragma once
// ledger.jsonl: every attempt at every node of a run, a line each, also those that were killed.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/cost.h"

namespace rq::pipeline {

class Ledger {
 public:
  explicit Ledger(std::filesystem::path path) : path_(std::move(path)) {}

  // Each attempt once, in the order they were written; a line cut off by a crash is passed over.
  std::vector<Attempt> read() const;
  void append(const Attempt& attempt) const;

  // Moves what a killed attempt left in its heartbeat file into the ledger. REQUIRES that the run
  // folder is locked: a living attempt must not be taken for a killed one.
  void settle(const std::filesystem::path& heartbeat) const;

 private:
  std::filesystem::path path_;
};

// The sum over attempts, by node.
std::map<std::string, Cost> sum_by_node(const std::vector<Attempt>& attempts);

// Whether the attempt is at this node as it is now: with other settings or inputs, what it made has
// been replaced since, or will be.
bool is_at(const Attempt& attempt, std::string_view node, std::string_view hash);

}  // namespace rq::pipeline
