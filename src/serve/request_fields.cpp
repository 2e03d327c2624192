#include "serve/request_fields.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "serve/api_error.h"

namespace rq::serve {
namespace {

constexpr int kDeepest = 32;
constexpr std::int64_t kMostAnswers = 128;
constexpr std::size_t kMostStops = 16, kLongestStop = 1024;

// Null where the member is absent.
const Json& member(const Json& body, const std::string& name) {
  static const Json null;
  const auto found = body.find(name);
  return found == body.end() ? null : *found;
}

[[noreturn]] void refuse(const std::string& name, const std::string& demand, const Json& value) {
  std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t kShown = 60;
  if (shown.size() > kShown) {
    shown = shown.substr(0, kShown) + "...";
  }
  throw ApiError(400, fmt::format("{} must be {}, not {}", name, demand, shown), name);
}

std::vector<std::string> read_stops(const Json& body) {
  const Json& stop = member(body, "stop");
  std::vector<std::string> stops;
  if (stop.is_string()) {
    stops.push_back(stop.get<std::string>());
  } else if (stop.is_array()) {
    for (const Json& one : stop) {
      if (!one.is_string()) {
        refuse("stop", "a text or a list of texts", stop);
      }
      stops.push_back(one.get<std::string>());
    }
  } else if (!stop.is_null()) {
    refuse("stop", "a text or a list of texts", stop);
  }
  if (stops.size() > kMostStops) {
    refuse("stop", fmt::format("a list of at most {}", kMostStops), stop);
  }
  for (const std::string& one : stops) {
    if (one.empty() || one.size() > kLongestStop) {
      refuse("stop", fmt::format("of texts of 1 to {} bytes", kLongestStop), stop);
    }
  }
  return stops;
}

std::vector<std::pair<std::int32_t, float>> read_bias(const Json& body) {
  const Json& bias = member(body, "logit_bias");
  std::vector<std::pair<std::int32_t, float>> read;
  if (bias.is_null()) {
    return read;
  }
  if (!bias.is_object()) {
    refuse("logit_bias", "an object of numbers by token", bias);
  }
  for (const auto& [key, value] : bias.items()) {
    std::int32_t token = 0;
    const auto parsed = std::from_chars(key.data(), key.data() + key.size(), token);
    if (parsed.ec != std::errc() || parsed.ptr != key.data() + key.size() || !value.is_number() ||
        std::abs(value.get<double>()) > 100) {
      refuse("logit_bias", "an object of numbers in [-100, 100] by token", bias);
    }
    read.emplace_back(token, value.get<float>());
  }
  return read;
}

}  // namespace

Json parse_body(const std::string& body) {
  Json parsed;
  try {
    parsed = Json::parse(body, [](int depth, Json::parse_event_t, Json&) {
      if (depth > kDeepest) {
        throw ApiError(400, fmt::format("the JSON is nested more than {} deep", kDeepest));
      }
      return true;
    });
  } catch (const Json::exception& error) {
    throw ApiError(400, fmt::format("the body is not JSON: {}", error.what()));
  }
  if (!parsed.is_object()) {
    throw ApiError(400, "the body must be a JSON object");
  }
  return parsed;
}

double number_or(const Json& body, const std::string& name, double fallback, Range range) {
  const Json& value = member(body, name);
  if (value.is_null()) {
    return fallback;
  }
  if (!value.is_number()) {
    refuse(name, "a number", value);
  }
  const auto number = value.get<double>();
  if (!(number >= range.least && number <= range.most)) {
    refuse(name, fmt::format("in [{}, {}]", range.least, range.most), value);
  }
  return number;
}

std::int64_t integer_or(const Json& body,
                        const std::string& name,
                        std::int64_t fallback,
                        std::int64_t least,
                        std::int64_t most) {
  const Json& value = member(body, name);
  if (value.is_null()) {
    return fallback;
  }
  const bool is_huge = value.is_number_unsigned() &&
                       value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  if (!value.is_number_integer() || is_huge || value.get<std::int64_t>() < least ||
      value.get<std::int64_t>() > most) {
    refuse(name, fmt::format("a whole number in [{}, {}]", least, most), value);
  }
  return value.get<std::int64_t>();
}

bool flag_or(const Json& body, const std::string& name, bool fallback) {
  const Json& value = member(body, name);
  if (!value.is_null() && !value.is_boolean()) {
    refuse(name, "true or false", value);
  }
  return value.is_null() ? fallback : value.get<bool>();
}

std::string text_or(const Json& body, const std::string& name, const std::string& fallback) {
  const Json& value = member(body, name);
  if (!value.is_null() && !value.is_string()) {
    refuse(name, "a text", value);
  }
  return value.is_null() ? fallback : value.get<std::string>();
}

Settings read_settings(const Json& body, std::int64_t vocabulary) {
  Settings settings;
  generate::Sampling& sampling = settings.sampling;
  sampling.temperature = number_or(body, "temperature", 1, {0, 100});
  sampling.top_p = number_or(body, "top_p", 1, {0, 1});
  sampling.top_k = integer_or(body, "top_k", 0, -1, vocabulary);
  sampling.top_k = sampling.top_k < 0 ? 0 : sampling.top_k;  // others write -1 for all
  sampling.min_p = number_or(body, "min_p", 0, {0, 1});
  sampling.repetition_penalty = number_or(body, "repetition_penalty", 1, {1e-3, 1e3});
  sampling.presence_penalty = number_or(body, "presence_penalty", 0, {-2, 2});
  sampling.frequency_penalty = number_or(body, "frequency_penalty", 0, {-2, 2});
  sampling.bias = read_bias(body);
  sampling.seed = static_cast<std::uint64_t>(integer_or(
      body, "seed", static_cast<std::int64_t>(std::random_device()()), INT64_MIN, INT64_MAX));
  settings.stops = read_stops(body);
  settings.n = integer_or(body, "n", 1, 1, kMostAnswers);
  if (integer_or(body, "best_of", settings.n, 1, kMostAnswers) != settings.n) {
    refuse("best_of", "the same as n", member(body, "best_of"));
  }
  settings.streams = flag_or(body, "stream", false);
  const Json& options = member(body, "stream_options");
  if (!options.is_null() && !options.is_object()) {
    refuse("stream_options", "an object", options);
  }
  settings.streams_usage = options.is_object() && flag_or(options, "include_usage", false);
  return settings;
}

}  // namespace rq::serve
