#pragma once
// Processes for tests: they read models, make one, and tell what they did. Needs no data.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/files.h"
#include "pipeline/process.h"

namespace rq::pipeline {

struct FakeSettings {
  static constexpr std::array<std::string_view, 1> kRequired = {"makes"};
  std::vector<std::string> from = {};
  std::string makes = {};
  int64_t steps = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("makes", makes);
    visit("steps", steps);
  }
  std::vector<std::string> problems() const {
    return steps < 0 ? std::vector<std::string>{"steps is negative"} : std::vector<std::string>{};
  }
};

// Shared by the processes of one test.
struct FakeWorld {
  std::vector<std::string> made = {};                      // in order
  std::function<void(Context&)> on_run = [](Context&) {};  // before the thing is made
  std::vector<std::string> missing = {};
  std::optional<std::string> outside = "";
  std::optional<plan::Workload> workload = {};
};

class FakeProcess : public Process {
 public:
  using Settings = FakeSettings;
  Settings settings = {};
  std::shared_ptr<FakeWorld> world = {};

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }
  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    for (const auto& name : settings.from) {
      inputs.push_back({{ThingType::kModel, name}, "from"});
    }
    return inputs;
  }
  std::vector<std::string> problems(const Recipe&) const override {
    return settings.steps == 13 ? std::vector<std::string>{"steps=13 does not fit its inputs"}
                                : std::vector<std::string>{};
  }
  std::vector<std::string> missing(const Recipe&) const override { return world->missing; }
  std::optional<std::string> outside(const Recipe&) const override { return world->outside; }
  std::optional<plan::Workload> workload(const Recipe&) const override { return world->workload; }
  Estimate estimate(const Recipe&) const override {
    return {.tokens = 1000.0 * static_cast<double>(settings.steps), .flops = 2e6};
  }
  void run(Context& context) const override {
    context.cost.add_tokens(100);
    context.cost.add_flops(5e5);
    world->on_run(context);
    world->made.push_back(settings.makes);
    write_file(context.output / "made", settings.makes);
  }
};

inline Registry fake_kinds(const std::shared_ptr<FakeWorld>& world) {
  return {{"fake", [world](const ConfigNode& table, std::string_view path, Problems& problems) {
             auto process = std::make_unique<FakeProcess>();
             process->settings = read_config<FakeSettings>(table, path, problems);
             process->world = world;
             return process;
           }}};
}

}  // namespace rq::pipeline
