// Statements made of statements: true and false handed down a chain.

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Connective {
  std::string_view words;       // of the letters {0} and {1}
  std::string_view arithmetic;  // the same for 0 and 1
  bool (*value)(bool left, bool right);
};
constexpr std::array<Connective, 5> kConnectives = {{
    {"not {0}", "1-{0}", [](bool left, bool) { return !left; }},
    {"{0} and {1}", "{0}*{1}", [](bool left, bool right) { return left && right; }},
    {"{0} or {1}", "max({0},{1})", [](bool left, bool right) { return left || right; }},
    {"{0} xor {1}", "|{0}-{1}|", [](bool left, bool right) { return left != right; }},
    {"{0} implies {1}", "max(1-{0},{1})", [](bool left, bool right) { return !left || right; }},
}};

struct Size {
  std::size_t given, derived, connectives;
};
constexpr std::array<Size, 5> kSizes = {{{3, 5, 3}, {4, 6, 3}, {4, 8, 4}, {5, 10, 5}, {6, 12, 5}}};

char letter(std::size_t index) {
  return static_cast<char>('a' + index);
}

char sign_of(bool value) {
  return value ? 'T' : 'F';
}

}  // namespace

Draft draw_circuit(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  std::vector<bool> values;
  std::vector<std::string> given, definitions;
  Draft draft;
  for (std::size_t i = 0; i < size.given; ++i) {
    values.push_back(rng.below(2) == 1);
    given.push_back(fmt::format("{}={}", letter(i), sign_of(values[i])));
  }
  draft.check = "Let me check with 1 for T and 0 for F.\n";
  for (std::size_t i = size.given; i < size.given + size.derived; ++i) {
    const Connective& connective = kConnectives[rng.below(size.connectives)];
    assert(i >= 2);  // two of those before it are chosen
    const std::size_t left = rng.below(i), right = (left + 1 + rng.below(i - 1)) % i;
    const bool value = connective.value(values[left], values[right]);
    const auto put = [&](std::string_view words, auto first, auto second) {
      return fmt::format(fmt::runtime(words), first, second);
    };
    definitions.push_back(
        fmt::format("{} = {}", letter(i), put(connective.words, letter(left), letter(right))));
    draft.steps += fmt::format("{} = {} = {}\n",
                               definitions.back(),
                               put(connective.words, sign_of(values[left]), sign_of(values[right])),
                               sign_of(value));
    draft.check += fmt::format("{}={}={}\n",
                               letter(i),
                               put(connective.arithmetic, int{values[left]}, int{values[right]}),
                               int{value});
    values.push_back(value);
    draft.answer += sign_of(value);
  }
  draft.content = joined(given) + "; " + joined(definitions);
  draft.prompt = fmt::format(
      "T is true, F is false. {}. {}. Give the values of {} to {} as one word of T and F.",
      joined(given),
      joined(definitions),
      letter(size.given),
      letter(size.given + size.derived - 1));
  draft.plan = "I go through the lines in order.\n";
  draft.check += "These are the same values, so it is right.\n";
  return draft;
}

}  // namespace rq::reward
