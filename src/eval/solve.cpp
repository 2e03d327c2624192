#include "eval/solve.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/threads.h"
#include "generate/answer_all.h"

namespace rq::eval {
namespace {

PassRate rate_of(std::string name, const std::vector<const Solved*>& solved) {
  PassRate rate{.name = std::move(name), .problems = static_cast<std::int64_t>(solved.size())};
  const auto problems = static_cast<double>(solved.size());
  for (const Solved* const one : solved) {
    const double share = 1 / (problems * static_cast<double>(one->answers.size()));
    for (const SolvedAnswer& answer : one->answers) {
      rate.right += answer.grade.is_right ? share : 0;
      rate.score += answer.grade.score * share;
      rate.tokens += static_cast<double>(answer.tokens) * share;
      rate.cut += answer.is_cut ? share : 0;
    }
  }
  rate.interval = wilson_interval(std::llround(rate.right * problems), rate.problems);
  return rate;
}

}  // namespace

std::vector<Solved> solve(const Asked& asked,
                          std::span<const reward::Problem> problems,
                          const SolveConfig& config,
                          const std::function<void(std::int64_t done)>& on_progress) {
  const reward::Sandbox sandbox;
  generate::Engine engine(asked.model, {});
  std::vector<generate::Request> requests;
  for (const reward::Problem& problem : problems) {
    Rng seeds(config.seed, problem.id);
    const Json messages = Json::array({{{"role", "user"}, {"content", problem.prompt}}});
    const auto prompt = asked.tokenizer.encode(asked.format.render(messages));
    for (std::int64_t i = 0; i < config.samples; ++i) {
      requests.push_back({.prompt = prompt,
                          .sampling = {.temperature = config.temperature, .seed = seeds.next()},
                          .max_tokens = config.max_tokens,
                          .end_tokens = asked.end_tokens});
    }
  }
  std::int64_t done = 0;
  const std::vector<generate::Answer> answers =
      generate::answer_all(engine, std::move(requests), [&](std::size_t, const generate::Answer&) {
        on_progress(++done);
      });
  const auto samples = static_cast<std::size_t>(config.samples);
  std::vector<Solved> solved;
  for (const reward::Problem& problem : problems) {
    solved.push_back({problem, std::vector<SolvedAnswer>(samples)});
  }
  for_each_index(answers.size(), threads_for(0), [&](std::size_t i) {
    Solved& one = solved[i / samples];
    SolvedAnswer& answer = one.answers[i % samples];
    answer.text = asked.tokenizer.decode(answers[i].tokens);
    answer.tokens = static_cast<std::int64_t>(answers[i].tokens.size());
    answer.is_cut = answers[i].is_cut;
    answer.grade = reward::grade(one.problem, answer.text, sandbox);
  });
  return solved;
}

std::vector<PassRate> pass_rates(std::span<const Solved> solved) {
  std::map<std::string, std::vector<const Solved*>> kinds, domains;
  std::map<std::string, std::set<std::string>> kinds_of;
  std::vector<const Solved*> all;
  for (const Solved& one : solved) {
    const std::string domain(name_of(one.problem.domain));
    kinds[one.problem.kind].push_back(&one);
    domains[domain].push_back(&one);
    kinds_of[domain].insert(one.problem.kind);
    all.push_back(&one);
  }
  std::vector<PassRate> rates;
  for (const auto& [kind, held] : kinds) {
    rates.push_back(rate_of(kind, held));
  }
  for (const auto& [domain, held] : domains) {
    if (kinds_of[domain].size() > 1) {
      rates.push_back(rate_of(domain, held));
    }
  }
  if (domains.size() > 1) {
    rates.push_back(rate_of("all", all));
  }
  return rates;
}

}  // namespace rq::eval
