#include "reward/problems/function_steps.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/format.h"

namespace rq::reward {
namespace {

// NOTE: texts are made of printable ASCII without quotes and backslashes, so quoting is enough.
std::string as_json_item(std::int64_t value) {
  return std::to_string(value);
}

std::string as_json_item(const std::string& value) {
  return fmt::format("\"{}\"", value);
}

template <typename Item>
std::string as_json_item(const std::vector<Item>& items) {
  std::vector<std::string> parts;
  for (const auto& item : items) {
    parts.push_back(as_json_item(item));
  }
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

}  // namespace

std::span<const FunctionStep> steps_from(ValueType type) {
  switch (type) {
    case ValueType::kNumber:
      return number_steps();
    case ValueType::kNumbers:
      return numbers_steps();
    case ValueType::kText:
      return text_steps();
    case ValueType::kWords:
      return words_steps();
  }
  return {};
}

std::string as_json(const Value& value) {
  return std::visit([](const auto& held) { return as_json_item(held); }, value);
}

}  // namespace rq::reward
