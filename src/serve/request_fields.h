#pragma once
// What a request's JSON says, checked: a member of the wrong type or out of its range is an
// ApiError that names it.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "generate/sampling.h"

namespace rq::serve {

// An object of at most a few dozen levels, out of a request's body.
Json parse_body(const std::string& body);

struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

// The member, or the fallback where it is absent or null.
double number_or(const Json& body, const std::string& name, double fallback, Range range = {});
std::int64_t integer_or(const Json& body,
                        const std::string& name,
                        std::int64_t fallback,
                        std::int64_t least,
                        std::int64_t most);
bool flag_or(const Json& body, const std::string& name, bool fallback);
std::string text_or(const Json& body, const std::string& name, const std::string& fallback);

// The members that completions and chats have in common.
struct Settings {
  generate::Sampling sampling;
  std::vector<std::string> stops;
  std::int64_t n = 1;  // answers to each prompt
  bool streams = false;
  bool streams_usage = false;
};
Settings read_settings(const Json& body, std::int64_t vocabulary);

}  // namespace rq::serve
