#pragma once
// What a training reported of its steps (work/NODE/metrics.jsonl), thinned out for plots so that
// nothing that stands out is lost.

#include <cstddef>
#include <filesystem>

#include "base/json.h"

namespace rq::report {

// {"steps": [..], "series": {"loss": [..], ..}, beside the steps, null where a step has no such
// value; "all_steps": how many there are; "stride"; "spikes": [steps whose loss stands out from
// those before it]; "skipped": [steps that were not stepped on]; "load_ratio": [[of each step], a
// list a block]; "expert_load": [[tokens of each expert], a list a block] of the last step;
// "unreadable": lines}. Every `stride`th step, so many that there are at most twice `most_points`,
// and beside them all that stand out. Null where there are none.
Json curves_of(const std::filesystem::path& metrics, std::size_t most_points);

}  // namespace rq::report
