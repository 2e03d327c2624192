#pragma once
// What a queue says, as JSON for the page and as text for people.

#include <string>

#include "base/json.h"
#include "review/queue.h"

namespace rq::review {

// {"id", "messages", "candidates": [{"text", "origin"}], "said": [{"reviewer", "verdict", ...}]}
Json as_json(const Given& given);
// {"verdict": "edit", "candidate": 0, "text": "..."}
Json as_json(const Verdict& verdict);
// {"items", "done", "complete", "states": {"new": 3, ...}, "verdicts": {"accept": 5, ...},
//  "reviewers": [{"name", "verdicts"}], "agreement": {"items", "observed", "kappa", "pairs"}}
Json as_json(const Progress& progress);

// A few lines, with a newline at the end.
std::string as_text(const Progress& progress);

// An item of a line of JSON: {"id", "messages", "candidates": [{"text", "origin"}]}; an Error
// naming `origin` where it is none.
Item read_item(const std::string& line, const std::string& origin);

}  // namespace rq::review
