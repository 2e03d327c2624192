#include "pipeline/internal/attendant.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/signals.h"
#include "pipeline/flow.h"
#include "pipeline/run_folder.h"
#include "pipeline/status.h"
#include "report/flow_svg.h"

namespace rq::pipeline::internal {

namespace fs = std::filesystem;

namespace {

constexpr int kLooksADrawing = 10;  // the wish to stop is looked for more often

}  // namespace

Attendant::Attendant(const Recipe& recipe,
                     const Graph& graph,
                     fs::path run_dir,
                     std::chrono::milliseconds interval)
    : flow_(describe_flow(recipe, graph)), run_dir_(std::move(run_dir)), interval_(interval) {
  std::error_code ignored;
  fs::remove(RunFolder(run_dir_).stop(), ignored);
  draw();
  thread_ = std::jthread([this](const std::stop_token& stop) { attend(stop); });
}

Attendant::~Attendant() {
  thread_.request_stop();
  thread_.join();
  draw();
}

void Attendant::attend(const std::stop_token& stop) {
  std::mutex sleeping;
  std::condition_variable_any wake;
  std::unique_lock lock(sleeping);
  for (int look = 1; !wake.wait_for(lock, stop, interval_, [&] { return stop.stop_requested(); });
       ++look) {
    heed_wish();
    if (look % kLooksADrawing == 0) {
      draw();
    }
  }
}

void Attendant::heed_wish() const {
  std::error_code error;
  if (fs::remove(RunFolder(run_dir_).stop(), error)) {
    request_stop();
  }
}

// A picture that cannot be written is no reason to end a run: the last one stands.
void Attendant::draw() {
  try {
    report::Flow flow = flow_;
    add_states(flow, read_status(run_dir_), run_dir_);
    std::string svg = report::flow_svg(flow);
    if (svg != drawn_) {
      write_file(RunFolder(run_dir_).flow(), svg);
      drawn_ = std::move(svg);
    }
  } catch (const std::exception&) {
  }
}

}  // namespace rq::pipeline::internal
