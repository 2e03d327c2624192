#pragma once
// The one figure that says how far something has come, from the files of a run.

#include <filesystem>
#include <string>

namespace rq::report {

// Of a training, by the last step in its metrics.jsonl: "reward 0.62", "needles 93 %" or "loss
// 3.21", the first of them that it reports; empty where there is none.
std::string training_headline(const std::filesystem::path& metrics);

// Of a data folder, by its manifest: "5.3 MiB"; empty where there is none.
std::string data_headline(const std::filesystem::path& folder);

}  // namespace rq::report
