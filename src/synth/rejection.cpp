#include "synth/rejection.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/require.h"

namespace rq::synth {

std::vector<std::string> KeepConfig::problems() const {
  Requirements all;
  all.require_positive("at_most", at_most);
  all.require(most_solved > 0 && most_solved <= 1,
              "most_solved={} must lie above 0 and not above 1",
              most_solved);
  return all.take();
}

std::vector<std::size_t> kept(std::span<const Candidate> candidates, const KeepConfig& config) {
  const auto right = std::ranges::count(candidates, true, &Candidate::is_right);
  if (static_cast<double>(right) > config.most_solved * static_cast<double>(candidates.size())) {
    return {};
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].is_whole() && (candidates[i].is_right || !config.right)) {
      order.push_back(i);
    }
  }
  if (config.prefer == Prefer::kBrief) {
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return candidates[i].tokens; });
  }
  std::set<std::string_view> texts;
  std::vector<std::size_t> chosen;
  for (const std::size_t i : order) {
    if (static_cast<std::int64_t>(chosen.size()) < config.at_most &&
        texts.insert(candidates[i].text).second) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

std::optional<RightAndWrong> right_and_wrong(std::span<const Candidate> candidates,
                                             const KeepConfig& config) {
  const std::vector<std::size_t> right = kept(candidates, config);
  const auto wrong = std::ranges::find_if(
      candidates, [](const Candidate& one) { return !one.is_right && one.is_whole(); });
  if (right.empty() || !candidates[right.front()].is_right || wrong == candidates.end()) {
    return std::nullopt;
  }
  return RightAndWrong{.right = right.front(),
                       .wrong = static_cast<std::size_t>(wrong - candidates.begin())};
}

void KeptTally::add(const std::string& domain,
                    std::span<const Candidate> candidates,
                    std::span<const std::size_t> kept) {
  Counts& counts = domains_[domain];
  ++counts.problems;
  counts.unsolved += kept.empty() ? 1 : 0;
  for (const Candidate& candidate : candidates) {
    ++counts.answers;
    counts.right += candidate.is_right ? 1 : 0;
    counts.cut += candidate.is_cut ? 1 : 0;
    counts.empty += candidate.text.empty() ? 1 : 0;
    counts.tokens += candidate.tokens;
  }
  for (const std::size_t i : kept) {
    ++counts.kept;
    counts.kept_tokens += candidates[i].tokens;
  }
}

Json KeptTally::as_json() const {
  const auto mean = [](std::int64_t sum, std::int64_t count) {
    return count == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(count);
  };
  Json domains = Json::object();
  for (const auto& [domain, counts] : domains_) {
    domains[domain] = {{"problems", counts.problems},
                       {"answers", counts.answers},
                       {"pass_rate", mean(counts.right, counts.answers)},
                       {"cut", counts.cut},
                       {"empty", counts.empty},
                       {"mean_tokens", mean(counts.tokens, counts.answers)},
                       {"problems_without_an_answer", counts.unsolved},
                       {"kept", counts.kept},
                       {"mean_tokens_kept", mean(counts.kept_tokens, counts.kept)}};
  }
  return domains;
}

}  // namespace rq::synth
