#pragma once
// What work cost: measured while it runs, kept on disk while it runs, so that a killed attempt is
// accounted for too.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace rq::pipeline {

struct Cost {
  double wall_s = 0;
  double core_s = 0;    // processor time of all threads and of the programs they started
  double device_s = 0;  // wall time times the accelerators held
  int64_t tokens = 0;
  double flops = 0;
  int64_t peak_memory_bytes = 0;  // of the process's resident memory

  template <typename Visit>
  void each(Visit&& visit) {
    visit("wall_s", wall_s);
    visit("core_s", core_s);
    visit("device_s", device_s);
    visit("tokens", tokens);
    visit("flops", flops);
    visit("peak_memory_bytes", peak_memory_bytes);
  }
  // Sums; of memory the larger.
  Cost& operator+=(const Cost& other);
};

// How an attempt ended. kRunning stands in a heartbeat alone; one found without its process was
// killed.
// kWaiting: it needs people to act before it can go on.
enum class Outcome { kRunning, kDone, kStopped, kWaiting, kFailed, kKilled };
constexpr std::array<std::pair<Outcome, std::string_view>, 6> enum_names(Outcome) {
  return {{{Outcome::kRunning, "running"},
           {Outcome::kDone, "done"},
           {Outcome::kStopped, "stopped"},
           {Outcome::kWaiting, "waiting"},
           {Outcome::kFailed, "failed"},
           {Outcome::kKilled, "killed"}}};
}

// One try at a node: a line of ledger.jsonl, and the content of the heartbeat file while it runs.
struct Attempt {
  std::string id = {};     // unique: start time and process id
  std::string node = {};   // "process.pretrain", "data.prose"
  std::string kind = {};   // "pretrain", "data"
  std::string hash = {};   // of the node as it was then
  std::string began = {};  // UTC, "2026-01-31T12:00:00Z"
  Outcome outcome = Outcome::kRunning;
  Cost cost = {};
  double predicted_wall_s = 0;  // of the whole node, before it began; 0: nothing was predicted
  int64_t predicted_peak_memory_bytes = 0;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("id", id);
    visit("node", node);
    visit("kind", kind);
    visit("hash", hash);
    visit("began", began);
    visit("outcome", outcome);
    cost.each(visit);
    visit("predicted_wall_s", predicted_wall_s);
    visit("predicted_peak_memory_bytes", predicted_peak_memory_bytes);
  }
};

// Measures from construction to finish(), and writes the heartbeat file every few seconds
// meanwhile. The add_ functions may be called from any thread.
class CostMeter {
 public:
  CostMeter(Attempt attempt,
            std::filesystem::path heartbeat,
            std::chrono::milliseconds interval = std::chrono::seconds(2));
  ~CostMeter();  // stops the heartbeat; the file stays, so that what ended without finish() counts
                 // as killed
  CostMeter(const CostMeter&) = delete;
  CostMeter& operator=(const CostMeter&) = delete;

  void add_tokens(std::int64_t tokens) { tokens_ += tokens; }
  void add_flops(double flops);
  // Accelerators held from now on.
  void hold_devices(int devices);

  Cost cost() const;
  // The final record, also in the heartbeat file, which the caller removes once the record stands
  // in the ledger.
  Attempt finish(Outcome outcome);

 private:
  void beat(std::stop_token stop);
  void write_heartbeat();

  Attempt attempt_;
  std::filesystem::path heartbeat_;
  std::chrono::milliseconds interval_;
  std::chrono::steady_clock::time_point began_;
  double core_s_at_start_ = 0;
  std::atomic<std::int64_t> tokens_ = 0;
  std::atomic<std::int64_t> peak_bytes_ = 0;

  mutable std::mutex mutex_;  // guards the next three
  double flops_ = 0;
  double device_s_ = 0;
  std::pair<int, std::chrono::steady_clock::time_point> devices_{};  // how many, since when

  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace rq::pipeline
