// Steps of functions that are given a list of numbers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "reward/problems/draft.h"
#include "reward/problems/function_steps.h"

namespace rq::reward {
namespace {

constexpr auto kFrom = ValueType::kNumbers, kNumber = ValueType::kNumber;
constexpr std::int64_t kMostItem = 1'000'000;

using Result = std::optional<Value>;

const Numbers& list(const Value& value) {
  return std::get<Numbers>(value);
}

template <typename Change>
Result each(const Value& value, Change&& change) {
  Numbers items = list(value);
  for (auto& item : items) {
    item = change(item);
    if (std::abs(item) > kMostItem) {
      return std::nullopt;
    }
  }
  return items;
}

template <typename Test>
Result keep(const Value& value, Test&& passes) {
  Numbers items = list(value);
  std::erase_if(items, [&](std::int64_t item) { return !passes(item); });
  return items;
}

template <typename Order>
Result sorted(const Value& value, Order order) {
  Numbers items = list(value);
  std::ranges::sort(items, order);
  return items;
}

Result reversed(const Value& value, std::int64_t) {
  Numbers items = list(value);
  std::ranges::reverse(items);
  return items;
}

// Those from `first` on, every `stride`-th, before `end`.
Result slice(const Value& value, std::size_t first, std::size_t end, std::size_t stride = 1) {
  Numbers items;
  for (std::size_t i = first; i < std::min(end, list(value).size()); i += stride) {
    items.push_back(list(value)[i]);
  }
  return items;
}

Result different(const Value& value, std::int64_t) {
  Numbers items;
  for (const auto item : list(value)) {
    if (std::ranges::find(items, item) == items.end()) {
      items.push_back(item);
    }
  }
  return items;
}

Result running_sums(const Value& value, std::int64_t) {
  Numbers items = list(value);
  std::partial_sum(items.begin(), items.end(), items.begin());
  return items;
}

Result differences(const Value& value, std::int64_t) {
  Numbers items;
  for (std::size_t i = 1; i < list(value).size(); ++i) {
    items.push_back(list(value)[i] - list(value)[i - 1]);
  }
  return items;
}

// A number of a list that has items.
template <typename Choose>
Result of_some(const Value& value, Choose&& choose) {
  return list(value).empty() ? std::nullopt : Result(choose(list(value)));
}

constexpr FunctionStep kSteps[] = {
    {kFrom,
     kFrom,
     "add {k} to every item",
     "[x + {k} for x in {v}]",
     [](const Value& v, std::int64_t k) { return each(v, [&](auto x) { return x + k; }); },
     2,
     50},
    {kFrom,
     kFrom,
     "subtract {k} from every item",
     "[x - {k} for x in {v}]",
     [](const Value& v, std::int64_t k) { return each(v, [&](auto x) { return x - k; }); },
     2,
     50},
    {kFrom,
     kFrom,
     "multiply every item by {k}",
     "[x * {k} for x in {v}]",
     [](const Value& v, std::int64_t k) { return each(v, [&](auto x) { return x * k; }); },
     2,
     50},
    {kFrom,
     kFrom,
     "square every item",
     "[x * x for x in {v}]",
     [](const Value& v, std::int64_t) { return each(v, [](auto x) { return x * x; }); }},
    {kFrom,
     kFrom,
     "take every item without its sign",
     "[abs(x) for x in {v}]",
     [](const Value& v, std::int64_t) { return each(v, [](auto x) { return std::abs(x); }); }},
    {kFrom,
     kFrom,
     "replace every item by its remainder by {k}",
     "[x % {k} for x in {v}]",
     [](const Value& v, std::int64_t k) { return each(v, [&](auto x) { return modulo(x, k); }); },
     2,
     20},
    {kFrom,
     kFrom,
     "keep the items greater than {k}",
     "[x for x in {v} if x > {k}]",
     [](const Value& v, std::int64_t k) { return keep(v, [&](auto x) { return x > k; }); },
     1,
     40},
    {kFrom,
     kFrom,
     "keep the items less than {k}",
     "[x for x in {v} if x < {k}]",
     [](const Value& v, std::int64_t k) { return keep(v, [&](auto x) { return x < k; }); },
     1,
     40},
    {kFrom,
     kFrom,
     "keep the items that {k} divides",
     "[x for x in {v} if x % {k} == 0]",
     [](const Value& v, std::int64_t k) { return keep(v, [&](auto x) { return x % k == 0; }); },
     2,
     7},
    {kFrom,
     kFrom,
     "remove the items equal to {k}",
     "[x for x in {v} if x != {k}]",
     [](const Value& v, std::int64_t k) { return keep(v, [&](auto x) { return x != k; }); },
     0,
     9},
    {kFrom,
     kFrom,
     "keep the odd items",
     "[x for x in {v} if x % 2 == 1]",
     [](const Value& v, std::int64_t) { return keep(v, [](auto x) { return x % 2 != 0; }); }},
    {kFrom, kFrom, "reverse the list", "{v}[::-1]", &reversed},
    {kFrom,
     kFrom,
     "sort the list",
     "sorted({v})",
     [](const Value& v, std::int64_t) { return sorted(v, std::less<>()); }},
    {kFrom,
     kFrom,
     "sort the list from large to small",
     "sorted({v}, reverse=True)",
     [](const Value& v, std::int64_t) { return sorted(v, std::greater<>()); }},
    {kFrom,
     kFrom,
     "keep the first {k} items",
     "{v}[:{k}]",
     [](const Value& v, std::int64_t k) { return slice(v, 0, static_cast<std::size_t>(k)); },
     2,
     6},
    {kFrom,
     kFrom,
     "remove the first {k} items",
     "{v}[{k}:]",
     [](const Value& v, std::int64_t k) { return slice(v, static_cast<std::size_t>(k), SIZE_MAX); },
     2,
     6},
    {kFrom,
     kFrom,
     "keep every second item, from the first on",
     "{v}[::2]",
     [](const Value& v, std::int64_t) { return slice(v, 0, SIZE_MAX, 2); }},
    {kFrom, kFrom, "keep the first of equal items", "list(dict.fromkeys({v}))", &different},
    {kFrom,
     kFrom,
     "replace every item by the sum up to it",
     "[sum({v}[:i + 1]) for i in range(len({v}))]",
     &running_sums},
    {kFrom,
     kFrom,
     "take the differences of neighbours, each minus the one before",
     "[b - a for a, b in zip({v}, {v}[1:])]",
     &differences},
    {kFrom,
     kNumber,
     "take the sum",
     "sum({v})",
     [](const Value& v, std::int64_t) {
       return Result(std::accumulate(list(v).begin(), list(v).end(), std::int64_t{0}));
     }},
    {kFrom,
     kNumber,
     "count the items",
     "len({v})",
     [](const Value& v, std::int64_t) {
       return Result(static_cast<std::int64_t>(list(v).size()));
     }},
    {kFrom,
     kNumber,
     "count the items equal to {k}",
     "{v}.count({k})",
     [](const Value& v, std::int64_t k) {
       return Result(static_cast<std::int64_t>(std::ranges::count(list(v), k)));
     },
     0,
     9},
    {kFrom,
     kNumber,
     "take the largest item",
     "max({v})",
     [](const Value& v, std::int64_t) {
       return of_some(v, [](const Numbers& items) { return std::ranges::max(items); });
     }},
    {kFrom,
     kNumber,
     "take the smallest item",
     "min({v})",
     [](const Value& v, std::int64_t) {
       return of_some(v, [](const Numbers& items) { return std::ranges::min(items); });
     }},
    {kFrom,
     kNumber,
     "take the largest item minus the smallest",
     "max({v}) - min({v})",
     [](const Value& v, std::int64_t) {
       return of_some(v, [](const Numbers& items) {
         return std::ranges::max(items) - std::ranges::min(items);
       });
     }},
    {kFrom,
     kNumber,
     "take the last item",
     "{v}[-1]",
     [](const Value& v, std::int64_t) {
       return of_some(v, [](const Numbers& items) { return items.back(); });
     }},
};

}  // namespace

std::span<const FunctionStep> numbers_steps() {
  return kSteps;
}

}  // namespace rq::reward
