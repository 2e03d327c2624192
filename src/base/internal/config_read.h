#pragma once
// The templates behind read_config(). What does not depend on the type stands in config.cpp.

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config_node.h"
#include "base/each.h"

namespace rq {

class Problems;

namespace internal {

// "recipe.toml:14: " or nothing.
std::string at(const ConfigNode& node);
// "model.moe" + "top_k".
std::string join(std::string_view path, std::string_view key);
void report_type(const ConfigNode& node,
                 std::string_view path,
                 std::string_view wanted,
                 Problems& problems);
void report_name(const ConfigNode& node,
                 std::string_view path,
                 const std::vector<std::string>& names,
                 Problems& problems);
void report_missing(const ConfigNode& table,
                    std::string_view path,
                    std::string_view key,
                    Problems& problems);
// Leaves out what names a doubtful value, and what tables within this one have said: the problems
// from `first` on.
void report_values(const ConfigNode& table,
                   std::string_view path,
                   const std::vector<std::string>& sentences,
                   std::size_t first,
                   Problems& problems);
std::size_t count(const Problems& problems);

// A number as an integer where it is one: 5, 1e6; not 0.5, nor a float past 2^53.
std::optional<std::int64_t> whole_number(const ConfigNode& node);

template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <typename T>
inline constexpr bool kIsMap = false;
template <typename T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;
template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <typename T>
void read_value(const ConfigNode& node, const std::string& path, T& field, Problems& problems);

template <typename T>
void read_integer(const ConfigNode& node, std::string_view path, T& field, Problems& problems) {
  const std::optional<std::int64_t> number = whole_number(node);
  if (number && std::in_range<T>(*number)) {
    field = static_cast<T>(*number);
  } else if (number) {
    report_type(node,
                path,
                fmt::format("an integer from {} to {}",
                            std::numeric_limits<T>::min(),
                            std::numeric_limits<T>::max()),
                problems);
  } else {
    report_type(node, path, "an integer", problems);
  }
}

template <typename T>
void read_enum(const ConfigNode& node, std::string_view path, T& field, Problems& problems) {
  const auto* text = std::get_if<std::string>(&node.value);
  std::vector<std::string> names;
  for (const auto& [value, name] : enum_names(T{})) {
    if (text != nullptr && *text == name) {
      field = value;
      return;
    }
    names.emplace_back(name);
  }
  report_name(node, path, names, problems);
}

template <typename T>
void read_vector(const ConfigNode& node, const std::string& path, T& field, Problems& problems) {
  const auto* array = std::get_if<ConfigNode::Array>(&node.value);
  if (array == nullptr) {
    report_type(node, path, "an array", problems);
    return;
  }
  field.clear();
  for (std::size_t i = 0; i < array->size(); ++i) {
    typename T::value_type item{};
    read_value((*array)[i], fmt::format("{}[{}]", path, i), item, problems);
    field.push_back(std::move(item));
  }
}

template <typename T>
void read_map(const ConfigNode& node, const std::string& path, T& field, Problems& problems) {
  if (!node.is_table()) {
    report_type(node, path, "a table", problems);
    return;
  }
  field.clear();
  for (const auto& [key, member] : node.entries()) {
    read_value(member, join(path, key), field[key], problems);
  }
}

template <typename T>
void report_own_problems(const ConfigNode& node,
                         const std::string& path,
                         const T& config,
                         std::size_t first,
                         Problems& problems) {
  if constexpr (requires {
                  { config.problems() } -> std::convertible_to<std::vector<std::string>>;
                }) {
    report_values(node, path, config.problems(), first, problems);
  } else if constexpr (requires { config.validate(); }) {
    try {
      config.validate();
    } catch (const Error& error) {
      report_values(node, path, {error.what()}, first, problems);
    }
  }
}

template <typename T>
void read_fields(const ConfigNode& node, const std::string& path, T& config, Problems& problems) {
  if (!node.is_table()) {
    report_type(node, path, "a table", problems);
    return;
  }
  const std::size_t first = count(problems);
  std::vector<std::string> known;
  config.each([&](std::string_view name, auto& field) {
    known.emplace_back(name);
    if (const ConfigNode* member = node.find(name)) {
      read_value(*member, join(path, name), field, problems);
    }
  });
  check_keys(node, path, known, problems);
  if constexpr (requires { T::kRequired; }) {
    for (const std::string_view key : T::kRequired) {
      if (node.find(key) == nullptr) {
        report_missing(node, path, key, problems);
      }
    }
  }
  report_own_problems(node, path, config, first, problems);
}

template <typename T>
void read_value(const ConfigNode& node, const std::string& path, T& field, Problems& problems) {
  if constexpr (std::same_as<T, bool>) {
    const auto* value = std::get_if<bool>(&node.value);
    value != nullptr ? void(field = *value) : report_type(node, path, "true or false", problems);
  } else if constexpr (std::integral<T>) {
    read_integer(node, path, field, problems);
  } else if constexpr (std::floating_point<T>) {
    if (const auto* value = std::get_if<double>(&node.value)) {
      field = static_cast<T>(*value);
    } else if (const auto* whole = std::get_if<std::int64_t>(&node.value)) {
      field = static_cast<T>(*whole);
    } else {
      report_type(node, path, "a number", problems);
    }
  } else if constexpr (std::same_as<T, std::string>) {
    const auto* value = std::get_if<std::string>(&node.value);
    value != nullptr ? void(field = *value) : report_type(node, path, "a string", problems);
  } else if constexpr (std::is_enum_v<T>) {
    read_enum(node, path, field, problems);
  } else if constexpr (kIsOptional<T>) {
    read_value(node, path, field.emplace(), problems);
  } else if constexpr (kIsVector<T>) {
    read_vector(node, path, field, problems);
  } else if constexpr (kIsMap<T>) {
    read_map(node, path, field, problems);
  } else {
    static_assert(HasFields<T>,
                  "a field needs each(), or one of the types that base/config.h lists");
    read_fields(node, path, field, problems);
  }
}

}  // namespace internal

template <typename T>
T read_config(const ConfigNode& node, std::string_view path, Problems& problems) {
  T config;
  internal::read_fields(node, std::string(path), config, problems);
  return config;
}

}  // namespace rq
