#pragma once
// Private to review: the tables of a queue's file, and what the queue's calls have in common. The
// caller holds the queue's lock.
//
//   items      position, id, messages, candidates (JSON), wanted (judgements), state
//   reviewers  number, name, compared without regard to case
//   verdicts   number, item, reviewer, kind, candidate, text, time_s, and
//              replaces: the verdict of the same reviewer and item that it took the place of,
//              counts: 0 once it is undone or replaced, undone_s
//   leases     item, reviewer, until_s: one an item, and one a reviewer

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "review/internal/database.h"
#include "review/queue.h"

namespace rq::review {

class Tables {
 public:
  Tables(const std::filesystem::path& path, QueueConfig config);

  const Database& database() const { return database_; }
  const QueueConfig& config() const { return config_; }
  double now_s() const;

  // Of a reviewer, who is entered where the name is new; 0 in number_if_known.
  std::int64_t number_of(const std::string& reviewer) const;
  std::int64_t number_if_known(const std::string& reviewer) const;
  // Of an item; an Error where there is none.
  std::int64_t position_of(const std::string& id) const;

  Item item_at(std::int64_t position) const;
  std::vector<Judgement> said_of(std::int64_t position) const;
  // Brings an item's state up to what was said of it.
  void settle(std::int64_t position) const;
  // Gives the item to a reviewer, who leaves what they had.
  void lease(std::int64_t position, std::int64_t reviewer) const;

 private:
  void open(const std::filesystem::path& path) const;

  QueueConfig config_;
  Database database_;
};

// Candidates as the file keeps them.
std::string candidates_text(const std::vector<Candidate>& candidates);
std::vector<Candidate> read_candidates(const std::string& text);

}  // namespace rq::review
