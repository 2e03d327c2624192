#pragma once
// What the models of a run answered to the same questions, side by side: rollouts of reinforcement
// learning, and teachers' answers of synthesis.

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/json.h"
#include "report/run.h"

namespace rq::report {

// [{"question": id, "prompt", "answer": the right one or "", "answers": [{"by": process, "file",
// "step", "text", "right", "reward", "tokens", "cut"}]}]: `most` questions, those that most
// processes answered first. Members that a file does not tell are null.
Json samples_of(const Run& run, std::size_t most);

}  // namespace rq::report
