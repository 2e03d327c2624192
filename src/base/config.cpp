#include "base/config.h"

#include <algorithm>
#include <cmath>
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

void Problems::throw_if_any() const {
  if (!sentences_.empty()) {
    throw Error(fmt::format("{}", fmt::join(sentences_, "\n")));
  }
}

namespace internal {

namespace {

// What to write instead: the nearest name, or all of them where none is near.
std::string advice(std::string_view word, const std::vector<std::string>& names) {
  if (const auto name = nearest(word, names)) {
    return fmt::format("did you mean {}?", *name);
  }
  return fmt::format("known: {}", fmt::join(names, ", "));
}

}  // namespace

std::string at(const ConfigNode& node) {
  return node.where.empty() ? "" : node.where + ": ";
}

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::size_t count(const Problems& problems) {
  return problems.size();
}

void report_type(const ConfigNode& node,
                 std::string_view path,
                 std::string_view wanted,
                 Problems& problems) {
  problems.add(fmt::format("{}{} is {}, not {}", at(node), path, describe(node), wanted));
}

void report_name(const ConfigNode& node,
                 std::string_view path,
                 const std::vector<std::string>& names,
                 Problems& problems) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) {
    report_type(node, path, fmt::format("one of the strings {}", fmt::join(names, ", ")), problems);
  } else {
    problems.add(
        fmt::format("{}unknown value {} of {}; {}", at(node), *text, path, advice(*text, names)));
  }
}

void report_missing(const ConfigNode& table,
                    std::string_view path,
                    std::string_view key,
                    Problems& problems) {
  problems.add(
      fmt::format("{}{} lacks the key {}", at(table), path.empty() ? "the top level" : path, key));
}

void report_values(const ConfigNode& table,
                   std::string_view path,
                   const std::vector<std::string>& sentences,
                   Problems& problems) {
  for (const auto& sentence : sentences) {
    problems.add(path.empty() ? fmt::format("{}{}", at(table), sentence)
                              : fmt::format("{}{}: {}", at(table), path, sentence));
  }
}

std::optional<std::int64_t> whole_number(const ConfigNode& node) {
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
    return *integer;
  }
  constexpr double kExact =
      9007199254740992;  // 2^53: past it a double may stand for its neighbours
  const auto* number = std::get_if<double>(&node.value);
  if (number != nullptr && std::trunc(*number) == *number && std::abs(*number) <= kExact) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

}  // namespace internal

void check_keys(const ConfigNode& table,
                std::string_view path,
                const std::vector<std::string>& known,
                Problems& problems) {
  for (const auto& [key, node] : table.entries()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      problems.add(fmt::format("{}unknown key {}; {}",
                               internal::at(node),
                               internal::join(path, key),
                               internal::advice(key, known)));
    }
  }
}

}  // namespace rq
