#pragma once
// What goes on beside a run: its flowchart is kept up to date, and work/stop, which `rorqual watch`
// writes, is heeded as a signal would be.

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "pipeline/graph.h"
#include "pipeline/recipe.h"
#include "report/flow.h"

namespace rq::pipeline::internal {

class Attendant {
 public:
  // Removes a wish to stop that came before. Recipe and graph must outlive it.
  Attendant(const Recipe& recipe,
            const Graph& graph,
            std::filesystem::path run_dir,
            std::chrono::milliseconds interval = std::chrono::milliseconds(500));
  ~Attendant();  // draws once more
  Attendant(const Attendant&) = delete;
  Attendant& operator=(const Attendant&) = delete;

 private:
  void attend(const std::stop_token& stop);
  void heed_wish() const;
  void draw();

  report::Flow flow_;  // without states
  std::filesystem::path run_dir_;
  std::chrono::milliseconds interval_;
  std::string drawn_;    // what flow.svg holds
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace rq::pipeline::internal
