#pragma once
// Chains of operations on one running number.

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"

namespace rq::reward {

struct Operation {
  enum class Kind : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide };
  Kind kind = Kind::kAdd;
  std::int64_t amount = 0;

  std::int64_t operator()(std::int64_t value) const;
  Operation undone() const;                       // what leads back
  std::string words() const;                      // "add 3", "double it", "halve it"
  std::string written(std::int64_t value) const;  // "12+3=15"
};

struct Chain {
  std::int64_t start = 0, result = 0;
  std::vector<Operation> operations;
  std::string steps() const;       // a line for each operation
  std::string steps_back() const;  // a line for each, from the result to the start
  std::string content() const;     // "12 +3 *2"
};

struct ChainLimits {
  int operations = 1;
  std::int64_t most_amount = 9;  // to be added or subtracted
  std::int64_t most_value = 99;  // of the start and all results; none is below 1
};

Chain draw_chain_of(Rng& rng, const ChainLimits& limits);

}  // namespace rq::reward
