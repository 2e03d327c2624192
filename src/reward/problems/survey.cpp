// How many of a group like several things: the counts of sets that overlap.

#include <algorithm>
#include <array>
#include <bit>
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

enum class Asked : std::uint8_t { kNone, kAny, kOne };
constexpr std::array<std::string_view, 3> kQuestions = {
    "like none of these", "like at least one of these", "like exactly one of these"};

struct Size {
  std::size_t sets;
  std::int64_t most;  // in each part
  std::vector<Asked> asked;
};

Size size_of(int difficulty) {
  switch (difficulty) {
    case 1:
      return {2, 20, {Asked::kAny}};
    case 2:
      return {2, 25, {Asked::kNone, Asked::kOne}};
    case 3:
      return {3, 15, {Asked::kAny}};
    case 4:
      return {3, 20, {Asked::kNone}};
    default:
      return {3, 40, {Asked::kOne}};
  }
}

// parts[m]: how many like exactly the things whose bits are set in m.
using Parts = std::vector<std::int64_t>;

// How many like all the things of a mask, whatever else they like.
std::int64_t count_all_of(const Parts& parts, std::size_t mask) {
  std::int64_t count = 0;
  for (std::size_t m = 0; m < parts.size(); ++m) {
    count += (m & mask) == mask ? parts[m] : 0;
  }
  return count;
}

// Masks of one thing first, then of two, then of three.
std::vector<std::size_t> masks_by_size(std::size_t sets) {
  std::vector<std::size_t> masks;
  for (int size = 1; size <= static_cast<int>(sets); ++size) {
    for (std::size_t mask = 1; mask < std::size_t{1} << sets; ++mask) {
      if (std::popcount(mask) == size) {
        masks.push_back(mask);
      }
    }
  }
  return masks;
}

std::string name_of_mask(std::size_t mask, const std::vector<std::string>& things) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if ((mask >> i & 1) != 0) {
      parts.push_back(things[i]);
    }
  }
  return listed(parts);
}

// Sums and differences with a running value, by inclusion and exclusion: what overlaps of k things
// count for is `weights[k]`.
std::string include_and_exclude(const Parts& parts,
                                const std::vector<std::size_t>& masks,
                                const std::array<std::int64_t, 4>& weights,
                                std::int64_t running) {
  std::string text;
  bool is_first = running == 0;
  for (const auto mask : masks) {
    const std::int64_t weight = weights[static_cast<std::size_t>(std::popcount(mask))],
                       size = weight < 0 ? -weight : weight;
    for (std::int64_t i = 0; i < size; ++i) {
      const std::int64_t count = count_all_of(parts, mask),
                         next = running + (weight < 0 ? -count : count);
      if (!is_first) {
        text += fmt::format("{}{}{}={}\n", running, weight < 0 ? '-' : '+', count, next);
      }
      running = next;
      is_first = false;
    }
  }
  return text;
}

std::string solve(const Parts& parts, const std::vector<std::size_t>& masks, Asked asked) {
  if (asked == Asked::kOne) {
    // Who likes two things is in two sets, who likes three in three: 3 - 2*3 + 3 = 0.
    return include_and_exclude(parts, masks, {0, 1, -2, 3}, 0);
  }
  std::string any = include_and_exclude(parts, masks, {0, 1, -1, 1}, 0);
  if (asked == Asked::kAny) {
    return any;
  }
  const std::int64_t all = count_all_of(parts, 0), none = parts[0];
  return any + fmt::format("{}-{}={}\n", all, all - none, none);
}

// Part by part from the innermost outwards, then the parts that are asked for.
std::string check_parts(const Parts& parts, const std::vector<std::string>& things, Asked asked) {
  const auto masks = masks_by_size(things.size());
  std::string text = "Let me check part by part.\n";
  std::vector<std::int64_t> wanted;
  for (std::size_t i = masks.size(); i-- > 0;) {
    const std::size_t mask = masks[i];
    std::string work = std::to_string(count_all_of(parts, mask));
    bool has_more = false;
    for (std::size_t m = 0; m < parts.size(); ++m) {
      if (m != mask && (m & mask) == mask) {
        work += fmt::format("-{}", parts[m]);
        has_more = true;
      }
    }
    text += fmt::format("only {}: {}", name_of_mask(mask, things), work);
    text += has_more ? fmt::format("={}\n", parts[mask]) : "\n";
    if (asked != Asked::kOne || std::popcount(mask) == 1) {
      wanted.push_back(parts[mask]);
    }
  }
  std::int64_t sum = 0;
  for (const auto part : wanted) {
    sum += part;
  }
  text += fmt::format("{}={}\n", joined(wanted, "+"), sum);
  if (asked == Asked::kNone) {
    text += fmt::format("{}+{}={}, which is all\n", sum, parts[0], sum + parts[0]);
  }
  return text + "So it is right.\n";
}

std::int64_t count_asked(const Parts& parts, Asked asked) {
  if (asked == Asked::kNone) {
    return parts[0];
  }
  std::int64_t count = 0;
  for (std::size_t m = 1; m < parts.size(); ++m) {
    count += asked == Asked::kAny || std::popcount(m) == 1 ? parts[m] : 0;
  }
  return count;
}

// The sizes of the parts in an order that does not depend on which set is named first.
std::string content_of(const Parts& parts, const std::vector<std::size_t>& masks) {
  std::vector<std::pair<int, std::int64_t>> sizes;
  for (const auto mask : masks) {
    sizes.emplace_back(std::popcount(mask), parts[mask]);
  }
  std::ranges::sort(sizes);
  std::string content = std::to_string(parts[0]);
  for (const auto& [things, size] : sizes) {
    content += fmt::format(" {}:{}", things, size);
  }
  return content;
}

}  // namespace

Draft draw_survey(Rng& rng, int difficulty) {
  const Size size = size_of(difficulty);
  const Asked asked = one_of(rng, size.asked);
  const std::vector<std::string> things = draw_things(rng, size.sets);
  Parts parts(std::size_t{1} << size.sets);
  for (auto& part : parts) {
    part = rng.between(1, size.most);
  }
  std::vector<std::string> facts;
  const std::vector<std::size_t> masks = masks_by_size(size.sets);
  for (const auto mask : masks) {
    facts.push_back(
        fmt::format("{} like {}", count_all_of(parts, mask), name_of_mask(mask, things)));
  }
  const std::string_view question = kQuestions[static_cast<std::size_t>(asked)];
  return {.content = fmt::format("{} {}", content_of(parts, masks), question),
          .prompt = fmt::format(
              "Of {} people, {}. How many {}?", count_all_of(parts, 0), listed(facts), question),
          .answer = std::to_string(count_asked(parts, asked)),
          .plan = "Who likes several things is counted several times, so I add and take away.\n",
          .steps = solve(parts, masks, asked),
          .check = check_parts(parts, things, asked)};
}

}  // namespace rq::reward
