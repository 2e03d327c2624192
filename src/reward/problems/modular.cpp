// A running value of which the last two digits are kept.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"
#include "reward/problems/operations.h"

namespace rq::reward {
namespace {

using Kind = Operation::Kind;

constexpr std::int64_t kModulus = 100;

struct Size {
  int operations;
  std::int64_t most_amount;  // to be added or subtracted
  std::int64_t most_factor;
};
constexpr std::array<Size, 5> kSizes = {{{3, 9, 2}, {5, 9, 2}, {6, 99, 3}, {7, 99, 5}, {9, 99, 9}}};

Operation draw_operation(Rng& rng, const Size& size) {
  switch (rng.below(4)) {
    case 0:
      return {Kind::kMultiply, rng.between(2, size.most_factor)};
    case 1:
      return {Kind::kSubtract, rng.between(2, size.most_amount)};
    default:
      return {Kind::kAdd, rng.between(2, size.most_amount)};
  }
}

// "122 -> 22", or nothing where the value stays.
std::string wrapped(std::int64_t value) {
  const std::int64_t kept = modulo(value, kModulus);
  return kept == value ? "" : fmt::format(" -> {}", kept);
}

std::string without_wrapping(const Chain& chain) {
  std::int64_t value = chain.start;
  std::string text = chain.steps();
  for (const auto& each : chain.operations) {
    value = each(value);
  }
  if (value < 0) {
    const std::int64_t lift = -value + modulo(value, kModulus);
    return text + fmt::format("{}+{}={}", value, lift, value + lift);
  }
  return text + fmt::format("{} ends in {:02}", value, value % kModulus);
}

}  // namespace

Draft draw_modular(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  Chain chain;
  chain.start = rng.between(10, kModulus - 1);
  std::int64_t value = chain.start;
  std::string steps;
  std::vector<std::string> words;
  for (int i = 0; i < size.operations; ++i) {
    const Operation drawn = draw_operation(rng, size);
    chain.operations.push_back(drawn);
    words.push_back(drawn.words());
    steps += drawn.written(value) + wrapped(drawn(value)) + "\n";
    value = modulo(drawn(value), kModulus);
  }
  return {.content = chain.content(),
          .prompt = fmt::format("Count modulo 100. Start with {}. In this order: {}. What is the "
                                "result, from 0 to 99?",
                                chain.start,
                                joined(words)),
          .answer = std::to_string(value),
          .plan = "I keep the running value between 0 and 99.\n",
          .steps = steps,
          .check = fmt::format("Let me check by wrapping only at the end.\n{}, so it is right.\n",
                               without_wrapping(chain))};
}

}  // namespace rq::reward
