#pragma once
// Private to review: the few things of SQLite that the queue needs. Every failure names the file.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace rq::review {

class Database;

// A statement with its values; its rows one after the other.
class Statement {
 public:
  bool step();  // to the next row; false after the last
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(const Database& database, std::string_view sql);
  void bind(std::int64_t value);
  void bind(double value);
  void bind(std::string_view value);
  void check_bound(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

// One connection. Not for several threads at once.
class Database {
 public:
  // Opens the file, or makes it where it is missing. Waits some seconds for other processes.
  explicit Database(const std::filesystem::path& path);

  // `values` are taken in order by ?1, ?2 and so on: std::int64_t, double or text.
  template <typename... Values>
  Statement query(std::string_view sql, const Values&... values) const {
    Statement statement(*this, sql);
    (statement.bind(values), ...);
    return statement;
  }
  template <typename... Values>
  void run(std::string_view sql, const Values&... values) const {
    Statement statement = query(sql, values...);
    while (statement.step()) {
    }
  }
  void run_script(const char* sql) const;
  void roll_back() const noexcept;
  std::int64_t last_row() const;

 private:
  friend class Statement;
  [[noreturn]] void fail(int code) const;

  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// All or nothing: what is not committed is undone.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Database& database_;
  bool is_open_ = true;
};

}  // namespace rq::review
