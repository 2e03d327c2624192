#pragma once
// What a template computes with: Python's values, as far as chat templates use them. Tuples are
// lists, and a mapping's keys are strings in the order they came.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"

namespace rq::tokenizer::jinja {

class Value;
using List = std::vector<Value>;

// A name without a value, or a member that is not there: false, empty as text, and an Error where
// something is asked of it.
struct Undefined {
  std::string name = {};
};
struct None {};

struct Mapping;
struct Arguments;
using Function = std::function<Value(const Arguments&)>;

// Shares what it holds: a copy is cheap.
class Value {
 public:
  Value() = default;  // Undefined
  // NOLINTBEGIN(google-explicit-constructor): values are written as they are
  Value(Undefined undefined) : held_(std::move(undefined)) {}
  Value(None none) : held_(none) {}
  Value(bool flag) : held_(flag) {}
  Value(std::int64_t number) : held_(number) {}
  Value(double number) : held_(number) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(const char* text) : held_(std::string(text)) {}
  Value(List list);
  Value(Mapping mapping);
  Value(Function function) : held_(std::make_shared<const Function>(std::move(function))) {}
  // NOLINTEND(google-explicit-constructor)
  static Value from(const Json& json);

  bool is_undefined() const { return std::holds_alternative<Undefined>(held_); }
  bool is_none() const { return std::holds_alternative<None>(held_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(held_); }
  const bool* flag() const { return std::get_if<bool>(&held_); }
  const std::string* text() const { return std::get_if<std::string>(&held_); }
  const List* list() const;
  const Mapping* mapping() const;
  Mapping* name_space() const;  // null where it is no namespace()
  const Function* function() const;
  // Integers and flags as well; nothing where it is no number.
  std::optional<double> number() const;
  std::optional<std::int64_t> integer() const;  // a flag as well

  bool truth() const;
  std::string kind() const;  // for errors: "a string"
  std::string str() const;   // Python's str()
  std::string repr() const;  // Python's repr()
  // The elements of a list, the keys of a mapping, the characters of a string, nothing of what is
  // undefined; an Error for others.
  List elements() const;

 private:
  std::variant<Undefined,
               None,
               bool,
               std::int64_t,
               double,
               std::string,
               std::shared_ptr<const List>,
               std::shared_ptr<Mapping>,
               std::shared_ptr<const Function>>
      held_;
};

struct Mapping {
  std::vector<std::pair<std::string, Value>> items = {};
  bool is_namespace = false;  // namespace(): the one thing whose members a template may set

  const Value* find(std::string_view key) const;
  void set(std::string_view key, Value value);
};

struct Arguments {
  List positional = {};
  std::vector<std::pair<std::string, Value>> named = {};

  // The argument at a place or of a name; null where it was not given.
  const Value* find(std::size_t place, std::string_view name) const;
  // The argument of a name; null where it was not given by it.
  const Value* find(std::string_view name) const;
  // The same, or an Error that names `function`.
  const Value& required(std::size_t place, std::string_view name, std::string_view function) const;
};

bool equal(const Value& a, const Value& b);
// Of two numbers, strings or lists; an Error for others.
bool less(const Value& a, const Value& b);
bool contains(const Value& container, const Value& item);

// json.dumps(value, ensure_ascii=False, indent=indent), as transformers' `tojson` filter.
std::string to_json(const Value& value, std::optional<std::int64_t> indent, bool sorted_keys);

// The characters (code points) of a text, each in its bytes.
std::vector<std::string_view> characters(std::string_view text);

}  // namespace rq::tokenizer::jinja
