#include "pipeline/plan_settings.h"

#include <string>
#include <vector>

#include "base/require.h"

namespace rq::pipeline {

std::vector<std::string> AnswerSettings::problems() const {
  Requirements all;
  all.require(tokens >= 0, "tokens={} must not be negative", tokens);
  all.require(most == 0 || most >= tokens, "most={} must not be less than tokens={}", most, tokens);
  all.require(kept > 0 && kept <= 1, "kept={} must lie above 0 and not above 1", kept);
  return all.take();
}

std::vector<std::string> PlanSettings::problems() const {
  Requirements all;
  all.require(ask_above_hours >= 0, "ask_above_hours={} must not be negative", ask_above_hours);
  all.require(
      ask_above_dollars >= 0, "ask_above_dollars={} must not be negative", ask_above_dollars);
  all.require(dollars_per_hour >= 0, "dollars_per_hour={} must not be negative", dollars_per_hour);
  all.require_positive("documents", documents);
  all.require(sample_tokens >= 0, "sample_tokens={} must not be negative", sample_tokens);
  all.require(prompt_tokens >= 0, "prompt_tokens={} must not be negative", prompt_tokens);
  all.require(bytes_per_token > 0, "bytes_per_token={} must be positive", bytes_per_token);
  all.require(answer_tokens >= 0, "answer_tokens={} must not be negative", answer_tokens);
  return all.take();
}

}  // namespace rq::pipeline
