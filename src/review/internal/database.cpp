#include "review/internal/database.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/format.h"

namespace rq::review {
namespace {

constexpr int kWait_ms = 10'000;

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(
      database.handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  check_bound(code);
}

void Statement::check_bound(int code) const {
  if (code != SQLITE_OK) {
    database_->fail(code);
  }
}

void Statement::bind(std::int64_t value) {
  check_bound(sqlite3_bind_int64(statement_.get(), ++bound_, value));
}

void Statement::bind(double value) {
  check_bound(sqlite3_bind_double(statement_.get(), ++bound_, value));
}

void Statement::bind(std::string_view value) {
  const char* const bytes = value.empty() ? "" : value.data();  // a null pointer would be NULL
  check_bound(sqlite3_bind_text64(
      statement_.get(), ++bound_, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    database_->fail(code);
  }
  return code == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);  // null where empty
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? "" : std::string(static_cast<const char*>(bytes), size);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Database::Database(const std::filesystem::path& path) : path_(path.string()) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) {
    fail(code);
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kWait_ms);
}

void Database::run_script(const char* sql) const {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
  }
}

void Database::roll_back() const noexcept {
  // Where it fails, SQLite has done it by itself, as on a full disk.
  sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

void Database::fail(int code) const {
  const std::string said = sqlite3_errmsg(handle_.get());
  switch (code & 0xff) {  // the rest of a code is its detail
    case SQLITE_NOTADB:
      throw Error(fmt::format("{} is no review queue: {}", path_, said));
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
      throw MachineError(fmt::format("{}: {}", path_, said));
    default:
      throw Error(fmt::format("{}: {}", path_, said));
  }
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.run_script("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (is_open_) {
    database_.roll_back();
  }
}

void Transaction::commit() {
  database_.run_script("COMMIT");
  is_open_ = false;
}

}  // namespace rq::review
