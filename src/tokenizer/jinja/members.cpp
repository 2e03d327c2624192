#include "tokenizer/jinja/members.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/text.h"

namespace rq::tokenizer::jinja {
namespace {

const std::string& text_of(const Value& value, std::string_view method) {
  check(value.text() != nullptr, "{} cannot take {}", method, value.kind());
  return *value.text();
}

const std::string* optional_text(const Arguments& given, std::size_t place, std::string_view name) {
  const Value* value = given.find(place, name);
  return value == nullptr || value->is_none() ? nullptr : &text_of(*value, name);
}

std::int64_t optional_integer(const Arguments& given,
                              std::size_t place,
                              std::string_view name,
                              std::int64_t fallback) {
  const Value* value = given.find(place, name);
  return value == nullptr ? fallback : value->integer().value_or(fallback);
}

bool begins_or_ends(const std::string& text, const Value& with, bool begins) {
  if (with.list() != nullptr) {
    return std::ranges::any_of(
        *with.list(), [&](const Value& each) { return begins_or_ends(text, each, begins); });
  }
  const std::string& part = text_of(with, begins ? "startswith" : "endswith");
  return begins ? text.starts_with(part) : text.ends_with(part);
}

Value list_of(const std::vector<std::string>& texts) {
  return List(texts.begin(), texts.end());
}

// From the right: the parts of the mirrored text, mirrored.
std::vector<std::string> split_from_right(std::string text,
                                          const std::string& separator,
                                          std::int64_t most) {
  std::vector<std::string> parts;
  for (std::size_t at = text.rfind(separator); at != std::string::npos && most != 0;
       at = text.rfind(separator), --most) {
    parts.push_back(text.substr(at + separator.size()));
    text.resize(at);
  }
  parts.push_back(text);
  std::ranges::reverse(parts);
  return parts;
}

using StringMethod = Value (*)(const std::string& text, const Arguments& given);

constexpr auto kStringMethods = std::to_array<std::pair<std::string_view, StringMethod>>({
    {"strip",
     [](const std::string& text, const Arguments& given) -> Value {
       return strip(text, Ends::kBoth, optional_text(given, 0, "chars"));
     }},
    {"lstrip",
     [](const std::string& text, const Arguments& given) -> Value {
       return strip(text, Ends::kLeft, optional_text(given, 0, "chars"));
     }},
    {"rstrip",
     [](const std::string& text, const Arguments& given) -> Value {
       return strip(text, Ends::kRight, optional_text(given, 0, "chars"));
     }},
    {"split",
     [](const std::string& text, const Arguments& given) -> Value {
       return list_of(split(
           text, optional_text(given, 0, "sep"), optional_integer(given, 1, "maxsplit", -1)));
     }},
    {"rsplit",
     [](const std::string& text, const Arguments& given) -> Value {
       return list_of(split_from_right(text,
                                       text_of(given.required(0, "sep", "rsplit"), "rsplit"),
                                       optional_integer(given, 1, "maxsplit", -1)));
     }},
    {"splitlines",
     [](const std::string& text, const Arguments&) -> Value {
       const std::string newline = "\n";
       auto lines = split(replace(text, "\r\n", "\n"), &newline);
       if (lines.back().empty()) {
         lines.pop_back();
       }
       return list_of(lines);
     }},
    {"startswith",
     [](const std::string& text, const Arguments& given) -> Value {
       return begins_or_ends(text, given.required(0, "prefix", "startswith"), true);
     }},
    {"endswith",
     [](const std::string& text, const Arguments& given) -> Value {
       return begins_or_ends(text, given.required(0, "suffix", "endswith"), false);
     }},
    {"removeprefix",
     [](const std::string& text, const Arguments& given) -> Value {
       const auto& part = text_of(given.required(0, "prefix", "removeprefix"), "removeprefix");
       return text.starts_with(part) ? text.substr(part.size()) : text;
     }},
    {"removesuffix",
     [](const std::string& text, const Arguments& given) -> Value {
       const auto& part = text_of(given.required(0, "suffix", "removesuffix"), "removesuffix");
       return text.ends_with(part) ? text.substr(0, text.size() - part.size()) : text;
     }},
    {"replace",
     [](const std::string& text, const Arguments& given) -> Value {
       return replace(text,
                      text_of(given.required(0, "old", "replace"), "replace"),
                      text_of(given.required(1, "new", "replace"), "replace"),
                      optional_integer(given, 2, "count", -1));
     }},
    {"join",
     [](const std::string& text, const Arguments& given) -> Value {
       std::string result;
       bool is_first = true;
       for (const Value& each : given.required(0, "iterable", "join").elements()) {
         result.append(is_first ? "" : text).append(text_of(each, "join"));
         is_first = false;
       }
       return result;
     }},
    {"find",
     [](const std::string& text, const Arguments& given) -> Value {
       const auto at = text.find(text_of(given.required(0, "sub", "find"), "find"));
       return at == std::string::npos
                  ? std::int64_t{-1}
                  : std::ssize(characters(std::string_view(text).substr(0, at)));
     }},
    {"count",
     [](const std::string& text, const Arguments& given) -> Value {
       const auto& part = text_of(given.required(0, "sub", "count"), "count");
       return part.empty() ? std::ssize(characters(text)) + 1
                           : std::ssize(split(text, &part)) - 1;
     }},
    {"upper", [](const std::string& text, const Arguments&) -> Value { return upper(text); }},
    {"lower", [](const std::string& text, const Arguments&) -> Value { return lower(text); }},
    {"title", [](const std::string& text, const Arguments&) -> Value { return title(text); }},
    {"capitalize",
     [](const std::string& text, const Arguments&) -> Value { return capitalize(text); }},
    {"isdigit",
     [](const std::string& text, const Arguments&) -> Value {
       return !text.empty() &&
              std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
     }},
});

using MappingMethod = Value (*)(const Mapping& mapping, const Arguments& given);

constexpr auto kMappingMethods = std::to_array<std::pair<std::string_view, MappingMethod>>({
    {"items",
     [](const Mapping& mapping, const Arguments&) -> Value {
       List pairs;
       for (const auto& [key, value] : mapping.items) {
         pairs.emplace_back(List{key, value});
       }
       return pairs;
     }},
    {"keys",
     [](const Mapping& mapping, const Arguments&) -> Value {
       List keys;
       for (const auto& [key, value] : mapping.items) {
         keys.emplace_back(key);
       }
       return keys;
     }},
    {"values",
     [](const Mapping& mapping, const Arguments&) -> Value {
       List values;
       for (const auto& [key, value] : mapping.items) {
         values.push_back(value);
       }
       return values;
     }},
    {"get",
     [](const Mapping& mapping, const Arguments& given) -> Value {
       const Value* found = mapping.find(text_of(given.required(0, "key", "get"), "get"));
       const Value* fallback = given.find(1, "default");
       return found != nullptr ? *found : fallback != nullptr ? *fallback : Value(None{});
     }},
});

template <typename Methods>
auto find_method(const Methods& methods, std::string_view name) {
  const auto* const found =
      std::ranges::find(methods, name, [](const auto& method) { return method.first; });
  return found == methods.end() ? nullptr : found->second;
}

}  // namespace

Value member(const Value& value, const std::string& name) {
  check(!value.is_undefined(), "{}: it has no {}", value.kind(), name);
  if (const auto* text = value.text()) {
    if (const auto method = find_method(kStringMethods, name); method != nullptr) {
      return Function(
          [method, text = *text](const Arguments& given) { return method(text, given); });
    }
  }
  if (const auto* mapping = value.mapping()) {
    const auto method = find_method(kMappingMethods, name);
    if (method != nullptr && !mapping->is_namespace) {
      return Function(
          [method, value](const Arguments& given) { return method(*value.mapping(), given); });
    }
    if (const Value* found = mapping->find(name)) {
      return *found;
    }
  }
  return Undefined{name};
}

Value element(const Value& container, const Value& key) {
  check(!container.is_undefined(), "{}: it has no elements", container.kind());
  if (const auto* mapping = container.mapping()) {
    const Value* found = key.text() == nullptr ? nullptr : mapping->find(*key.text());
    return found == nullptr ? Value(Undefined{key.str()}) : *found;
  }
  const auto at = key.integer();
  if (!at || (container.list() == nullptr && container.text() == nullptr)) {
    return key.text() != nullptr ? member(container, *key.text()) : Value(Undefined{key.str()});
  }
  const List all = container.elements();
  const std::int64_t place = *at < 0 ? *at + std::ssize(all) : *at;
  return place >= 0 && place < std::ssize(all) ? all[static_cast<std::size_t>(place)]
                                               : Value(Undefined{key.str()});
}

Value slice(const Value& sequence,
            std::optional<std::int64_t> first,
            std::optional<std::int64_t> last,
            std::optional<std::int64_t> step) {
  check(sequence.list() != nullptr || sequence.text() != nullptr,
        "no slice can be taken of {}",
        sequence.kind());
  const List all = sequence.elements();
  const std::int64_t count = std::ssize(all), stride = step.value_or(1);
  check(stride != 0, "a slice cannot have the step 0");
  const bool is_forward = stride > 0;
  const auto clamped = [&](std::optional<std::int64_t> place, std::int64_t fallback) {
    if (!place) {
      return fallback;
    }
    const std::int64_t from_start = *place < 0 ? *place + count : *place;
    return std::clamp<std::int64_t>(
        from_start, is_forward ? 0 : -1, is_forward ? count : count - 1);
  };
  const std::int64_t begin = clamped(first, is_forward ? 0 : count - 1),
                     end = clamped(last, is_forward ? count : -1);
  List result;
  std::string text;
  for (std::int64_t i = begin; is_forward ? i < end : i > end; i += stride) {
    const Value& each = all[static_cast<std::size_t>(i)];
    if (sequence.text() != nullptr) {
      text += *each.text();
    } else {
      result.push_back(each);
    }
  }
  return sequence.text() != nullptr ? Value(text) : Value(result);
}

}  // namespace rq::tokenizer::jinja
