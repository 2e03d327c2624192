#include "reward/internal/math/evaluate.h"

#include <cstddef>
#include <numbers>
#include <string_view>
#include <utility>

#include "base/rng.h"
#include "reward/internal/math/functions.h"
#include "reward/internal/math/notation.h"

namespace rq::reward::math {
namespace {

Value constant(std::string_view name) {
  if (name == "pi") {
    return Number::of(Complex(std::numbers::pi_v<long double>));
  }
  if (name == "e") {
    return Number::of(Complex(std::numbers::e_v<long double>));
  }
  if (name == "i") {
    return Number::of(Complex(0, 1));
  }
  return name == "infinity" ? Value(Number::infinity()) : std::nullopt;
}

Number value_at(const std::string& variable, std::uint64_t point) {
  Rng rng(point, variable);
  const std::int64_t size = rng.between(1, 250);
  const bool is_negative = point % 2 == 1 && rng.below(2) == 1;
  return *Number::of(mpq_class(is_negative ? -size : size) / 100);
}

class Evaluator {
 public:
  Evaluator(std::uint64_t point, Work& work) : point_(point), work_(work) {}

  Value operator()(const Node& node) {
    Value value = work_.spend() ? value_of(node) : std::nullopt;
    is_real_ = is_real_ && value && value->is_real();
    return value;
  }

  bool is_real() const { return is_real_; }

 private:
  Value value_of(const Node& node) {
    switch (node.kind) {
      case Kind::kNumber:
      case Kind::kBased:
        return work_.spend(node.value) ? Number::of(node.value) : std::nullopt;
      case Kind::kName: {
        const Value value = constant(node.text);
        return value || !work_.spend(mpq_class()) ? value : value_at(node.text, point_);
      }
      case Kind::kSum:
      case Kind::kProduct:
        return fold(node);
      case Kind::kNegative: {
        const Value part = (*this)(node.parts[0]);
        return part ? negate(*part) : std::nullopt;
      }
      case Kind::kInverse: {
        const Value part = (*this)(node.parts[0]);
        return part ? invert(*part) : std::nullopt;
      }
      case Kind::kPower: {
        const Value base = (*this)(node.parts[0]), exponent = (*this)(node.parts[1]);
        return base && exponent ? power(*base, *exponent, work_) : std::nullopt;
      }
      case Kind::kFunction:
        return function(node);
      case Kind::kPercent:
        return times((*this)(node.parts[0]), Number::of(mpq_class(1, 100)));
      case Kind::kDegrees: {
        const auto radians = Number::of(Complex(std::numbers::pi_v<long double> / 180));
        const Value part = (*this)(node.parts[0]);
        return is_angle_ ? times(part, radians) : part;
      }
      case Kind::kQuantity:
        return (*this)(node.parts[0]);
      default:
        return std::nullopt;  // a structure
    }
  }

  Value times(const Value& a, const Value& b) {
    return a && b ? multiply(*a, *b, work_) : std::nullopt;
  }

  Value fold(const Node& node) {
    Value total = (*this)(node.parts[0]);
    for (std::size_t i = 1; i < node.parts.size() && total; ++i) {
      const Value part = (*this)(node.parts[i]);
      if (!part) {
        return std::nullopt;
      }
      total = node.kind == Kind::kSum ? add(*total, *part, work_) : multiply(*total, *part, work_);
    }
    return total;
  }

  Value function(const Node& node) {
    const bool was_angle = is_angle_;
    is_angle_ = takes_angle(node.text);
    const Value first = (*this)(node.parts[0]);
    const Value second = node.parts.size() > 1 ? (*this)(node.parts[1]) : std::nullopt;
    is_angle_ = was_angle;
    if (!first || (node.parts.size() > 1 && !second)) {
      return std::nullopt;
    }
    if (node.text == "sqrt") {
      return root(*first, *second, work_);
    }
    if (node.text == "log") {
      return logarithm(*first, *second, work_);
    }
    if (node.text == "binom") {
      return binomial(*first, *second, work_);
    }
    return apply(node.text, *first);
  }

  std::uint64_t point_;
  Work& work_;
  bool is_real_ = true;    // so far
  bool is_angle_ = false;  // whether a degree counts as pi / 180
};

void collect(const Node& node, std::set<std::string>& names) {
  if (node.kind == Kind::kName && !constant(node.text)) {
    names.insert(node.text);
  }
  for (const Node& part : node.parts) {
    if (node.kind != Kind::kBased) {
      collect(part, names);
    }
  }
}

}  // namespace

std::set<std::string> variables_of(const Node& node) {
  std::set<std::string> names;
  collect(node, names);
  return names;
}

Evaluation evaluate(const Node& node, std::uint64_t point, Work& work) {
  Evaluator evaluator(point, work);
  Value value = evaluator(node);
  return {.value = std::move(value), .is_real = evaluator.is_real()};
}

}  // namespace rq::reward::math
