#pragma once
// The templates behind write_config().

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/internal/config_read.h"

namespace rq {

namespace internal {

template <typename T>
ConfigNode write_value(const T& value) {
  if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    return ConfigNode(ConfigNode::Value(value));
  } else if constexpr (std::integral<T>) {
    return ConfigNode(ConfigNode::Value(static_cast<std::int64_t>(value)));
  } else if constexpr (std::floating_point<T>) {
    return ConfigNode(ConfigNode::Value(static_cast<double>(value)));
  } else if constexpr (std::is_enum_v<T>) {
    return ConfigNode(ConfigNode::Value(std::string(enum_name(value))));
  } else if constexpr (kIsVector<T>) {
    ConfigNode::Array array;
    for (const auto& item : value) {
      array.push_back(write_value<typename T::value_type>(item));
    }
    return ConfigNode(ConfigNode::Value(std::move(array)));
  } else if constexpr (kIsMap<T>) {
    ConfigNode table;
    for (const auto& [key, member] : value) {
      table.set(key, write_value(member));
    }
    return table;
  } else {
    return write_config(value);
  }
}

}  // namespace internal

template <typename T>
T read_config(const ConfigNode& node, std::string_view path) {
  Problems problems;
  T config = read_config<T>(node, path, problems);
  problems.throw_if_any();
  return config;
}

template <typename T>
ConfigNode write_config(const T& config) {
  ConfigNode table;
  visit_fields(config, [&](std::string_view name, const auto& field) {
    if constexpr (internal::kIsOptional<std::remove_cvref_t<decltype(field)>>) {
      if (field) {
        table.set(name, internal::write_value(*field));
      }
    } else {
      table.set(name, internal::write_value(field));
    }
  });
  return table;
}

template <typename T>
  requires HasFields<T>
std::string to_toml(const T& config) {
  return to_toml(write_config(config));
}

template <typename T>
  requires HasFields<T>
Json to_json(const T& config) {
  return to_json(write_config(config));
}

template <typename Enum>
std::string_view enum_name(Enum value) {
  for (const auto& [constant, name] : enum_names(value)) {
    if (constant == value) {
      return name;
    }
  }
  return "unnamed";
}

}  // namespace rq
