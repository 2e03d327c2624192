#include "pipeline/ledger.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/json.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

std::vector<Attempt> Ledger::read() const {
  std::vector<Attempt> attempts;
  std::set<std::string> seen;
  const std::string text = fs::exists(path_) ? read_file(path_) : "";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object()) {
      Problems unreadable;
      auto attempt = read_config<Attempt>(from_json(json, path_.string()), "", unreadable);
      if (unreadable.empty() && seen.insert(attempt.id).second) {
        attempts.push_back(std::move(attempt));
      }
    }
  }
  return attempts;
}

void Ledger::append(const Attempt& attempt) const {
  // A line cut off by a crash must not swallow this one.
  const bool is_cut = fs::exists(path_) && [&] {
    const std::string text = read_file(path_);
    return !text.empty() && text.back() != '\n';
  }();
  append_line(path_, (is_cut ? "\n" : "") + to_json(attempt).dump());
}

void Ledger::settle(const fs::path& heartbeat) const {
  if (!fs::exists(heartbeat)) {
    return;
  }
  auto attempt = read_config<Attempt>(from_json(read_json(heartbeat), heartbeat.string()), "");
  attempt.outcome = attempt.outcome == Outcome::kRunning ? Outcome::kKilled : attempt.outcome;
  const auto attempts = read();
  const bool is_known = std::any_of(attempts.begin(), attempts.end(), [&](const Attempt& other) {
    return other.id == attempt.id;
  });
  if (!is_known) {  // known: the crash came between its line and the removal of its heartbeat
    append(attempt);
  }
  fs::remove(heartbeat);
}

bool is_at(const Attempt& attempt, std::string_view node, std::string_view hash) {
  return attempt.node == node && attempt.hash == hash;
}

std::map<std::string, Cost> sum_by_node(const std::vector<Attempt>& attempts) {
  std::map<std::string, Cost> sums;
  for (const Attempt& attempt : attempts) {
    sums[attempt.node] += attempt.cost;
  }
  return sums;
}

}  // namespace rq::pipeline
