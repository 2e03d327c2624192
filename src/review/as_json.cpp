#include "review/as_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "review/agreement.h"
#include "review/verdict.h"

namespace rq::review {
namespace {

constexpr std::array<std::pair<State, std::string_view>, 6> kStates = {{
    {State::kNew, "new"},
    {State::kWaiting, "waiting"},
    {State::kFlagged, "flagged"},
    {State::kTied, "tied"},
    {State::kAccepted, "accepted"},
    {State::kRejected, "rejected"},
}};
constexpr std::array kKinds = {Kind::kAccept, Kind::kEdit, Kind::kReject, Kind::kFlag};

Json or_null(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

std::string in_words(const std::optional<double>& kappa) {
  return kappa ? fmt::format("kappa {:.2f}", *kappa) : "no kappa: they always said the same";
}

}  // namespace

Json as_json(const Verdict& verdict) {
  return {
      {"verdict", name_of(verdict.kind)}, {"candidate", verdict.candidate}, {"text", verdict.text}};
}

Json as_json(const Given& given) {
  Json candidates = Json::array();
  for (const Candidate& candidate : given.item.candidates) {
    candidates.push_back({{"text", candidate.text}, {"origin", candidate.origin}});
  }
  Json said = Json::array();
  for (const Judgement& judgement : given.said) {
    Json one = {{"reviewer", judgement.reviewer}, {"time_s", judgement.time_s}};
    one.update(as_json(judgement.verdict));
    said.push_back(std::move(one));
  }
  return {{"id", given.item.id},
          {"messages", parse_json(given.item.messages, given.item.id)},
          {"candidates", std::move(candidates)},
          {"said", std::move(said)}};
}

Json as_json(const Progress& progress) {
  Json states = Json::object(), verdicts = Json::object();
  for (const auto& [state, name] : kStates) {
    states[std::string(name)] = progress.states.at(state);
  }
  for (const Kind kind : kKinds) {
    verdicts[std::string(name_of(kind))] = progress.verdicts(kind);
  }
  Json reviewers = Json::array();
  for (const ReviewerCounts& reviewer : progress.reviewers) {
    Json own = Json::object();
    for (const Kind kind : kKinds) {
      own[std::string(name_of(kind))] = reviewer.verdicts.at(kind);
    }
    reviewers.push_back({{"name", reviewer.name}, {"verdicts", std::move(own)}});
  }
  Json pairs = Json::array();
  for (const PairAgreement& pair : progress.agreement.pairs) {
    pairs.push_back({{"reviewers", {pair.first, pair.second}},
                     {"items", pair.items},
                     {"observed", pair.observed},
                     {"kappa", or_null(pair.kappa)}});
  }
  return {{"items", progress.items()},
          {"done", progress.done()},
          {"complete", progress.done() == progress.items()},
          {"states", std::move(states)},
          {"verdicts", std::move(verdicts)},
          {"reviewers", std::move(reviewers)},
          {"agreement",
           {{"items", progress.agreement.items},
            {"observed", or_null(progress.agreement.observed)},
            {"kappa", or_null(progress.agreement.kappa)},
            {"pairs", std::move(pairs)}}}};
}

std::string as_text(const Progress& progress) {
  std::vector<std::string> states;
  for (const auto& [state, name] : kStates) {
    if (progress.states.at(state) > 0) {
      states.push_back(fmt::format("{} {}", progress.states.at(state), name));
    }
  }
  std::string text = fmt::format("{} of {} items are decided{}{}\n",
                                 progress.done(),
                                 progress.items(),
                                 states.empty() ? "" : ": ",
                                 fmt::join(states, ", "));
  for (const ReviewerCounts& reviewer : progress.reviewers) {
    std::vector<std::string> counts;
    for (const Kind kind : kKinds) {
      counts.push_back(fmt::format("{} {}", name_of(kind), reviewer.verdicts.at(kind)));
    }
    text += fmt::format("  {}: {}\n", reviewer.name, fmt::join(counts, ", "));
  }
  const Agreement& agreement = progress.agreement;
  if (agreement.items > 0) {
    text += fmt::format("two people judged {} items, {:.0f} % alike; {}\n",
                        agreement.items,
                        100 * *agreement.observed,
                        in_words(agreement.kappa));
    for (const PairAgreement& pair : agreement.pairs) {
      text += fmt::format("  {} and {}: {} items, {:.0f} % alike; {}\n",
                          pair.first,
                          pair.second,
                          pair.items,
                          100 * pair.observed,
                          in_words(pair.kappa));
    }
  }
  return text;
}

Item read_item(const std::string& line, const std::string& origin) {
  const Json value = parse_json(line, origin);
  check(value.is_object() && value.contains("messages"),
        "{}: an item is {{\"id\", \"messages\", \"candidates\"}}",
        origin);
  Item item{.id = json_value<std::string>(value, "id", "", origin),
            .messages = value["messages"].dump()};
  const Json candidates = value.value("candidates", Json::array());
  check(candidates.is_array() &&
            std::ranges::all_of(candidates, [](const Json& one) { return one.is_object(); }),
        "{}: candidates must be a list of {{\"text\", \"origin\"}}",
        origin);
  for (const Json& one : candidates) {
    item.candidates.push_back({.text = json_value<std::string>(one, "text", "", origin),
                               .origin = json_value<std::string>(one, "origin", "", origin)});
  }
  return item;
}

}  // namespace rq::review
