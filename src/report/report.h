#pragma once
// The report of a run: all that its folder tells, as one JSON value, and as one page that needs
// nothing else.
//
//   write_file(run.folder / "report.html", to_page(report_of(run, {}), PageUse::kFile));

#include <filesystem>
#include <string>

#include "base/json.h"
#include "report/costs.h"
#include "report/run.h"

namespace rq::report {

struct ReportConfig {
  Prices prices = {};
  std::string links = {};  // what stands before links to the run's files: "" where the page lies in
                           // the run folder
};

// Reads what is there; each thing that is missing or cannot be read is a sentence in "missing".
// REQUIRES that no other thread is in here (flow_svg.h).
Json report_of(const Run& run, const ReportConfig& config);

// A file is whole and still; a served page asks its server for what is new (server.h).
enum class PageUse { kFile, kServed };
std::string to_page(const Json& report, PageUse use);

}  // namespace rq::report
