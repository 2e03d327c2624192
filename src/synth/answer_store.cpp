#include "synth/answer_store.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"

namespace rq::synth {
namespace {

namespace fs = std::filesystem;

constexpr int kApplication = 0x52514153;  // "RQAS"
constexpr int kFormat = 1;
constexpr int kWait_ms = 10'000;  // for another process

// The short columns come first: sums need not walk through the texts. A row without text is a loss.
constexpr const char* kTable = R"(
CREATE TABLE answers (
  key TEXT NOT NULL PRIMARY KEY,
  teacher TEXT NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  answer_tokens INTEGER NOT NULL,
  dollars REAL NOT NULL,
  sample INTEGER NOT NULL,
  finish_reason TEXT NOT NULL,
  text TEXT,
  messages TEXT NOT NULL,
  sampling TEXT NOT NULL
))";

// An answer takes the place of a loss and bears its cost; nothing takes the place of an answer.
constexpr const char* kPut = R"(
INSERT INTO answers (key, teacher, messages, sampling, sample,
                     text, finish_reason, prompt_tokens, answer_tokens, dollars)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
  text = excluded.text,
  finish_reason = excluded.finish_reason,
  prompt_tokens = prompt_tokens + excluded.prompt_tokens,
  answer_tokens = answer_tokens + excluded.answer_tokens,
  dollars = dollars + excluded.dollars
WHERE text IS NULL)";

constexpr const char* kFind = R"(
SELECT text, finish_reason, prompt_tokens, answer_tokens, dollars FROM answers
WHERE key = ? AND text IS NOT NULL)";

constexpr const char* kTotals = R"(
SELECT teacher, count(text), sum(prompt_tokens), sum(answer_tokens), sum(dollars) FROM answers
GROUP BY teacher)";

// A connection, and the path that its failures name.
class Database {
 public:
  explicit Database(fs::path path) : path_(std::move(path)) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) {
      const std::string reason = sqlite3_errmsg(handle_);
      sqlite3_close(handle_);
      fail("{}: {}", path_.string(), reason);
    }
    sqlite3_busy_timeout(handle_, kWait_ms);
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const fs::path& path() const { return path_; }
  sqlite3* handle() const { return handle_; }

  void demand(bool is_done) const {
    if (is_done) {
      return;
    }
    const std::string what = fmt::format("{}: {}", path_.string(), sqlite3_errmsg(handle_));
    switch (sqlite3_errcode(handle_)) {
      case SQLITE_FULL:
      case SQLITE_IOERR:
      case SQLITE_NOMEM:
        throw MachineError(what);
      default:
        throw Error(what);
    }
  }

  // Statements without values or rows.
  void run(const char* sql) const {
    demand(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

 private:
  fs::path path_;
  sqlite3* handle_ = nullptr;
};

// One statement: values are bound in order, then rows are read.
class Statement {
 public:
  Statement(const Database& database, const char* sql) : database_(database) {
    database.demand(sqlite3_prepare_v2(database.handle(), sql, -1, &handle_, nullptr) == SQLITE_OK);
  }
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // `value` has to outlive the statement.
  Statement& bind(std::string_view value) {
    return bound(sqlite3_bind_text64(
        handle_, ++bound_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  Statement& bind(std::int64_t value) {
    return bound(sqlite3_bind_int64(handle_, ++bound_, value));
  }
  Statement& bind(double value) { return bound(sqlite3_bind_double(handle_, ++bound_, value)); }
  Statement& bind_null() { return bound(sqlite3_bind_null(handle_, ++bound_)); }

  // Whether there is a row, or one more.
  bool step() {
    const int code = sqlite3_step(handle_);
    database_.demand(code == SQLITE_ROW || code == SQLITE_DONE);
    return code == SQLITE_ROW;
  }
  std::string text(int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const int count = sqlite3_column_bytes(handle_, column);
    return bytes == nullptr ? "" : std::string(bytes, static_cast<std::size_t>(count));
  }
  std::int64_t integer(int column) { return sqlite3_column_int64(handle_, column); }
  Cost cost(int column) {
    return {integer(column), integer(column + 1), sqlite3_column_double(handle_, column + 2)};
  }

 private:
  Statement& bound(int code) {
    database_.demand(code == SQLITE_OK);
    return *this;
  }

  const Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
};

std::int64_t ask_integer(const Database& database, const char* sql) {
  Statement statement(database, sql);
  return statement.step() ? statement.integer(0) : 0;
}

// SQLite itself takes a file of a few bytes for an empty database, and writes over it.
void check_is_database(const fs::path& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::string begin(kMagic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(file.gcount()));
  check(begin.empty() || begin == kMagic, "{}: is not a store of answers", path.string());
}

// Nothing is written into a file that is not a store. Another process that opens a new file at the
// same time waits until it is one.
void open_store(const Database& database) {
  database.run("BEGIN IMMEDIATE");
  const bool is_new = ask_integer(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (is_new) {
    database.run(kTable);
    database.run(fmt::format("PRAGMA application_id = {}", kApplication).c_str());
    database.run(fmt::format("PRAGMA user_version = {}", kFormat).c_str());
  }
  const std::string path = database.path().string();
  check(ask_integer(database, "PRAGMA application_id") == kApplication,
        "{}: is a database, but not a store of answers",
        path);
  const std::int64_t format = ask_integer(database, "PRAGMA user_version");
  check(format == kFormat,
        "{}: a store of answers of format {}; this program reads format {}",
        path,
        format,
        kFormat);
  database.run("COMMIT");
  database.run("PRAGMA journal_mode = WAL");
}

}  // namespace

std::string AnswerKey::digest() const {
  const Json parts = {teacher, messages, sampling, sample};
  return sha256(parts.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Cost& Cost::operator+=(const Cost& other) {
  prompt_tokens += other.prompt_tokens;
  answer_tokens += other.answer_tokens;
  dollars += other.dollars;
  return *this;
}

struct AnswerStore::State {
  explicit State(fs::path path) : database(std::move(path)) { open_store(database); }

  void put(const AnswerKey& key, const StoredAnswer* answer, const Cost& cost) {
    const std::string digested = key.digest();
    const std::lock_guard lock(mutex);
    Statement statement(database, kPut);
    statement.bind(digested).bind(key.teacher).bind(key.messages).bind(key.sampling);
    statement.bind(key.sample);
    if (answer != nullptr) {
      statement.bind(answer->text).bind(answer->finish_reason);
    } else {
      statement.bind_null().bind("");
    }
    statement.bind(cost.prompt_tokens).bind(cost.answer_tokens).bind(cost.dollars).step();
  }

  std::mutex mutex;
  Database database;
};

AnswerStore::AnswerStore(fs::path path) {
  check_is_database(path);
  make_folder(fs::absolute(path).parent_path());
  state_ = std::make_unique<State>(std::move(path));
}

AnswerStore::~AnswerStore() = default;

std::optional<StoredAnswer> AnswerStore::find(const AnswerKey& key) const {
  const std::string digested = key.digest();
  const std::lock_guard lock(state_->mutex);
  Statement statement(state_->database, kFind);
  if (!statement.bind(digested).step()) {
    return std::nullopt;
  }
  return StoredAnswer{statement.text(0), statement.text(1), statement.cost(2)};
}

void AnswerStore::put(const AnswerKey& key, const StoredAnswer& answer) {
  state_->put(key, &answer, answer.cost);
}

void AnswerStore::put_loss(const AnswerKey& key, const Cost& cost) {
  state_->put(key, nullptr, cost);
}

std::map<std::string, StoreTotals> AnswerStore::totals() const {
  const std::lock_guard lock(state_->mutex);
  std::map<std::string, StoreTotals> totals;
  for (Statement statement(state_->database, kTotals); statement.step();) {
    totals[statement.text(0)] = {statement.integer(1), statement.cost(2)};
  }
  return totals;
}

}  // namespace rq::synth
