#include "data/generators/recall_lists.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/recall.h"

namespace rq::data {

std::string recall_lists(Rng& rng, Sizes sizes) {
  std::vector<Fact> facts = draw_facts(rng, log_uniform(rng, sizes));
  const auto count = static_cast<std::int64_t>(facts.size());
  const std::string_view between = rng.below(4) == 0 ? " " : "\n";
  const bool asks_early = rng.below(4) == 0;
  std::string text;
  const auto say = [&](const Fact& fact) {
    text.append(text.empty() || text.back() == '\n' ? "" : between).append(statement(fact));
  };

  for (std::size_t i = 0; i < facts.size(); ++i) {
    say(facts[i]);
    if (asks_early && rng.below(2) == 0) {
      say(facts[static_cast<std::size_t>(rng.below(i + 1))]);
    }
  }
  constexpr std::int64_t kShort = 6;  // facts up to which a list may be asked several times
  for (std::int64_t rounds = rng.between(1, count <= kShort ? 3 : 1); rounds > 0; --rounds) {
    text += rng.below(2) == 0 ? "\n\n" : "\n";
    rng.shuffle(facts);
    const auto asked = static_cast<std::size_t>(rng.between((count + 1) / 2, count));
    for (std::size_t i = 0; i < asked; ++i) {
      say(facts[i]);
    }
  }
  return text + "\n";
}

}  // namespace rq::data
