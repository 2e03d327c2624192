#include "data/generators/recall_lists.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"
#include "data/generators/draw.h"
#include "data/recall.h"

namespace rq::data {

namespace {

// Longer than several rows of 256 tokens: where two lists meet in a row, their keys contradict each
// other, and a model learns far later to look anything up.
constexpr std::int64_t kLeastSaid = 500, kMostSaid = 800;

}  // namespace

std::string recall_lists(Rng& rng, Sizes sizes) {
  std::vector<Fact> said = draw_facts(rng, log_uniform(rng, sizes));
  const auto facts = static_cast<std::int64_t>(said.size());
  for (std::int64_t left = rng.between(kLeastSaid, kMostSaid) - facts; left > 0; --left) {
    said.push_back(said[static_cast<std::size_t>(rng.between(0, facts - 1))]);
  }
  // The first mention of a fact may stand anywhere.
  rng.shuffle(said);
  const bool is_in_lines = rng.below(4) == 0;
  std::string text;
  for (const Fact& fact : said) {
    text += is_in_lines ? statement(fact) + "\n" : fact.key + answer(fact) + " ";
  }
  text.back() = '\n';
  return text;
}

}  // namespace rq::data
