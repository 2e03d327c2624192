#pragma once
// The program that examines functions. It parts into two processes before it has read anything: the
// candidate runs the code under test, and the examiner runs the tests, in which each name that only
// the code can define stands for a call to the other process. Arguments and results cross as JSON
// and become plain values again, so that nothing of the candidate's ever runs in the examiner. It
// alone has the tests and the sandbox's output.

#include <string_view>

namespace rq::reward {

// Python. Reads one JSON object with the members prefix, code, tests and entry_point. Writes JSON
// objects, one a line: {"total": n} first; {"test": i, "failure": null or a sentence} when test i
// has passed for the first time, or failed; {"end": null or a sentence on what ended it early}.
std::string_view examiner_program();

}  // namespace rq::reward
