// Word problems of prices: what all costs, what comes back, what each of several people pays.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

struct Size {
  std::size_t goods;
  std::int64_t most_count, most_price;
  bool has_change;
  bool is_shared;  // several people pay the same
};
constexpr std::array<Size, 5> kSizes = {{{1, 9, 9, true, false},
                                         {2, 9, 15, false, false},
                                         {2, 9, 15, true, false},
                                         {3, 9, 20, true, false},
                                         {4, 12, 25, false, true}}};

struct Purchase {
  std::string things;
  std::int64_t count, price;
  std::int64_t cost() const { return count * price; }
};

std::vector<Purchase> draw_purchases(Rng& rng, const Size& size) {
  std::vector<Purchase> purchases;
  for (const auto& things : draw_things(rng, size.goods)) {
    purchases.push_back({.things = things,
                         .count = rng.between(2, size.most_count),
                         .price = rng.between(2, size.most_price)});
  }
  return purchases;
}

struct Story {
  std::vector<Purchase> purchases;
  std::int64_t total = 0;
  std::int64_t paid = 0;    // 0: nothing is said of it
  std::int64_t people = 1;  // who pay the same
};

Story draw_story(Rng& rng, const Size& size) {
  while (true) {
    Story story{.purchases = draw_purchases(rng, size)};
    for (const auto& each : story.purchases) {
      story.total += each.cost();
    }
    if (size.has_change) {
      story.paid = story.total + rng.between(1, 99);
    }
    if (size.is_shared) {
      story.people = rng.between(2, 6);
    }
    if (story.total % story.people == 0) {
      return story;
    }
  }
}

std::string steps_of(const Story& story) {
  std::string text;
  std::int64_t running = 0;
  for (const auto& each : story.purchases) {
    text += fmt::format("{}: {}*{}={}\n", each.things, each.count, each.price, each.cost());
    if (running > 0) {
      text += fmt::format("{}+{}={}\n", running, each.cost(), running + each.cost());
    }
    running += each.cost();
  }
  if (story.paid > 0) {
    text += fmt::format("back: {}-{}={}\n", story.paid, running, story.paid - running);
  }
  if (story.people > 1) {
    text += fmt::format("each: {}/{}={}\n", running, story.people, running / story.people);
  }
  return text;
}

// The money is taken away item by item: nothing may be left.
std::string check_of(const Story& story, std::int64_t answer) {
  std::string text = "Let me check by taking the costs away.\n";
  std::int64_t left = story.total;
  if (story.paid > 0) {
    text += fmt::format("{}-{}={}\n", story.paid, answer, story.total);
  }
  if (story.people > 1) {
    text += fmt::format("{}*{}={}\n", story.people, answer, story.total);
  }
  for (std::size_t i = story.purchases.size(); i-- > 0;) {
    const std::int64_t cost = story.purchases[i].cost();
    text += fmt::format("{}-{}={}\n", left, cost, left - cost);
    left -= cost;
  }
  return text + "Nothing is left, so it is right.\n";
}

std::string question_of(const Story& story, const std::string& name) {
  if (story.paid > 0) {
    return fmt::format("{} pays with {} dollars. How many dollars come back?", name, story.paid);
  }
  if (story.people > 1) {
    return fmt::format("{} people pay the same. How many dollars does each pay?", story.people);
  }
  return "How many dollars is that together?";
}

}  // namespace

Draft draw_shopping(Rng& rng, int difficulty) {
  const Story story = draw_story(rng, at_difficulty(kSizes, difficulty));
  const std::string name = draw_names(rng, 1).front();
  std::vector<std::string> bought, content;
  for (const auto& each : story.purchases) {
    bought.push_back(fmt::format("{} {} for {} dollars each", each.count, each.things, each.price));
    content.push_back(fmt::format("{}*{}", each.count, each.price));
  }
  std::ranges::sort(content);
  const std::int64_t answer =
      story.paid > 0 ? story.paid - story.total : story.total / story.people;
  return {.content = fmt::format("{} {} {}", joined(content, "+"), story.paid, story.people),
          .prompt = fmt::format("{} buys {}. {}", name, listed(bought), question_of(story, name)),
          .answer = std::to_string(answer),
          .plan = "I find what everything costs and keep a running sum.\n",
          .steps = steps_of(story),
          .check = check_of(story, answer)};
}

}  // namespace rq::reward
