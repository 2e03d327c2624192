#include "tokenizer/jinja/value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer::jinja {
namespace {

// Python's repr() of a float: the shortest digits that read back, always with a point or exponent.
std::string text_of(double number) {
  if (std::isnan(number)) {
    return "nan";
  }
  if (std::isinf(number)) {
    return number > 0 ? "inf" : "-inf";
  }
  std::string text = fmt::format("{}", number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string python_string(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string result(1, quote);
  for (const char c : text) {
    switch (c) {
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      case '\\':
        result += "\\\\";
        break;
      default:
        if (c == quote) {
          result += '\\';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
          result += c;
        }
    }
  }
  return result + quote;
}

// The texts of all elements, commas between them.
template <typename Elements, typename Text>
std::string joined(const Elements& elements, const Text& text) {
  std::string result;
  for (const auto& element : elements) {
    result += result.empty() ? "" : ", ";
    result += text(element);
  }
  return result;
}

}  // namespace

const Value* Mapping::find(std::string_view key) const {
  const auto found = std::ranges::find(items, key, [](const auto& item) { return item.first; });
  return found == items.end() ? nullptr : &found->second;
}

void Mapping::set(std::string_view key, Value value) {
  const auto found = std::ranges::find(items, key, [](const auto& item) { return item.first; });
  if (found == items.end()) {
    items.emplace_back(key, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

const Value* Arguments::find(std::string_view name) const {
  const auto found = std::ranges::find(named, name, [](const auto& item) { return item.first; });
  return found == named.end() ? nullptr : &found->second;
}

const Value* Arguments::find(std::size_t place, std::string_view name) const {
  return place < positional.size() ? &positional[place] : find(name);
}

const Value& Arguments::required(std::size_t place,
                                 std::string_view name,
                                 std::string_view function) const {
  const Value* value = find(place, name);
  check(value != nullptr, "{} lacks its argument {}", function, name);
  return *value;
}

Value::Value(List list) : held_(std::make_shared<const List>(std::move(list))) {}
Value::Value(Mapping mapping) : held_(std::make_shared<Mapping>(std::move(mapping))) {}

Value Value::from(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
      return None{};
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return json.get<std::int64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get<std::string>();
    case Json::value_t::array: {
      List list;
      for (const Json& element : json) {
        list.push_back(from(element));
      }
      return list;
    }
    case Json::value_t::object: {
      Mapping mapping;
      for (const auto& [key, value] : json.items()) {
        mapping.items.emplace_back(key, from(value));
      }
      return mapping;
    }
    default:
      return {};
  }
}

const List* Value::list() const {
  const auto* held = std::get_if<std::shared_ptr<const List>>(&held_);
  return held == nullptr ? nullptr : held->get();
}

const Mapping* Value::mapping() const {
  const auto* held = std::get_if<std::shared_ptr<Mapping>>(&held_);
  return held == nullptr ? nullptr : held->get();
}

Mapping* Value::name_space() const {
  const auto* held = std::get_if<std::shared_ptr<Mapping>>(&held_);
  return held != nullptr && (*held)->is_namespace ? held->get() : nullptr;
}

const Function* Value::function() const {
  const auto* held = std::get_if<std::shared_ptr<const Function>>(&held_);
  return held == nullptr ? nullptr : held->get();
}

std::optional<std::int64_t> Value::integer() const {
  if (const auto* whole = std::get_if<std::int64_t>(&held_)) {
    return *whole;
  }
  return flag() == nullptr ? std::nullopt : std::optional<std::int64_t>(*flag() ? 1 : 0);
}

std::optional<double> Value::number() const {
  if (const auto* real = std::get_if<double>(&held_)) {
    return *real;
  }
  const auto whole = integer();
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

bool Value::truth() const {
  if (const auto value = number()) {
    return *value != 0;
  }
  if (text() != nullptr) {
    return !text()->empty();
  }
  if (list() != nullptr) {
    return !list()->empty();
  }
  if (mapping() != nullptr) {
    return mapping()->is_namespace || !mapping()->items.empty();
  }
  return function() != nullptr;
}

std::string Value::kind() const {
  if (const auto* undefined = std::get_if<Undefined>(&held_)) {
    return fmt::format("{}, which is undefined", undefined->name);
  }
  if (text() != nullptr) {
    return "a string";
  }
  if (list() != nullptr) {
    return "a list";
  }
  if (mapping() != nullptr) {
    return "a mapping";
  }
  return function() != nullptr ? "a function" : str();
}

std::string Value::str() const {
  if (const auto* held = text()) {
    return *held;
  }
  return is_undefined() ? "" : repr();
}

std::string Value::repr() const {
  if (const auto* held = flag()) {
    return *held ? "True" : "False";
  }
  if (const auto whole = integer()) {
    return std::to_string(*whole);
  }
  if (const auto real = number()) {
    return text_of(*real);
  }
  if (text() != nullptr) {
    return python_string(*text());
  }
  if (list() != nullptr) {
    return "[" + joined(*list(), [](const Value& element) { return element.repr(); }) + "]";
  }
  if (mapping() != nullptr) {
    return "{" +
           joined(mapping()->items,
                  [](const auto& item) {
                    return python_string(item.first) + ": " + item.second.repr();
                  }) +
           "}";
  }
  return is_none() ? "None" : is_undefined() ? "Undefined" : "<function>";
}

List Value::elements() const {
  if (list() != nullptr) {
    return *list();
  }
  List result;
  if (mapping() != nullptr) {
    for (const auto& [key, value] : mapping()->items) {
      result.emplace_back(key);
    }
  } else if (text() != nullptr) {
    for (const std::string_view character : characters(*text())) {
      result.emplace_back(std::string(character));
    }
  } else {
    check(is_undefined(), "{} has no elements", kind());
  }
  return result;
}

bool equal(const Value& a, const Value& b) {
  if (const auto x = a.number(), y = b.number(); x && y) {
    return *x == *y;
  }
  if (a.text() != nullptr && b.text() != nullptr) {
    return *a.text() == *b.text();
  }
  if (a.list() != nullptr && b.list() != nullptr) {
    return std::ranges::equal(*a.list(), *b.list(), equal);
  }
  if (a.mapping() != nullptr && b.mapping() != nullptr) {
    const auto& items = a.mapping()->items;
    return items.size() == b.mapping()->items.size() &&
           std::ranges::all_of(items, [&](const auto& item) {
             const Value* other = b.mapping()->find(item.first);
             return other != nullptr && equal(item.second, *other);
           });
  }
  return (a.is_none() && b.is_none()) || (a.is_undefined() && b.is_undefined());
}

bool less(const Value& a, const Value& b) {
  if (const auto x = a.number(), y = b.number(); x && y) {
    return *x < *y;
  }
  if (a.text() != nullptr && b.text() != nullptr) {
    return *a.text() < *b.text();
  }
  check(a.list() != nullptr && b.list() != nullptr, "{} and {} have no order", a.kind(), b.kind());
  return std::ranges::lexicographical_compare(*a.list(), *b.list(), less);
}

bool contains(const Value& container, const Value& item) {
  if (const auto* text = container.text()) {
    check(item.text() != nullptr, "{} cannot be in a string", item.kind());
    return text->find(*item.text()) != std::string::npos;
  }
  if (const auto* mapping = container.mapping()) {
    return item.text() != nullptr && mapping->find(*item.text()) != nullptr;
  }
  return std::ranges::any_of(container.elements(),
                             [&](const Value& element) { return equal(element, item); });
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> result;
  each_utf8_run(
      text,
      [&](std::string_view run) {
        while (!run.empty()) {
          const auto length = static_cast<std::size_t>(decode_utf8(run).length);
          result.push_back(run.substr(0, length));
          run.remove_prefix(length);
        }
      },
      [&](std::string_view byte) { result.push_back(byte); });
  return result;
}

}  // namespace rq::tokenizer::jinja
