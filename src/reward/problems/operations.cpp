#include "reward/problems/operations.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/format.h"
#include "base/rng.h"

namespace rq::reward {
namespace {

using Kind = Operation::Kind;

constexpr std::string_view kSigns = "+-*/";

char sign_of(Kind kind) {
  return kSigns[static_cast<std::size_t>(kind)];
}

// An operation that fits: the result stays between 1 and the limit, and halves are whole.
Operation draw_operation(Rng& rng, std::int64_t value, const ChainLimits& limits) {
  while (true) {
    Operation drawn;
    switch (rng.below(6)) {
      case 0:
        drawn = {Kind::kMultiply, rng.between(2, 3)};
        break;
      case 1:
        drawn = {Kind::kDivide, 2};
        break;
      case 2:
      case 3:
        drawn = {Kind::kAdd, rng.between(2, limits.most_amount)};
        break;
      default:
        drawn = {Kind::kSubtract, rng.between(2, limits.most_amount)};
    }
    const std::int64_t result = drawn(value);
    const bool is_exact = drawn.kind != Kind::kDivide || value % drawn.amount == 0;
    if (is_exact && result >= 1 && result <= limits.most_value) {
      return drawn;
    }
  }
}

}  // namespace

std::int64_t Operation::operator()(std::int64_t value) const {
  switch (kind) {
    case Kind::kAdd:
      return value + amount;
    case Kind::kSubtract:
      return value - amount;
    case Kind::kMultiply:
      return value * amount;
    case Kind::kDivide:
      return value / amount;
  }
  return value;
}

Operation Operation::undone() const {
  constexpr std::array<Kind, 4> kUndone = {
      Kind::kSubtract, Kind::kAdd, Kind::kDivide, Kind::kMultiply};
  return {kUndone[static_cast<std::size_t>(kind)], amount};
}

std::string Operation::words() const {
  switch (kind) {
    case Kind::kAdd:
      return fmt::format("add {}", amount);
    case Kind::kSubtract:
      return fmt::format("subtract {}", amount);
    case Kind::kMultiply:
      return amount == 2 ? "double it" : fmt::format("multiply by {}", amount);
    case Kind::kDivide:
      return amount == 2 ? "halve it" : fmt::format("divide by {}", amount);
  }
  return {};
}

std::string Operation::written(std::int64_t value) const {
  return fmt::format("{}{}{}={}", value, sign_of(kind), amount, (*this)(value));
}

std::string Chain::steps() const {
  std::string text;
  std::int64_t value = start;
  for (const auto& each : operations) {
    text += each.written(value) + "\n";
    value = each(value);
  }
  return text;
}

std::string Chain::steps_back() const {
  std::string text;
  std::int64_t value = result;
  for (std::size_t i = operations.size(); i-- > 0;) {
    const Operation back = operations[i].undone();
    text += back.written(value) + "\n";
    value = back(value);
  }
  return text;
}

std::string Chain::content() const {
  std::string text = std::to_string(start);
  for (const auto& each : operations) {
    text += fmt::format(" {}{}", sign_of(each.kind), each.amount);
  }
  return text;
}

Chain draw_chain_of(Rng& rng, const ChainLimits& limits) {
  Chain chain;
  chain.start = rng.between(limits.most_value / 10, limits.most_value / 2);
  chain.result = chain.start;
  for (int i = 0; i < limits.operations; ++i) {
    chain.operations.push_back(draw_operation(rng, chain.result, limits));
    chain.result = chain.operations.back()(chain.result);
  }
  return chain;
}

}  // namespace rq::reward
