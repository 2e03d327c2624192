#include "pipeline/plan_settings.h"

#include <string>
#include <vector>

#include "base/require.h"

namespace rq::pipeline {

std::vector<std::string> PlanSettings::problems() const {
  Requirements all;
  all.require(ask_above_hours >= 0, "ask_above_hours={} must not be negative", ask_above_hours);
  all.require(
      ask_above_dollars >= 0, "ask_above_dollars={} must not be negative", ask_above_dollars);
  all.require(dollars_per_hour >= 0, "dollars_per_hour={} must not be negative", dollars_per_hour);
  all.require_positive("documents", documents);
  all.require_positive("sample_tokens", sample_tokens);
  all.require_positive("prompt_tokens", prompt_tokens);
  all.require(answer_tokens >= 0, "answer_tokens={} must not be negative", answer_tokens);
  return all.take();
}

}  // namespace rq::pipeline
