// The one place that sees toml++.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/check.h"
#include "base/config_node.h"
#include "base/format.h"

namespace rq {

namespace {

std::string place(const toml::source_region& source, std::string_view origin) {
  return fmt::format("{}:{}", origin, source.begin.line);
}

ConfigNode convert(const toml::node& node, std::string_view origin);

ConfigNode convert_table(const toml::table& table, std::string_view origin) {
  // toml++ keeps tables sorted by key; we want the order of the file.
  std::vector<std::pair<toml::source_position, ConfigNode::Entry>> placed;
  for (const auto& [key, member] : table) {
    ConfigNode node = convert(member, origin);
    node.where = place(key.source(), origin);
    placed.push_back({key.source().begin, {std::string(key.str()), std::move(node)}});
  }
  std::stable_sort(
      placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  ConfigNode::Table entries;
  for (auto& [position, entry] : placed) {
    entries.push_back(std::move(entry));
  }
  return {ConfigNode::Value(std::move(entries)), place(table.source(), origin)};
}

ConfigNode convert(const toml::node& node, std::string_view origin) {
  const std::string where = place(node.source(), origin);
  if (const auto* table = node.as_table()) {
    return convert_table(*table, origin);
  }
  if (const auto* array = node.as_array()) {
    ConfigNode::Array items;
    for (const auto& item : *array) {
      items.push_back(convert(item, origin));
    }
    return {ConfigNode::Value(std::move(items)), where};
  }
  if (const auto* text = node.as_string()) {
    return {ConfigNode::Value(text->get()), where};
  }
  if (const auto* integer = node.as_integer()) {
    return {ConfigNode::Value(integer->get()), where};
  }
  if (const auto* number = node.as_floating_point()) {
    return {ConfigNode::Value(number->get()), where};
  }
  if (const auto* truth = node.as_boolean()) {
    return {ConfigNode::Value(truth->get()), where};
  }
  fail("{}: dates and times are not used here; write a string in quotes", where);
}

}  // namespace

ConfigNode parse_toml(std::string_view text, std::string_view origin) {
  try {
    return convert(toml::parse(text, origin), origin);
  } catch (const toml::parse_error& error) {
    fail("{}: not TOML: {}", place(error.source(), origin), error.description());
  }
}

}  // namespace rq
