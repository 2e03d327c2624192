// rorqual verify: proves this build and a configuration against the published facts, a line each.

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "apps/verify_report.h"
#include "base/check.h"
#include "base/format.h"
#include "model/config.h"
#include "model/hf_config.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAbout =
    "Proves this program against DeepSeek-V3's published facts, a line each: pass, or FAIL with "
    "both\n"
    "numbers. Parameter counts, rotary ranges and scales, the choice of experts, schedules; then a "
    "small\n"
    "network with every part of the configuration against slow loops over doubles: hidden states, "
    "cached\n"
    "decoding, losses, gradient, bias update, and what multi-token prediction may see.";
constexpr const char* kFooter =
    "Without CONFIG the small network has the parts of DeepSeek-V3. Exit code 1 where a fact does "
    "not hold.\n"
    "Takes a few seconds.\n";

model::ModelConfig read_config_of(const fs::path& path) {
  return model::read_hf_config(fs::is_directory(path) ? path / "config.json" : path);
}

void verify(const std::string& path) {
  const model::ModelConfig config = path.empty() ? model::deepseek_v3() : read_config_of(path);
  VerifyReport report;
  verify_published_facts(report);
  verify_network(config, report);
  if (report.failures() > 0) {
    throw MachineError(
        fmt::format("{} of {} facts do not hold", report.failures(), report.facts()));
  }
  std::cout << fmt::format("all {} facts hold\n", report.facts());
}

}  // namespace

void add_verify(CLI::App& app) {
  const auto path = std::make_shared<std::string>();  // lives as long as the callback
  CLI::App* verb = app.add_subcommand("verify", kAbout);
  verb->add_option("CONFIG", *path, "A model folder, or a config.json")->check(CLI::ExistingPath);
  verb->footer(kFooter);
  verb->callback([path] { verify(*path); });
}

}  // namespace rq
