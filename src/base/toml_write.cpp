// The resolved recipe as TOML: what a run folder keeps.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/config_node.h"
#include "base/format.h"

namespace rq {

namespace {

std::string quoted_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (code < 0x20 || code == 0x7f) {
      result += fmt::format("\\u{:04X}", code);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string key_text(std::string_view key) {
  const bool is_bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return is_bare ? std::string(key) : quoted_text(key);
}

// The fewest digits that read back as the same double; always with a point, an exponent or a word,
// so that it stays a float.
std::string double_text(double value) {
  std::string text = fmt::format("{}", value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string inline_text(const ConfigNode& node);

struct InlineWriter {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return double_text(value); }
  std::string operator()(const std::string& value) const { return quoted_text(value); }
  std::string operator()(const ConfigNode::Array& array) const {
    std::string text;
    for (const auto& item : array) {
      text += (text.empty() ? "" : ", ") + inline_text(item);
    }
    return "[" + text + "]";
  }
  std::string operator()(const ConfigNode::Table& table) const {
    std::string text;
    for (const auto& entry : table) {
      text += fmt::format(
          "{}{} = {}", text.empty() ? "" : ", ", key_text(entry.key), inline_text(entry.node));
    }
    return text.empty() ? "{}" : "{ " + text + " }";
  }
};

std::string inline_text(const ConfigNode& node) {
  return std::visit(InlineWriter(), node.value);
}

void write_table(const ConfigNode& node, const std::string& path, std::string& out) {
  const auto& entries = node.entries();
  const auto is_plain = [](const auto& entry) { return !entry.node.is_table(); };
  const bool has_plain = std::any_of(entries.begin(), entries.end(), is_plain);
  if (!path.empty() && (has_plain || entries.empty())) {
    out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", path);
  }
  for (const auto& entry : entries) {  // TOML wants them before the tables
    if (is_plain(entry)) {
      out += fmt::format("{} = {}\n", key_text(entry.key), inline_text(entry.node));
    }
  }
  for (const auto& entry : entries) {
    if (!is_plain(entry)) {
      const std::string key = key_text(entry.key);
      write_table(entry.node, path.empty() ? key : fmt::format("{}.{}", path, key), out);
    }
  }
}

}  // namespace

std::string to_toml(const ConfigNode& node) {
  std::string out;
  write_table(node, "", out);
  return out;
}

std::string describe(const ConfigNode& node) {
  if (node.is_table()) {
    return "a table";
  }
  if (const auto* array = std::get_if<ConfigNode::Array>(&node.value)) {
    return fmt::format("an array of {}", array->size());
  }
  return inline_text(node);
}

}  // namespace rq
