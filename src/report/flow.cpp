#include "report/flow.h"

#include <string_view>

namespace rq::report {

std::string_view state_name(State state) {
  switch (state) {
    case State::kGiven:
      return "given";
    case State::kWaiting:
      return "waiting";
    case State::kRunning:
      return "running";
    case State::kStopped:
      return "stopped";
    case State::kForPeople:
      return "for people";
    case State::kFailed:
      return "failed";
    case State::kStale:
      return "stale";
    case State::kDone:
      return "done";
  }
  return "";
}

}  // namespace rq::report
