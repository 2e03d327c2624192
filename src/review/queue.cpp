#include "review/queue.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/hash.h"
#include "base/json.h"
#include "review/internal/database.h"
#include "review/internal/tables.h"

namespace rq::review {
namespace {

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// An item's messages in the one way in which the file keeps them.
std::string read_messages(const Item& item) {
  const Json messages = parse_json(item.messages, fmt::format("the messages of \"{}\"", item.id));
  const auto is_message = [](const Json& one) {
    return one.is_object() && one.contains("role") && one["role"].is_string() &&
           one.contains("content") && one["content"].is_string();
  };
  check(messages.is_array() && !messages.empty() && std::ranges::all_of(messages, is_message) &&
            messages.back()["role"] == "user",
        "the messages of \"{}\" must be a list of {{\"role\", \"content\"}} that ends with a "
        "user's",
        item.id);
  return messages.dump();
}

// Whether two people judge it: a share of all ids, the same ones whatever else is put in.
bool is_shared(const std::string& id, double overlap) {
  return std::ldexp(static_cast<double>(xxh3(id)), -64) < overlap;
}

void check_verdict(const Item& item, const Verdict& verdict) {
  const bool has_candidate = verdict.kind == Kind::kAccept || verdict.kind == Kind::kEdit;
  check(
      !has_candidate || (verdict.candidate >= 0 && verdict.candidate < std::ssize(item.candidates)),
      "\"{}\" has no candidate {}, but {} (they count from 0)",
      item.id,
      verdict.candidate,
      item.candidates.size());
  check(verdict.kind == Kind::kAccept || !is_blank(verdict.text),
        "to {} \"{}\" takes a text: the answer, the reason or a note",
        name_of(verdict.kind),
        item.id);
}

// The form in which a verdict is kept.
Verdict in_short(const Item& item, Verdict verdict) {
  if (verdict.kind == Kind::kEdit &&
      verdict.text == item.candidates[static_cast<std::size_t>(verdict.candidate)].text) {
    verdict.kind = Kind::kAccept;
  }
  if (verdict.kind == Kind::kAccept) {
    verdict.text.clear();
  }
  if (verdict.kind == Kind::kReject || verdict.kind == Kind::kFlag) {
    verdict.candidate = 0;
  }
  return verdict;
}

enum class Said { kFlags, kAll };  // what a reviewer is shown of what others said

Given given_at(const Tables& tables, std::int64_t position, Said shown) {
  Given given{.item = tables.item_at(position), .said = tables.said_of(position)};
  std::erase_if(given.said, [&](const Judgement& one) {
    return !one.counts || (shown == Said::kFlags && one.verdict.kind != Kind::kFlag);
  });
  return given;
}

// Items that others do not have before them at the time ?2; ?1 is the reviewer.
constexpr std::string_view kIsFree =
    " NOT EXISTS (SELECT 1 FROM leases l WHERE l.item = i.position AND l.reviewer <> ?1 AND "
    "l.until_s > ?2) ";

}  // namespace

void QueueConfig::validate() const {
  check(overlap >= 0 && overlap <= 1, "overlap={} must lie in [0, 1]", overlap);
  check(lease_s > 0, "lease_s={} must be positive", lease_s);
}

Queue::Queue(const std::filesystem::path& path, QueueConfig config)
    : tables_(std::make_unique<Tables>(path, std::move(config))) {}

Queue::~Queue() = default;

void Queue::add(std::span<const Item> items) {
  const std::scoped_lock lock(mutex_);
  const Database& database = tables_->database();
  Transaction transaction(database);
  for (const Item& item : items) {
    check(!item.id.empty(), "an item has no id; its messages are {}", item.messages.substr(0, 80));
    check(!item.candidates.empty(), "the item \"{}\" has no candidate", item.id);
    const std::string messages = read_messages(item);
    const std::string candidates = candidates_text(item.candidates);
    Statement known =
        database.query("SELECT messages, candidates FROM items WHERE id = ?1", item.id);
    if (known.step()) {
      check(known.text(0) == messages && known.text(1) == candidates,
            "the item \"{}\" is in the queue with another prompt or other candidates",
            item.id);
      continue;
    }
    database.run(
        "INSERT INTO items(id, messages, candidates, wanted, state) VALUES(?1, ?2, ?3, ?4, 0)",
        item.id,
        messages,
        candidates,
        std::int64_t{is_shared(item.id, tables_->config().overlap) ? 2 : 1});
  }
  transaction.commit();
}

void Queue::adopt(const std::filesystem::path& earlier) {
  const Tables theirs(earlier, {});
  const std::scoped_lock lock(mutex_);
  const Database& database = tables_->database();
  Transaction transaction(database);
  Statement last = database.query("SELECT coalesce(max(number), 0) FROM verdicts");
  last.step();
  const std::int64_t own = last.integer(0);      // verdicts up to this were here before
  std::map<std::int64_t, std::int64_t> numbers;  // of verdicts: there, here
  for (Statement row = theirs.database().query(
           "SELECT i.id, r.name, v.kind, v.candidate, v.text, v.time_s, v.counts, v.undone_s, "
           "v.replaces, v.number FROM verdicts v JOIN items i ON i.position = v.item JOIN "
           "reviewers r ON r.number = v.reviewer ORDER BY v.number");
       row.step();) {
    Statement item = database.query(
        "SELECT position FROM items i WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE "
        "v.item = i.position AND v.number <= ?2)",
        row.text(0),
        own);
    if (!item.step()) {
      continue;
    }
    const std::int64_t replaces = row.is_null(8) ? 0 : numbers[row.integer(8)];
    database.run(
        "INSERT INTO verdicts(item, reviewer, kind, candidate, text, time_s, counts, undone_s, "
        "replaces) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), nullif(?9, 0))",
        item.integer(0),
        tables_->number_of(row.text(1)),
        row.text(2),
        row.integer(3),
        row.text(4),
        row.real(5),
        row.integer(6),
        row.is_null(7) ? 0.0 : row.real(7),
        replaces);
    numbers[row.integer(9)] = database.last_row();
    tables_->settle(item.integer(0));
  }
  transaction.commit();
}

std::optional<Given> Queue::next(const std::string& reviewer) {
  const std::scoped_lock lock(mutex_);
  Transaction transaction(tables_->database());
  const std::int64_t number = tables_->number_of(reviewer);
  const std::string open = fmt::format(
      "i.state < {} AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.item = i.position AND "
      "v.reviewer = ?1 AND v.counts = 1) AND {}",
      static_cast<int>(State::kAccepted),
      kIsFree);
  std::optional<std::int64_t> position;
  for (const std::string& sql :
       {"SELECT i.position FROM leases h JOIN items i ON i.position = h.item "
        "WHERE h.reviewer = ?1 AND " +
            open,
        "SELECT i.position FROM items i WHERE " + open + "ORDER BY i.state, i.position LIMIT 1"}) {
    Statement found = tables_->database().query(sql, number, tables_->now_s());
    if (!position && found.step()) {
      position = found.integer(0);
    }
  }
  if (!position) {
    transaction.commit();  // the name is known from now on
    return std::nullopt;
  }
  tables_->lease(*position, number);
  transaction.commit();
  return given_at(*tables_, *position, Said::kFlags);
}

std::optional<Given> Queue::look_again(const std::string& reviewer) {
  const std::scoped_lock lock(mutex_);
  Transaction transaction(tables_->database());
  const std::int64_t number = tables_->number_of(reviewer);
  Statement found = tables_->database().query(
      fmt::format("SELECT i.position FROM items i JOIN verdicts v ON v.item = i.position AND "
                  "v.reviewer = ?1 AND v.counts = 1 WHERE (i.state = {} OR (i.state = {} AND "
                  "v.kind = 'flag')) AND {} ORDER BY v.number LIMIT 1",
                  static_cast<int>(State::kTied),
                  static_cast<int>(State::kFlagged),
                  kIsFree),
      number,
      tables_->now_s());
  if (!found.step()) {
    return std::nullopt;
  }
  const std::int64_t position = found.integer(0);
  tables_->lease(position, number);
  transaction.commit();
  return given_at(*tables_, position, Said::kAll);
}

void Queue::judge(const std::string& reviewer, const std::string& id, const Verdict& verdict) {
  const std::scoped_lock lock(mutex_);
  const Database& database = tables_->database();
  Transaction transaction(database);
  const std::int64_t number = tables_->number_of(reviewer);
  const std::int64_t position = tables_->position_of(id);
  const Item item = tables_->item_at(position);
  check_verdict(item, verdict);
  const Verdict kept = in_short(item, verdict);
  Statement earlier = database.query(
      "SELECT v.number, EXISTS (SELECT 1 FROM leases l WHERE l.item = ?1 AND l.reviewer = ?2) "
      "FROM verdicts v WHERE v.item = ?1 AND v.reviewer = ?2 AND v.counts = 1",
      position,
      number);
  const bool has_earlier = earlier.step();
  const std::int64_t replaced = has_earlier ? earlier.integer(0) : 0;
  if (has_earlier && earlier.integer(1) == 0) {
    throw AlreadyJudged(fmt::format("{} has judged \"{}\" already", reviewer, id));
  }
  database.run("UPDATE verdicts SET counts = 0 WHERE number = ?1", replaced);
  database.run(
      "INSERT INTO verdicts(item, reviewer, kind, candidate, text, time_s, replaces) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0))",
      position,
      number,
      name_of(kept.kind),
      kept.candidate,
      kept.text,
      tables_->now_s(),
      replaced);
  database.run("DELETE FROM leases WHERE item = ?1 AND reviewer = ?2", position, number);
  tables_->settle(position);
  transaction.commit();
}

std::optional<Undone> Queue::undo(const std::string& reviewer) {
  const std::scoped_lock lock(mutex_);
  const Database& database = tables_->database();
  Transaction transaction(database);
  const std::int64_t number = tables_->number_of(reviewer);
  const double now_s = tables_->now_s();
  Statement last = database.query(
      "SELECT number, item, kind, candidate, text, replaces FROM verdicts "
      "WHERE reviewer = ?1 AND counts = 1 ORDER BY number DESC LIMIT 1",
      number);
  if (!last.step()) {
    return std::nullopt;
  }
  const std::int64_t position = last.integer(1);
  database.run(
      "UPDATE verdicts SET counts = 0, undone_s = ?2 WHERE number = ?1", last.integer(0), now_s);
  database.run("UPDATE verdicts SET counts = 1 WHERE number = ?1", last.integer(5));
  tables_->settle(position);
  Statement others =
      database.query("SELECT 1 FROM leases WHERE item = ?1 AND reviewer <> ?2 AND until_s > ?3",
                     position,
                     number,
                     now_s);
  const bool is_held = !others.step();
  if (is_held) {
    tables_->lease(position, number);
  }
  Undone undone{.given = given_at(*tables_, position, last.is_null(5) ? Said::kFlags : Said::kAll),
                .verdict = {.kind = kind_of(last.text(2)).value(),
                            .candidate = last.integer(3),
                            .text = last.text(4)},
                .is_held = is_held};
  transaction.commit();
  return undone;
}

}  // namespace rq::review
