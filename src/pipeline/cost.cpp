#include "pipeline/cost.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/config.h"
#include "base/json.h"

namespace rq::pipeline {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

double processor_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      sum += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    }
  }
  return sum;
}

// A field of /proc/self/status in bytes: VmRSS now, VmHWM the highest since the start or the last
// reset.
std::int64_t memory_field(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) {
      const std::size_t digit = line.find_first_of("0123456789");
      std::int64_t kib = 0;
      if (digit != std::string::npos) {
        std::from_chars(line.data() + digit, line.data() + line.size(), kib);
      }
      return kib * 1024;
    }
  }
  return 0;
}

// Makes VmHWM start again from what is resident now, so that each node's peak is its own. Where the
// system does not allow it, the peak is that of the whole process so far.
void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace

Cost& Cost::operator+=(const Cost& other) {
  wall_s += other.wall_s;
  core_s += other.core_s;
  device_s += other.device_s;
  tokens += other.tokens;
  flops += other.flops;
  peak_memory_bytes = std::max(peak_memory_bytes, other.peak_memory_bytes);
  return *this;
}

CostMeter::CostMeter(Attempt attempt,
                     std::filesystem::path heartbeat,
                     std::chrono::milliseconds interval)
    : attempt_(std::move(attempt)),
      heartbeat_(std::move(heartbeat)),
      interval_(interval),
      began_(Clock::now()),
      core_s_at_start_(processor_seconds()) {
  reset_peak_memory();
  write_json(heartbeat_,
             to_json(attempt_));  // before any work, and loud where the folder cannot be written
  thread_ = std::jthread([this](std::stop_token stop) { beat(std::move(stop)); });
}

CostMeter::~CostMeter() = default;

void CostMeter::add_flops(double flops) {
  const std::lock_guard lock(mutex_);
  flops_ += flops;
}

void CostMeter::hold_devices(int devices) {
  const std::lock_guard lock(mutex_);
  device_s_ += devices_.first > 0 ? devices_.first * seconds_since(devices_.second) : 0;
  devices_ = {devices, Clock::now()};
}

Cost CostMeter::cost() const {
  const std::lock_guard lock(mutex_);
  const double held = devices_.first > 0 ? devices_.first * seconds_since(devices_.second) : 0;
  return {.wall_s = seconds_since(began_),
          .core_s = processor_seconds() - core_s_at_start_,
          .device_s = device_s_ + held,
          .tokens = tokens_,
          .flops = flops_,
          .peak_memory_bytes = std::max<std::int64_t>(peak_bytes_, memory_field("VmHWM"))};
}

Attempt CostMeter::finish(Outcome outcome) {
  thread_.request_stop();
  if (thread_.joinable()) {
    thread_.join();
  }
  attempt_.cost = cost();
  attempt_.outcome = outcome;
  write_json(heartbeat_, to_json(attempt_));
  return attempt_;
}

void CostMeter::beat(std::stop_token stop) {
  std::mutex sleeping;
  std::unique_lock lock(sleeping);
  while (!wake_.wait_for(lock, stop, interval_, [&] { return stop.stop_requested(); })) {
    write_heartbeat();
  }
}

void CostMeter::write_heartbeat() {
  Attempt now = attempt_;
  now.cost = cost();
  peak_bytes_ = now.cost.peak_memory_bytes;
  try {
    write_json(heartbeat_, to_json(now));
  } catch (const Error&) {
    // A full disk stops the work itself, with a better sentence than a heartbeat could give; the
    // last record stands.
  }
}

}  // namespace rq::pipeline
