#include "data/recall.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/rng.h"

namespace rq::data {
namespace {

constexpr auto kKeys = std::to_array<std::string_view>(
    {"heron",   "horse",    "house",   "river",  "garden",   "table",   "window",  "door",
     "bridge",  "tower",    "ship",    "boat",   "train",    "wagon",   "road",    "field",
     "forest",  "tree",     "flower",  "stone",  "mountain", "island",  "lake",    "harbor",
     "market",  "church",   "school",  "mill",   "farm",     "barn",    "dog",     "cat",
     "bird",    "fish",     "fox",     "wolf",   "bear",     "sheep",   "goat",    "mouse",
     "lion",    "tiger",    "king",    "queen",  "doctor",   "teacher", "farmer",  "sailor",
     "soldier", "painter",  "chair",   "lamp",   "clock",    "bell",    "box",     "book",
     "letter",  "hat",      "coat",    "ring",   "hammer",   "needle",  "basket",  "bottle",
     "candle",  "carpet",   "castle",  "cellar", "desert",   "engine",  "feather", "finger",
     "guitar",  "helmet",   "jacket",  "kettle", "ladder",   "mirror",  "napkin",  "orange",
     "palace",  "pencil",   "pillow",  "pocket", "rabbit",   "ribbon",  "saddle",  "shadow",
     "spider",  "squirrel", "station", "street", "temple",   "ticket",  "turtle",  "valley",
     "village", "violin",   "wallet",  "anchor"});
constexpr auto kValues = std::to_array<std::string_view>(
    {"red",      "blue",    "green",   "grey",    "white",    "black",   "brown",   "golden",
     "silver",   "old",     "young",   "new",     "tall",     "small",   "big",     "little",
     "long",     "short",   "round",   "flat",    "wide",     "narrow",  "quick",   "slow",
     "quiet",    "loud",    "warm",    "cold",    "dry",      "wet",     "soft",    "hard",
     "heavy",    "light",   "dark",    "bright",  "clean",    "plain",   "strange", "empty",
     "copper",   "iron",    "paper",   "glass",   "cotton",   "velvet",  "marble",  "amber",
     "coral",    "ivory",   "honey",   "butter",  "pepper",   "sugar",   "ginger",  "lemon",
     "apple",    "cherry",  "olive",   "barley",  "winter",   "summer",  "autumn",  "spring",
     "monday",   "friday",  "morning", "evening", "midnight", "noon",    "thunder", "lightning",
     "rain",     "snow",    "frost",   "wind",    "storm",    "cloud",   "north",   "south",
     "east",     "west",    "seven",   "eleven",  "twenty",   "forty",   "fifty",   "hundred",
     "thousand", "million", "circle",  "square",  "music",    "silence", "danger",  "victory",
     "freedom",  "justice", "wisdom",  "fortune"});
static_assert(kKeys.size() == kValues.size());

// The first `count` of the words in random order.
template <std::size_t kCount>
std::vector<std::string_view> draw(Rng& rng,
                                   const std::array<std::string_view, kCount>& words,
                                   std::size_t count) {
  std::vector<std::string_view> drawn(words.begin(), words.end());
  rng.shuffle(drawn);
  drawn.resize(count);
  return drawn;
}

}  // namespace

std::int64_t most_facts() {
  return kKeys.size();
}

std::vector<Fact> draw_facts(Rng& rng, std::int64_t count) {
  check(count >= 0 && count <= most_facts(),
        "{} facts were asked for; there are keys for 0 to {}",
        count,
        most_facts());
  const auto keys = draw(rng, kKeys, static_cast<std::size_t>(count));
  const auto values = draw(rng, kValues, static_cast<std::size_t>(count));
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    facts.push_back({.key = std::string(keys[i]), .value = std::string(values[i])});
  }
  return facts;
}

std::string statement(const Fact& fact) {
  return question(fact) + answer(fact) + ".";
}

std::string question(const Fact& fact) {
  return "Remember " + fact.key;
}

std::string answer(const Fact& fact) {
  return "=" + fact.value;
}

}  // namespace rq::data
