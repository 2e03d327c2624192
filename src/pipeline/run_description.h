#pragma once
// A run folder as report/run.h wants it: its flow, its steps, what they cost.

#include <filesystem>

#include "pipeline/process.h"
#include "report/run.h"

namespace rq::pipeline {

// Of whatever is there: a run that is going on, was stopped, crashed, or was made by an older
// version. What cannot be read is a sentence in `missing`. An Error where there is no such folder.
report::Run describe_run(const std::filesystem::path& run_dir, const Registry& registry);

}  // namespace rq::pipeline
