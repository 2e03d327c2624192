#include "data/recall.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"

namespace rq::data {
namespace {

constexpr auto kAdjectives = std::to_array<std::string_view>(
    {"red",    "blue",  "green", "grey",   "white", "black",  "brown",   "golden",
     "silver", "old",   "young", "new",    "tall",  "small",  "big",     "little",
     "long",   "short", "round", "flat",   "wide",  "narrow", "quick",   "slow",
     "quiet",  "loud",  "warm",  "cold",   "dry",   "wet",    "soft",    "hard",
     "heavy",  "light", "dark",  "bright", "clean", "plain",  "strange", "empty"});
constexpr auto kNouns = std::to_array<std::string_view>(
    {"heron",   "horse",  "house",    "river",   "garden",  "table",  "window", "door",   "bridge",
     "tower",   "ship",   "boat",     "train",   "wagon",   "road",   "field",  "forest", "tree",
     "flower",  "stone",  "mountain", "island",  "lake",    "harbor", "market", "church", "school",
     "mill",    "farm",   "barn",     "dog",     "cat",     "bird",   "fish",   "fox",    "wolf",
     "bear",    "sheep",  "goat",     "mouse",   "lion",    "tiger",  "king",   "queen",  "doctor",
     "teacher", "farmer", "sailor",   "soldier", "painter", "chair",  "lamp",   "clock",  "bell",
     "box",     "book",   "letter",   "hat",     "coat",    "ring"});

}  // namespace

std::int64_t most_facts() {
  return static_cast<std::int64_t>(kAdjectives.size() * kNouns.size());
}

std::vector<Fact> draw_facts(Rng& rng, std::int64_t count) {
  check(count >= 0 && count <= most_facts(),
        "{} facts were asked for; there are keys for 0 to {}",
        count,
        most_facts());
  constexpr std::int64_t kLeastValue = 100'000, kMostValue = 999'999;
  std::vector<std::size_t> keys(static_cast<std::size_t>(most_facts()));
  std::iota(keys.begin(), keys.end(), std::size_t{0});
  std::unordered_set<std::int64_t> values;
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    std::swap(keys[i], keys[i + static_cast<std::size_t>(rng.below(keys.size() - i))]);
    std::int64_t value = rng.between(kLeastValue, kMostValue);
    while (!values.insert(value).second) {
      value = rng.between(kLeastValue, kMostValue);
    }
    facts.push_back(
        {.key = fmt::format(
             "the {} {}", kAdjectives[keys[i] / kNouns.size()], kNouns[keys[i] % kNouns.size()]),
         .value = std::to_string(value)});
  }
  return facts;
}

std::string statement(const Fact& fact) {
  return question(fact) + answer(fact) + ".";
}

std::string question(const Fact& fact) {
  return fmt::format("The number of {} is", fact.key);
}

std::string answer(const Fact& fact) {
  return " " + fact.value;
}

}  // namespace rq::data
