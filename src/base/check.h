#pragma once
// How wrong input is refused: check() throws an Error whose sentence carries the values.
//
//   check(top_k <= experts, "moe.top_k={} exceeds moe.experts={}", top_k, experts);
//
// The format string is checked at compile time and formatted only on failure. An Error is the
// user's fault (exit code 2: a wrong file, key, value, or a folder that cannot be written); a
// MachineError is the machine's or ours (exit code 1: a full disk). Our own bugs are assert()s.

#include <source_location>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/format.h"

namespace rq {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what,
                 std::source_location where = std::source_location::current())
      : std::runtime_error(what), where_(where) {}
  // Where the check stands; for logs. The user sees what().
  const std::source_location& where() const { return where_; }

 private:
  std::source_location where_;
};

// What the user cannot mend by other input: disk full, memory exhausted, a device that fails.
class MachineError : public Error {
  using Error::Error;
};

// A format string that knows its call site.
template <typename... Args>
struct Message {
  template <typename Text>
  // NOLINTNEXTLINE(google-explicit-constructor): a literal must convert by itself.
  consteval Message(const Text& text, std::source_location at = std::source_location::current())
      : format(text), where(at) {}
  fmt::format_string<Args...> format;
  std::source_location where;
};

template <typename... Args>
void check(bool ok, Message<std::type_identity_t<Args>...> message, Args&&... args) {
  if (!ok) [[unlikely]] {
    throw Error(fmt::format(message.format, std::forward<Args>(args)...), message.where);
  }
}

template <typename... Args>
[[noreturn]] void fail(Message<std::type_identity_t<Args>...> message, Args&&... args) {
  throw Error(fmt::format(message.format, std::forward<Args>(args)...), message.where);
}

}  // namespace rq
