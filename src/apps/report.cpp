// rorqual report: all that a run folder tells, as one page.

#include "report/report.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/files.h"
#include "base/format.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/run_description.h"
#include "plan/device.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  fs::path run, output;
  std::optional<double> price;  // dollars an hour
  std::string device;           // one of plan/devices.toml
};

// What leads from the page to the run folder.
std::string links_from(const fs::path& page, const fs::path& run) {
  const fs::path way =
      fs::canonical(run).lexically_relative(fs::absolute(page).lexically_normal().parent_path());
  return way == "." ? "" : way.string() + "/";
}

void write_report(const ReportOptions& options) {
  report::ReportConfig config;
  if (!options.device.empty()) {
    const plan::Device device = plan::parse_cluster(options.device, plan::known_devices()).device;
    config.prices.device_hour = device.dollars_per_hour;
    config.prices.device_kilowatts = device.kilowatts();
  }
  if (options.price) {
    config.prices.device_hour = config.prices.core_hour = *options.price;
  }
  config.prices.validate();
  const report::Run run = pipeline::describe_run(options.run, pipeline::all_kinds());
  const fs::path output = options.output.empty() ? options.run / "report.html" : options.output;
  config.links = links_from(output, options.run);
  const Json report = report::report_of(run, config);
  write_file(output, report::to_page(report, report::PageUse::kFile));
  std::cout << output.string() << "\n";
  for (const Json& sentence : report["missing"]) {
    std::cout << "missing: " << sentence.get<std::string>() << "\n";
  }
}

}  // namespace

void add_report(CLI::App& app) {
  const auto options = std::make_shared<ReportOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "report",
      "Writes all that a run folder tells as one page: the flow, costs by stage, curves, context,\n"
      "answers side by side, data, and how to make the run again. The page needs no network.");
  verb->add_option("RUN", options->run, "a run folder, such as runs/tiny")->required();
  verb->add_option("--output", options->output, "the page; RUN/report.html if not given")
      ->type_name("FILE");
  verb->add_option("--price",
                   options->price,
                   "dollars that an hour is taken to cost: of an accelerator where any were held\n"
                   "(2 if not given), else of a core (0.05)")
      ->type_name("DOLLARS");
  verb->add_option(
          "--device",
          options->device,
          "the accelerators that were held (h100, h200, h800, a100, 4090): their price, and\n"
          "their stated power, from which energy is estimated")
      ->type_name("DEVICE");
  verb->footer(
      "Of a run that is going on, was killed or is of an older version it shows what is there and\n"
      "says what is missing. What needle, score --by-position, solve and eval write as .json into\n"
      "the run folder, or its folder evaluation/, is shown too.\n");
  verb->callback([options] { write_report(*options); });
}

}  // namespace rq
