#include "base/config_node.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/format.h"

namespace rq {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Levenshtein's, where swapping two neighbours is one edit; row[j] is the distance of a's first i
  // and b's first j letters.
  std::vector<std::size_t> before_last, last, row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row.back();
}

// Every place within `node` becomes `where`.
void place_at(ConfigNode& node, const std::string& where) {
  node.where = where;
  if (auto* table = std::get_if<ConfigNode::Table>(&node.value)) {
    for (auto& entry : *table) {
      place_at(entry.node, where);
    }
  } else if (auto* array = std::get_if<ConfigNode::Array>(&node.value)) {
    for (auto& item : *array) {
      place_at(item, where);
    }
  }
}

// "model.'v2.5'.path" as TOML reads it.
std::vector<std::string> key_parts(std::string_view key, std::string_view assignment) {
  ConfigNode node;
  try {
    node = parse_toml(fmt::format("{} = 0", key), "--set");
  } catch (const Error&) {
    fail("--set {}: {} is not a key; write it as in model.moe.experts=8", assignment, key);
  }
  std::vector<std::string> parts;
  for (const ConfigNode* at = &node; at->is_table(); at = &at->entries().front().node) {
    check(at->entries().size() == 1, "--set {}: expected one key before the =", assignment);
    parts.push_back(at->entries().front().key);
  }
  return parts;
}

// The text as a TOML value, or as a string where it is none: 8, 1e-3, true, [1, 2], plain words.
ConfigNode override_value(std::string_view text) {
  const auto as_word = [&] { return ConfigNode(ConfigNode::Value(std::string(text))); };
  try {
    const ConfigNode parsed = parse_toml(fmt::format("value = {}", text), "--set");
    const bool is_one_value =
        parsed.entries().size() == 1 && parsed.entries().front().key == "value";
    return is_one_value ? parsed.entries().front().node : as_word();
  } catch (const Error&) {
    return as_word();
  }
}

}  // namespace

ConfigNode::ConfigNode() : value(Table{}) {}

ConfigNode::ConfigNode(Value value, std::string where)
    : value(std::move(value)), where(std::move(where)) {}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  for (const auto& entry : entries()) {
    if (entry.key == key) {
      return &entry.node;
    }
  }
  return nullptr;
}

ConfigNode* ConfigNode::find(std::string_view key) {
  return const_cast<ConfigNode*>(std::as_const(*this).find(key));
}

void ConfigNode::set(std::string_view key, ConfigNode node) {
  if (ConfigNode* present = find(key)) {
    *present = std::move(node);
  } else {
    std::get<Table>(value).push_back({std::string(key), std::move(node)});
  }
}

void ConfigNode::erase(std::string_view key) {
  std::erase_if(std::get<Table>(value), [&](const Entry& entry) { return entry.key == key; });
}

bool operator==(const ConfigNode& a, const ConfigNode& b) {
  if (a.value.index() != b.value.index()) {
    return false;
  }
  if (a.is_array()) {
    return std::get<ConfigNode::Array>(a.value) == std::get<ConfigNode::Array>(b.value);
  }
  if (a.is_table()) {
    return a.entries().size() == b.entries().size() &&
           std::all_of(a.entries().begin(), a.entries().end(), [&](const auto& entry) {
             const ConfigNode* other = b.find(entry.key);
             return other != nullptr && entry.node == *other;
           });
  }
  return std::visit(
      [&]<typename T>(const T& value) {
        if constexpr (std::is_same_v<T, ConfigNode::Array> ||
                      std::is_same_v<T, ConfigNode::Table>) {
          return false;  // handled above
        } else {
          return value == std::get<T>(b.value);
        }
      },
      a.value);
}

void set_override(ConfigNode& root, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  check(equals != std::string_view::npos && equals > 0,
        "--set {}: expected KEY=VALUE, as in model.moe.experts=8",
        assignment);
  const auto parts = key_parts(assignment.substr(0, equals), assignment);
  ConfigNode value = override_value(assignment.substr(equals + 1));
  const std::string where = fmt::format("--set {}", assignment);
  place_at(value, where);

  ConfigNode* table = &root;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    ConfigNode* next = table->find(parts[i]);
    if (next == nullptr) {
      table->set(parts[i], ConfigNode(ConfigNode::Value(ConfigNode::Table{}), where));
      next = table->find(parts[i]);
    }
    check(next->is_table(),
          "--set {}: {} is {}, which has no keys of its own",
          assignment,
          parts[i],
          describe(*next));
    table = next;
  }
  table->set(parts.back(), std::move(value));
}

ConfigNode from_json(const Json& json, std::string_view origin) {
  const std::string where(origin);
  if (json.is_object()) {
    ConfigNode table(ConfigNode::Value(ConfigNode::Table{}), where);
    for (const auto& [key, member] : json.items()) {
      if (!member.is_null()) {
        table.set(key, from_json(member, origin));
      }
    }
    return table;
  }
  if (json.is_array()) {
    ConfigNode::Array array;
    for (const auto& item : json) {
      array.push_back(from_json(item, origin));
    }
    return {ConfigNode::Value(std::move(array)), where};
  }
  if (json.is_boolean()) {
    return {ConfigNode::Value(json.get<bool>()), where};
  }
  if (json.is_number_integer()) {
    return {ConfigNode::Value(json.get<std::int64_t>()), where};
  }
  if (json.is_number_float()) {
    return {ConfigNode::Value(json.get<double>()), where};
  }
  check(json.is_string(), "{}: null stands where a value is needed", origin);
  return {ConfigNode::Value(json.get<std::string>()), where};
}

Json to_json(const ConfigNode& node) {
  return std::visit(
      []<typename T>(const T& value) -> Json {
        if constexpr (std::is_same_v<T, ConfigNode::Table>) {
          Json object = Json::object();
          for (const auto& entry : value) {
            object[entry.key] = to_json(entry.node);
          }
          return object;
        } else if constexpr (std::is_same_v<T, ConfigNode::Array>) {
          Json array = Json::array();
          for (const auto& item : value) {
            array.push_back(to_json(item));
          }
          return array;
        } else {
          return value;
        }
      },
      node.value);
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = SIZE_MAX;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    const bool is_near = distance <= std::max<std::size_t>(2, word.size() * 2 / 5) &&
                         distance < std::max(word.size(), candidate.size());
    if (is_near && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace rq
