#include "serve/metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"

namespace rq::serve {
namespace {

struct Series {
  std::string_view name, type, help;
  std::int64_t generate::EngineStatus::* value;
};

using Status = generate::EngineStatus;
constexpr std::array kSeries{
    Series{"requests_running", "gauge", "answers under way", &Status::running},
    Series{"requests_waiting", "gauge", "requests that have not begun", &Status::waiting},
    Series{"cache_pages_used", "gauge", "pages that answers hold", &Status::pages_held},
    Series{"cache_pages", "gauge", "pages there are", &Status::pages},
    Series{"prompt_tokens_total", "counter", "tokens of prompts", &Status::prompt_tokens},
    Series{
        "reused_tokens_total", "counter", "of these, in the cache already", &Status::reused_tokens},
    Series{"answer_tokens_total", "counter", "tokens of answers", &Status::answer_tokens},
    Series{"drafted_tokens_total", "counter", "tokens guessed ahead", &Status::drafted_tokens},
    Series{"accepted_tokens_total", "counter", "of these, right", &Status::accepted_tokens},
    Series{"set_aside_total", "counter", "times an answer lost its pages", &Status::set_aside},
};

// As a label's value wants it.
std::string label_value(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result + '"';
}

constexpr std::array<std::string_view, 6> kPaths = {
    "/v1/completions", "/v1/chat/completions", "/v1/tokenize", "/v1/models", "/health", "/metrics"};

}  // namespace

void Metrics::count(const std::string& path, int status) {
  const bool is_known = std::ranges::find(kPaths, path) != kPaths.end();
  const std::lock_guard lock(mutex_);
  ++requests_[{is_known ? path : "other", status}];
}

std::string Metrics::text(const std::vector<std::unique_ptr<ModelHost>>& models) const {
  std::string text;
  std::vector<generate::EngineStatus> states;
  for (const auto& model : models) {
    states.push_back(model->status());
  }
  for (const Series& series : kSeries) {
    text += fmt::format(
        "# HELP rorqual_{0} {1}\n# TYPE rorqual_{0} {2}\n", series.name, series.help, series.type);
    for (std::size_t i = 0; i < models.size(); ++i) {
      text += fmt::format("rorqual_{}{{model={}}} {}\n",
                          series.name,
                          label_value(models[i]->name()),
                          states[i].*series.value);
    }
  }
  text +=
      "# HELP rorqual_http_requests_total requests that were answered\n"
      "# TYPE rorqual_http_requests_total counter\n";
  const std::lock_guard lock(mutex_);
  for (const auto& [key, count] : requests_) {
    text += fmt::format("rorqual_http_requests_total{{path={},status=\"{}\"}} {}\n",
                        label_value(key.first),
                        key.second,
                        count);
  }
  return text;
}

}  // namespace rq::serve
