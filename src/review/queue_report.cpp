// What a queue says of itself: how far it is, and what comes out.

#include <cstdint>
#include <map>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "review/agreement.h"
#include "review/internal/database.h"
#include "review/internal/tables.h"
#include "review/queue.h"
#include "review/verdict.h"

namespace rq::review {
namespace {

constexpr int kFirstDecided = static_cast<int>(State::kAccepted);

// Of each item the first two people who judged it, without having seen what the other said.
std::vector<JudgedTwice> judged_twice(const Database& database) {
  struct First {
    std::string reviewer;
    bool accepts = false;
  };
  std::map<std::int64_t, std::vector<First>> by_item;
  for (Statement row =
           database.query("SELECT v.item, r.name, v.kind <> 'reject' "
                          "FROM verdicts v JOIN reviewers r ON r.number = v.reviewer "
                          "WHERE v.undone_s IS NULL AND v.replaces IS NULL AND v.kind <> 'flag' "
                          "ORDER BY v.item, v.number");
       row.step();) {
    by_item[row.integer(0)].push_back({.reviewer = row.text(1), .accepts = row.integer(2) != 0});
  }
  std::vector<JudgedTwice> items;
  for (auto& [position, judgements] : by_item) {
    if (judgements.size() < 2) {
      continue;
    }
    First &a = judgements[0], &b = judgements[1];
    if (b.reviewer < a.reviewer) {
      std::swap(a, b);
    }
    items.push_back({.first = a.reviewer,
                     .second = b.reviewer,
                     .first_accepts = a.accepts,
                     .second_accepts = b.accepts});
  }
  return items;
}

}  // namespace

std::int64_t Progress::items() const {
  return std::accumulate(states.begin(), states.end(), std::int64_t{0}, [](auto sum, auto& state) {
    return sum + state.second;
  });
}

std::int64_t Progress::done() const {
  return states.at(State::kAccepted) + states.at(State::kRejected);
}

std::int64_t Progress::verdicts(Kind kind) const {
  std::int64_t sum = 0;
  for (const ReviewerCounts& reviewer : reviewers) {
    sum += reviewer.verdicts.at(kind);
  }
  return sum;
}

Progress Queue::progress() const {
  const std::scoped_lock lock(mutex_);
  const Database& database = tables_->database();
  Progress progress;
  for (const State state : {State::kNew,
                            State::kWaiting,
                            State::kFlagged,
                            State::kTied,
                            State::kAccepted,
                            State::kRejected}) {
    progress.states[state] = 0;
  }
  for (Statement row = database.query("SELECT state, count(*) FROM items GROUP BY state");
       row.step();) {
    progress.states[static_cast<State>(row.integer(0))] = row.integer(1);
  }
  for (Statement row =
           database.query("SELECT r.name, coalesce(sum(v.kind = 'accept'), 0), "
                          "coalesce(sum(v.kind = 'edit'), 0), coalesce(sum(v.kind = 'reject'), 0), "
                          "coalesce(sum(v.kind = 'flag'), 0) FROM reviewers r "
                          "LEFT JOIN verdicts v ON v.reviewer = r.number AND v.counts = 1 "
                          "GROUP BY r.number ORDER BY r.name");
       row.step();) {
    progress.reviewers.push_back({.name = row.text(0),
                                  .verdicts = {{Kind::kAccept, row.integer(1)},
                                               {Kind::kEdit, row.integer(2)},
                                               {Kind::kReject, row.integer(3)},
                                               {Kind::kFlag, row.integer(4)}}});
  }
  progress.agreement = measure_agreement(judged_twice(database));
  return progress;
}

Share Queue::share_of(const std::string& reviewer) const {
  const std::scoped_lock lock(mutex_);
  Statement row = tables_->database().query(
      fmt::format("SELECT coalesce(sum(v.number IS NULL), 0), coalesce(sum(v.number IS NOT NULL "
                  "AND (i.state = {} OR (i.state = {} AND v.kind = 'flag'))), 0) FROM items i "
                  "LEFT JOIN verdicts v ON v.item = i.position AND v.reviewer = ?1 AND v.counts = "
                  "1 WHERE i.state < {}",
                  static_cast<int>(State::kTied),
                  static_cast<int>(State::kFlagged),
                  kFirstDecided),
      tables_->number_if_known(reviewer));
  row.step();
  return {.open = row.integer(0), .again = row.integer(1)};
}

bool Queue::is_complete() const {
  const std::scoped_lock lock(mutex_);
  return !tables_->database()
              .query(fmt::format("SELECT 1 FROM items WHERE state < {} LIMIT 1", kFirstDecided))
              .step();
}

std::vector<Accepted> Queue::accepted() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Accepted> all;
  for (Statement row = tables_->database().query(
           "SELECT i.id, i.messages, i.candidates, v.kind, v.candidate, v.text, r.name "
           "FROM items i JOIN verdicts v ON v.number = (SELECT w.number FROM verdicts w "
           "WHERE w.item = i.position AND w.counts = 1 AND w.kind IN ('accept', 'edit') "
           "ORDER BY w.kind = 'edit' DESC, w.number DESC LIMIT 1) "
           "JOIN reviewers r ON r.number = v.reviewer WHERE i.state = ?1 ORDER BY i.position",
           std::int64_t{kFirstDecided});
       row.step();) {
    Candidate candidate = read_candidates(row.text(2)).at(row.integer(4));
    const bool was_edited = row.text(3) == name_of(Kind::kEdit);
    all.push_back({.id = row.text(0),
                   .messages = row.text(1),
                   .answer = was_edited ? row.text(5) : std::move(candidate.text),
                   .origin = std::move(candidate.origin),
                   .reviewer = row.text(6),
                   .was_edited = was_edited});
  }
  return all;
}

std::vector<Judgement> Queue::history(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  return tables_->said_of(tables_->position_of(id));
}

std::string training_lines(std::span<const Accepted> accepted) {
  std::string lines;
  for (const Accepted& one : accepted) {
    Json messages = parse_json(one.messages, one.id);
    messages.push_back({{"role", "assistant"}, {"content", one.answer}});
    lines += Json{{"messages", std::move(messages)}}.dump(
                 -1, ' ', false, Json::error_handler_t::replace) +
             "\n";
  }
  return lines;
}

}  // namespace rq::review
