#pragma once
// A settings file as a tree: tables, arrays, strings, integers, floats, booleans, each with the
// place where it was written
// ("recipe.toml:14"). What reads it into aggregates is base/config.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"

namespace rq {

class ConfigNode {
 public:
  struct Entry;
  using Array = std::vector<ConfigNode>;
  using Table = std::vector<Entry>;  // in the order of the file
  using Value = std::variant<bool, std::int64_t, double, std::string, Array, Table>;

  ConfigNode();  // an empty table
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a node, as in {"a", 1.5}.
  ConfigNode(Value value, std::string where = {});

  bool is_table() const { return std::holds_alternative<Table>(value); }
  bool is_array() const { return std::holds_alternative<Array>(value); }
  // REQUIRES is_table(). The entries of a table in order; a member by its key, or null.
  const Table& entries() const { return std::get<Table>(value); }
  const ConfigNode* find(std::string_view key) const;
  ConfigNode* find(std::string_view key);
  // REQUIRES is_table(). Puts `node` under `key`, in place of what stood there.
  void set(std::string_view key, ConfigNode node);
  void erase(std::string_view key);

  Value value;
  std::string where;  // "recipe.toml:14"; empty where nothing was read
};

struct ConfigNode::Entry {
  std::string key;
  ConfigNode node;
};

// Compares values, not places; the order of a table's entries counts.
bool operator==(const ConfigNode& a, const ConfigNode& b);

// TOML 1.0 without dates; `origin` names the text in errors ("recipe.toml:3: ...").
ConfigNode parse_toml(std::string_view text, std::string_view origin);
// The same tree from JSON; a null is as if its key were absent.
ConfigNode from_json(const Json& json, std::string_view origin);

// Tables as [headers], tables within arrays in one line, doubles in the fewest digits that read
// back the same.
std::string to_toml(const ConfigNode& node);
Json to_json(const ConfigNode& node);

// Applies "model.moe.experts=8": the key as TOML spells it, the value as a TOML value, or as a
// string where it is none. Tables on the way are made; an Error where a plain value stands in the
// way or the text is no assignment.
void set_override(ConfigNode& root, std::string_view assignment);

// A short text for messages: 12, "abc", a table, an array of 3.
std::string describe(const ConfigNode& node);

// The candidate that `word` is most likely a misspelling of; nothing where none is near.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace rq
