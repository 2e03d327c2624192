#include "review/internal/tables.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/json.h"

namespace rq::review {
namespace {

constexpr std::int64_t kApplication = 0x52715276;  // "RqRv", by which the file is known
constexpr std::int64_t kFormat = 1;
constexpr std::size_t kLongestName = 64;  // bytes

constexpr const char* kTables = R"(
  CREATE TABLE items(
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    messages TEXT NOT NULL,
    candidates TEXT NOT NULL,
    wanted INTEGER NOT NULL,
    state INTEGER NOT NULL) STRICT;
  CREATE INDEX items_by_state ON items(state, position);
  CREATE TABLE reviewers(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE) STRICT;
  CREATE TABLE verdicts(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    item INTEGER NOT NULL REFERENCES items,
    reviewer INTEGER NOT NULL REFERENCES reviewers,
    kind TEXT NOT NULL,
    candidate INTEGER NOT NULL,
    text TEXT NOT NULL,
    time_s REAL NOT NULL,
    replaces INTEGER REFERENCES verdicts,
    counts INTEGER NOT NULL DEFAULT 1,
    undone_s REAL) STRICT;
  CREATE UNIQUE INDEX verdicts_that_count ON verdicts(item, reviewer) WHERE counts = 1;
  CREATE INDEX verdicts_by_item ON verdicts(item, number);
  CREATE INDEX verdicts_by_reviewer ON verdicts(reviewer, number);
  CREATE TABLE leases(
    item INTEGER PRIMARY KEY REFERENCES items,
    reviewer INTEGER NOT NULL UNIQUE REFERENCES reviewers,
    until_s REAL NOT NULL) STRICT;
)";

std::int64_t number_from(const Database& database, std::string_view sql) {
  Statement statement = database.query(sql);
  statement.step();
  return statement.integer(0);
}

}  // namespace

Tables::Tables(const std::filesystem::path& path, QueueConfig config)
    : config_(std::move(config)), database_(path) {
  config_.validate();
  open(path);
}

void Tables::open(const std::filesystem::path& path) const {
  database_.run_script("PRAGMA foreign_keys = ON");
  if (number_from(database_, "SELECT count(*) FROM sqlite_master") == 0) {
    database_.run_script("PRAGMA journal_mode = WAL");
    Transaction transaction(database_);
    if (number_from(database_, "SELECT count(*) FROM sqlite_master") == 0) {  // nobody was quicker
      database_.run_script(kTables);
      database_.run_script(
          fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, kFormat)
              .c_str());
    }
    transaction.commit();
  }
  check(number_from(database_, "PRAGMA application_id") == kApplication,
        "{} is no review queue: it is another program's database",
        path.string());
  const std::int64_t format = number_from(database_, "PRAGMA user_version");
  check(format == kFormat,
        "{} is a review queue of format {}; this program knows format {} alone",
        path.string(),
        format,
        kFormat);
  // The write-ahead log, flushed at each commit: a verdict outlives the process and the machine.
  database_.run_script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}

double Tables::now_s() const {
  return config_.now_s
             ? config_.now_s()
             : std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                   .count();
}

std::int64_t Tables::number_if_known(const std::string& reviewer) const {
  Statement known = database_.query("SELECT number FROM reviewers WHERE name = ?1", reviewer);
  return known.step() ? known.integer(0) : 0;
}

std::int64_t Tables::number_of(const std::string& reviewer) const {
  const bool is_blank = reviewer.find_first_not_of(" \t\r\n") == std::string::npos;
  check(!is_blank && reviewer.size() <= kLongestName,
        "the reviewer's name \"{}\" must have 1 to {} bytes",
        reviewer.substr(0, kLongestName),
        kLongestName);
  const std::int64_t known = number_if_known(reviewer);
  if (known > 0) {
    return known;
  }
  database_.run("INSERT INTO reviewers(name) VALUES(?1)", reviewer);
  return database_.last_row();
}

std::int64_t Tables::position_of(const std::string& id) const {
  Statement found = database_.query("SELECT position FROM items WHERE id = ?1", id);
  check(found.step(), "there is no item \"{}\"", id);
  return found.integer(0);
}

Item Tables::item_at(std::int64_t position) const {
  Statement row =
      database_.query("SELECT id, messages, candidates FROM items WHERE position = ?1", position);
  row.step();
  return {.id = row.text(0), .messages = row.text(1), .candidates = read_candidates(row.text(2))};
}

std::vector<Judgement> Tables::said_of(std::int64_t position) const {
  std::vector<Judgement> said;
  for (Statement row = database_.query(
           "SELECT r.name, v.kind, v.candidate, v.text, v.time_s, v.undone_s, v.counts "
           "FROM verdicts v JOIN reviewers r ON r.number = v.reviewer "
           "WHERE v.item = ?1 ORDER BY v.number",
           position);
       row.step();) {
    said.push_back({.reviewer = row.text(0),
                    .verdict = {.kind = kind_of(row.text(1)).value(),
                                .candidate = row.integer(2),
                                .text = row.text(3)},
                    .time_s = row.real(4),
                    .undone_s = row.is_null(5) ? std::nullopt : std::optional(row.real(5)),
                    .counts = row.integer(6) != 0});
  }
  return said;
}

void Tables::settle(std::int64_t position) const {
  Statement item = database_.query("SELECT wanted FROM items WHERE position = ?1", position);
  item.step();
  std::vector<Kind> kinds;
  for (const Judgement& judgement : said_of(position)) {
    if (judgement.counts) {
      kinds.push_back(judgement.verdict.kind);
    }
  }
  database_.run("UPDATE items SET state = ?2 WHERE position = ?1",
                position,
                static_cast<std::int64_t>(decide(item.integer(0), kinds)));
}

void Tables::lease(std::int64_t position, std::int64_t reviewer) const {
  database_.run("INSERT OR REPLACE INTO leases(item, reviewer, until_s) VALUES(?1, ?2, ?3)",
                position,
                reviewer,
                now_s() + static_cast<double>(config_.lease_s));
}

std::string candidates_text(const std::vector<Candidate>& candidates) {
  Json list = Json::array();
  for (const Candidate& candidate : candidates) {
    list.push_back({{"text", candidate.text}, {"origin", candidate.origin}});
  }
  // What a model wrote may end within a character.
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Candidate> read_candidates(const std::string& text) {
  std::vector<Candidate> candidates;
  for (const Json& one : parse_json(text, "the queue's candidates")) {
    candidates.push_back({.text = one.at("text"), .origin = one.at("origin")});
  }
  return candidates;
}

}  // namespace rq::review
