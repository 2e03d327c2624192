#include "generate/sampling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "kernels/cpu/draw.h"

namespace rq::generate {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

std::int64_t count_of(std::span<const float> logits) {
  return static_cast<std::int64_t>(logits.size());
}

// The settings that look back or forbid, applied.
void change(std::vector<float>& logits, const Sampling& sampling, const Said& said) {
  std::unordered_map<std::int32_t, std::int64_t> in_answer;
  for (const std::int32_t token : said.answer) {
    ++in_answer[token];
  }
  if (sampling.repetition_penalty != 1) {
    std::unordered_map<std::int32_t, std::int64_t> seen = in_answer;
    for (const std::int32_t token : said.prompt) {
      seen.try_emplace(token);
    }
    const auto penalty = static_cast<float>(sampling.repetition_penalty);
    for (const auto& [token, count] : seen) {
      float& logit = logits[static_cast<std::size_t>(token)];
      logit = logit > 0 ? logit / penalty : logit * penalty;
    }
  }
  for (const auto& [token, count] : in_answer) {
    logits[static_cast<std::size_t>(token)] -= static_cast<float>(
        sampling.presence_penalty + sampling.frequency_penalty * static_cast<double>(count));
  }
  for (const auto& [token, bias] : sampling.bias) {
    logits[static_cast<std::size_t>(token)] += bias;
  }
  for (const std::int32_t token : sampling.banned) {
    logits[static_cast<std::size_t>(token)] = kNever;
  }
}

// The tokens that top_k, top_p and min_p leave.
std::vector<std::int32_t> kept_tokens(std::span<const float> logits, const Sampling& sampling) {
  const double scale = 1 / sampling.temperature;
  const double peak = static_cast<double>(*std::ranges::max_element(logits));
  const auto weight = [&](std::int32_t token) {
    return std::exp((static_cast<double>(logits[static_cast<std::size_t>(token)]) - peak) * scale);
  };
  const auto is_behind = [&](std::int32_t a, std::int32_t b) {  // a is less probable than b
    const float left = logits[static_cast<std::size_t>(a)];
    const float right = logits[static_cast<std::size_t>(b)];
    return left != right ? left < right : a > b;
  };
  std::vector<std::int32_t> heap(logits.size()), kept;
  std::iota(heap.begin(), heap.end(), 0);
  std::ranges::make_heap(heap, is_behind);
  const std::size_t most =
      sampling.top_k > 0 ? static_cast<std::size_t>(sampling.top_k) : heap.size();
  double total = 0;
  if (sampling.top_p < 1) {  // of what top_k leaves
    std::vector<std::int32_t> tokens = heap;
    if (most < tokens.size()) {
      std::ranges::nth_element(tokens,
                               tokens.begin() + static_cast<std::ptrdiff_t>(most),
                               [&](auto a, auto b) { return is_behind(b, a); });
      tokens.resize(most);
    }
    for (const std::int32_t token : tokens) {
      total += weight(token);
    }
  }
  double mass = 0;
  while (!heap.empty() && kept.size() < most) {
    const std::int32_t token = heap.front();
    const double share = weight(token);
    if (!kept.empty() &&
        (share < sampling.min_p || (sampling.top_p < 1 && mass >= sampling.top_p * total))) {
      break;
    }
    kept.push_back(token);
    mass += share;
    std::ranges::pop_heap(heap, is_behind);
    heap.pop_back();
  }
  return kept;
}

}  // namespace

std::vector<std::string> Sampling::problems(std::int64_t vocab_size) const {
  std::vector<std::string> all;
  const auto demand = [&](bool ok, std::string problem) {
    if (!ok) {
      all.push_back(std::move(problem));
    }
  };
  demand(repetition_penalty > 0,
         fmt::format("repetition_penalty={} must be positive", repetition_penalty));
  for (const auto& [name, value] : {std::pair{"presence_penalty", presence_penalty},
                                    std::pair{"frequency_penalty", frequency_penalty}}) {
    demand(value >= -2 && value <= 2, fmt::format("{}={} must lie in [-2, 2]", name, value));
  }
  demand(temperature >= 0 && temperature <= 100,
         fmt::format("temperature={} must lie in [0, 100]", temperature));
  demand(top_k >= 0, fmt::format("top_k={} must not be negative", top_k));
  demand(top_p > 0 && top_p <= 1, fmt::format("top_p={} must lie in (0, 1]", top_p));
  demand(min_p >= 0 && min_p <= 1, fmt::format("min_p={} must lie in [0, 1]", min_p));
  const auto demand_token = [&](std::string_view name, std::int32_t token) {
    demand(token >= 0 && token < vocab_size,
           fmt::format("{}: token {} is outside the vocabulary of {}", name, token, vocab_size));
  };
  for (const auto& [token, value] : bias) {
    demand_token("bias", token);
    demand(std::isfinite(value), fmt::format("bias of token {} is {}", token, value));
  }
  for (const std::int32_t token : banned) {
    demand_token("banned", token);
  }
  for (const std::int32_t token : forced) {
    demand_token("forced", token);
  }
  demand(static_cast<std::int64_t>(banned.size()) < vocab_size, "every token is banned");
  return all;
}

Sampler::Sampler(Sampling sampling)
    : sampling_(std::move(sampling)), key_(Rng(sampling_.seed, "generate").next()) {}

bool Sampler::changes_logits() const {
  return sampling_.repetition_penalty != 1 || sampling_.presence_penalty != 0 ||
         sampling_.frequency_penalty != 0 || !sampling_.bias.empty() || !sampling_.banned.empty();
}

std::int32_t Sampler::operator()(std::span<const float> logits, const Said& said) const {
  const std::size_t place = said.answer.size();
  if (place < sampling_.forced.size()) {
    return sampling_.forced[place];
  }
  std::vector<float> changed;
  if (changes_logits()) {
    changed.assign(logits.begin(), logits.end());
    change(changed, sampling_, said);
    logits = changed;
  }
  if (sampling_.temperature == 0) {
    return static_cast<std::int32_t>(kernels::cpu::largest(logits.data(), count_of(logits)));
  }
  const std::uint64_t key = mix64(key_ + place);
  const auto scale = static_cast<float>(1 / sampling_.temperature);
  if (sampling_.top_k == 0 && sampling_.top_p == 1 && sampling_.min_p == 0) {
    std::vector<float> scratch(logits.size());
    return static_cast<std::int32_t>(
        kernels::cpu::draw(logits.data(), count_of(logits), scale, key, scratch.data()));
  }
  const std::vector<std::int32_t> kept = kept_tokens(logits, sampling_);
  return static_cast<std::int32_t>(kernels::cpu::draw_among(
      logits.data(), kept.data(), static_cast<std::int64_t>(kept.size()), scale, key));
}

float logprob_of(std::span<const float> logits, std::int32_t token) {
  return logits[static_cast<std::size_t>(token)] -
         kernels::cpu::log_sum_exp(logits.data(), count_of(logits));
}

std::vector<TokenLogprob> most_probable(std::span<const float> logits, std::int64_t count) {
  std::vector<std::int32_t> tokens(logits.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  const auto kept = std::min(static_cast<std::size_t>(count), tokens.size());
  std::ranges::partial_sort(tokens,
                            tokens.begin() + static_cast<std::ptrdiff_t>(kept),
                            [&](std::int32_t a, std::int32_t b) {
                              const float left = logits[static_cast<std::size_t>(a)];
                              const float right = logits[static_cast<std::size_t>(b)];
                              return left != right ? left > right : a < b;
                            });
  const float total = kernels::cpu::log_sum_exp(logits.data(), count_of(logits));
  std::vector<TokenLogprob> best;
  for (std::size_t i = 0; i < kept; ++i) {
    best.push_back({tokens[i], logits[static_cast<std::size_t>(tokens[i])] - total});
  }
  return best;
}

}  // namespace rq::generate
