#include "tokenizer/jinja/filters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/jinja/members.h"
#include "tokenizer/jinja/tests.h"
#include "tokenizer/jinja/text.h"

namespace rq::tokenizer::jinja {
namespace {

bool is_true(const Value* argument) {
  return argument != nullptr && argument->truth();
}

// "a.b.0" of an element.
Value attribute(Value value, const Value& path) {
  if (path.integer()) {
    return element(value, path);
  }
  const std::string dot = ".";
  for (const std::string& name : split(path.str(), &dot)) {
    const bool is_place =
        !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    value = is_place ? element(value, Value(std::int64_t{std::stoll(name)})) : member(value, name);
  }
  return value;
}

Arguments without_first(const Arguments& given, std::size_t count) {
  Arguments rest = given;
  rest.positional.erase(rest.positional.begin(),
                        rest.positional.begin() +
                            static_cast<std::ptrdiff_t>(std::min(count, rest.positional.size())));
  return rest;
}

// select, reject (the element itself is tested) and their forms for an attribute of it.
Value chosen(const Value& input, const Arguments& given, bool by_attribute, bool wanted) {
  const std::size_t at = by_attribute ? 1 : 0;  // where the test's name stands
  Test test = nullptr;
  if (const Value* name = given.find(at, "test")) {
    test = find_test(name->str());
    check(test != nullptr, "the test {} is not known here", name->str());
  }
  const Arguments rest = without_first(given, at + 1);
  List result;
  for (const Value& each : input.elements()) {
    const Value tested =
        by_attribute ? attribute(each, given.required(0, "attribute", "selectattr")) : each;
    if ((test == nullptr ? tested.truth() : test(tested, rest)) == wanted) {
      result.push_back(each);
    }
  }
  return result;
}

Value mapped(const Value& input, const Arguments& given) {
  List result;
  const Value* path = given.find("attribute");
  const Value* fallback = given.find("default");
  for (const Value& each : input.elements()) {
    if (path != nullptr) {
      const Value found = attribute(each, *path);
      result.push_back(found.is_undefined() && fallback != nullptr ? *fallback : found);
      continue;
    }
    const std::string name = given.required(0, "filter", "map").str();
    const Filter filter = find_filter(name);
    check(filter != nullptr, "the filter {} is not known here", name);
    result.push_back(filter(each, without_first(given, 1)));
  }
  return result;
}

Value length(const Value& input, const Arguments&) {
  check(input.list() != nullptr || input.mapping() != nullptr || input.text() != nullptr ||
            input.is_undefined(),
        "{} has no length",
        input.kind());
  return std::ssize(input.elements());
}

Value first(const Value& input, const Arguments&) {
  const List all = input.elements();
  return all.empty() ? Value(Undefined{"the first of nothing"}) : all.front();
}

Value last(const Value& input, const Arguments&) {
  const List all = input.elements();
  return all.empty() ? Value(Undefined{"the last of nothing"}) : all.back();
}

Value with_default(const Value& input, const Arguments& given) {
  const Value* fallback = given.find(0, "default_value");
  const bool is_missing =
      input.is_undefined() || (is_true(given.find(1, "boolean")) && !input.truth());
  return !is_missing ? input : fallback == nullptr ? Value("") : *fallback;
}

Value joined(const Value& input, const Arguments& given) {
  const Value* between = given.find(0, "d");
  const Value* path = given.find(1, "attribute");
  std::string result;
  bool is_first = true;
  for (const Value& each : input.elements()) {
    result += is_first || between == nullptr ? "" : between->str();
    result += (path == nullptr ? each : attribute(each, *path)).str();
    is_first = false;
  }
  return result;
}

Value as_json(const Value& input, const Arguments& given) {
  const Value* indent = given.find("indent");
  if (indent == nullptr && !given.positional.empty()) {
    indent = given.find(1, "indent");  // the first is ensure_ascii
  }
  return to_json(input,
                 indent == nullptr ? std::nullopt : indent->integer(),
                 is_true(given.find("sort_keys")));
}

Value as_integer(const Value& input, const Arguments& given) {
  const Value* fallback = given.find(0, "default");
  if (const auto held = input.number()) {
    return static_cast<std::int64_t>(*held);
  }
  const std::string text = strip(input.str(), Ends::kBoth);
  const bool is_number =
      !text.empty() && text.size() <= 18 &&
      text.find_first_not_of("0123456789", text[0] == '-' || text[0] == '+' ? 1 : 0) ==
          std::string::npos &&
      text.find_first_of("0123456789") != std::string::npos;
  return is_number             ? Value(std::int64_t{std::stoll(text)})
         : fallback == nullptr ? Value(std::int64_t{0})
                               : *fallback;
}

Value as_float(const Value& input, const Arguments& given) {
  if (const auto held = input.number()) {
    return *held;
  }
  const Value* fallback = given.find(0, "default");
  try {
    return std::stod(input.str());
  } catch (const std::exception&) {
    return fallback == nullptr ? Value(0.0) : *fallback;
  }
}

Value indented(const Value& input, const Arguments& given) {
  const Value* width = given.find(0, "width");
  const std::string margin =
      width != nullptr && width->text() != nullptr
          ? *width->text()
          : std::string(
                static_cast<std::size_t>(width == nullptr ? 4 : width->integer().value_or(4)), ' ');
  const std::string newline = "\n";
  std::string result;
  bool is_first = true;
  for (const std::string& line : split(input.str(), &newline)) {
    const bool has_margin = is_first ? is_true(given.find(1, "first"))
                                     : !line.empty() || is_true(given.find(2, "blank"));
    result += is_first ? "" : newline;
    result += (has_margin ? margin : "") + line;
    is_first = false;
  }
  return result;
}

Value rounded(const Value& input, const Arguments& given) {
  const Value* digits = given.find(0, "precision");
  const Value* method = given.find(1, "method");
  const auto held = input.number();
  check(held.has_value(), "round cannot take {}", input.kind());
  const double scale =
      std::pow(10.0, digits == nullptr ? 0.0 : static_cast<double>(digits->integer().value_or(0)));
  const double scaled = *held * scale;
  const std::string how = method == nullptr ? "common" : method->str();
  return (how == "ceil"    ? std::ceil(scaled)
          : how == "floor" ? std::floor(scaled)
                           : std::nearbyint(scaled)) /
         scale;
}

// By value, or by an attribute; upper and lower case alike, as Jinja sorts.
Value sorted(const Value& input, const Arguments& given) {
  const Value* path = given.find(2, "attribute");
  const bool by_case = is_true(given.find(1, "case_sensitive"));
  const auto key = [&](const Value& each) {
    const Value found = path == nullptr ? each : attribute(each, *path);
    return found.text() != nullptr && !by_case ? Value(lower(*found.text())) : found;
  };
  List all = input.elements();
  std::ranges::stable_sort(all,
                           [&](const Value& a, const Value& b) { return less(key(a), key(b)); });
  if (is_true(given.find(0, "reverse"))) {
    std::ranges::reverse(all);
  }
  return all;
}

Value items(const Value& input, const Arguments&) {
  return input.is_undefined() ? Value(List{}) : (*member(input, "items").function())(Arguments());
}

Value sorted_items(const Value& input, const Arguments&) {
  check(input.mapping() != nullptr, "dictsort cannot take {}", input.kind());
  List pairs = items(input, {}).elements();
  std::ranges::stable_sort(
      pairs, {}, [](const Value& pair) { return lower(*(*pair.list())[0].text()); });
  return pairs;
}

Value unique(const Value& input, const Arguments&) {
  List result;
  for (const Value& each : input.elements()) {
    if (std::ranges::none_of(result, [&](const Value& other) { return equal(each, other); })) {
      result.push_back(each);
    }
  }
  return result;
}

Value reversed(const Value& input, const Arguments&) {
  List all = input.elements();
  std::ranges::reverse(all);
  return input.text() == nullptr ? Value(all) : joined(all, {});
}

Value sum(const Value& input, const Arguments& given) {
  const Value* path = given.find(0, "attribute");
  std::int64_t whole = 0;
  double real = 0;
  bool is_whole = true;
  for (const Value& each : input.elements()) {
    const Value term = path == nullptr ? each : attribute(each, *path);
    check(term.number().has_value(), "sum cannot take {}", term.kind());
    is_whole = is_whole && term.integer().has_value();
    whole += term.integer().value_or(0);
    real += *term.number();
  }
  return is_whole ? Value(whole) : Value(real);
}

Value extreme(const Value& input, bool is_least) {
  const List all = input.elements();
  if (all.empty()) {
    return Undefined{"the least or greatest of nothing"};
  }
  return is_least ? *std::ranges::min_element(all, less) : *std::ranges::max_element(all, less);
}

Value absolute(const Value& input, const Arguments&) {
  check(input.number().has_value(), "abs cannot take {}", input.kind());
  return input.integer() ? Value(std::abs(*input.integer())) : Value(std::abs(*input.number()));
}

constexpr auto kFilters = std::to_array<std::pair<std::string_view, Filter>>({
    {"abs", absolute},
    {"capitalize", [](const Value& x, const Arguments&) -> Value { return capitalize(x.str()); }},
    {"count", length},
    {"d", with_default},
    {"default", with_default},
    {"dictsort", sorted_items},
    {"first", first},
    {"float", as_float},
    {"indent", indented},
    {"int", as_integer},
    {"items", items},
    {"join", joined},
    {"last", last},
    {"length", length},
    {"list", [](const Value& x, const Arguments&) -> Value { return x.elements(); }},
    {"lower", [](const Value& x, const Arguments&) -> Value { return lower(x.str()); }},
    {"map", mapped},
    {"max", [](const Value& x, const Arguments&) { return extreme(x, false); }},
    {"min", [](const Value& x, const Arguments&) { return extreme(x, true); }},
    {"reject",
     [](const Value& x, const Arguments& given) { return chosen(x, given, false, false); }},
    {"rejectattr",
     [](const Value& x, const Arguments& given) { return chosen(x, given, true, false); }},
    {"replace",
     [](const Value& x, const Arguments& given) -> Value {
       const Value* most = given.find(2, "count");
       return replace(x.str(),
                      given.required(0, "old", "replace").str(),
                      given.required(1, "new", "replace").str(),
                      most == nullptr ? -1 : most->integer().value_or(-1));
     }},
    {"reverse", reversed},
    {"round", rounded},
    {"safe", [](const Value& x, const Arguments&) { return x; }},
    {"select", [](const Value& x, const Arguments& given) { return chosen(x, given, false, true); }},
    {"selectattr",
     [](const Value& x, const Arguments& given) { return chosen(x, given, true, true); }},
    {"sort", sorted},
    {"string", [](const Value& x, const Arguments&) -> Value { return x.str(); }},
    {"sum", sum},
    {"title", [](const Value& x, const Arguments&) -> Value { return title(x.str()); }},
    {"tojson", as_json},
    {"trim",
     [](const Value& x, const Arguments& given) -> Value {
       const Value* set = given.find(0, "chars");
       return strip(x.str(), Ends::kBoth, set == nullptr ? nullptr : set->text());
     }},
    {"unique", unique},
    {"upper", [](const Value& x, const Arguments&) -> Value { return upper(x.str()); }},
});

}  // namespace

Filter find_filter(std::string_view name) {
  const auto* const found =
      std::ranges::find(kFilters, name, [](const auto& filter) { return filter.first; });
  return found == kFilters.end() ? nullptr : found->second;
}

}  // namespace rq::tokenizer::jinja
