// People in a row, found by filling the places from the left.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"
#include "reward/problems/row_clues.h"

namespace rq::reward {
namespace {

struct Size {
  std::size_t people;
  std::size_t relations;  // how many of Relation's are drawn from; up to two: a chain of pairs
  bool has_names;         // letters otherwise
};
constexpr std::array<Size, 5> kSizes = {
    {{4, 1, false}, {5, 2, false}, {5, 5, true}, {6, 5, true}, {6, 6, true}}};

// Every neighbouring pair as a clue: the one way to make an order certain by pairs alone.
std::vector<Clue> pairs_of(Rng& rng, const Places& places, std::size_t relations) {
  std::vector<std::size_t> row(places.size());
  for (std::size_t person = 0; person < places.size(); ++person) {
    row[places[person]] = person;
  }
  std::vector<Clue> clues;
  for (std::size_t i = 0; i + 1 < row.size(); ++i) {
    if (rng.below(relations) == 0) {
      clues.push_back({.relation = Relation::kLeft, .people = {row[i], row[i + 1]}});
    } else {
      clues.push_back({.relation = Relation::kRight, .people = {row[i + 1], row[i]}});
    }
  }
  rng.shuffle(clues);
  return clues;
}

// Something true.
Clue draw_clue(Rng& rng, const Places& places, std::size_t relations) {
  while (true) {
    Clue clue{.relation = static_cast<Relation>(rng.below(relations)), .people = {}};
    std::vector<std::size_t> people(places.size());
    std::iota(people.begin(), people.end(), std::size_t{0});
    rng.shuffle(people);
    const std::size_t count = clue.relation == Relation::kAt        ? 1
                              : clue.relation == Relation::kBetween ? 3
                                                                    : 2;
    clue.people.assign(people.begin(), people.begin() + static_cast<std::ptrdiff_t>(count));
    clue.place = clue.relation == Relation::kAt ? places[clue.people[0]] : 0;
    if (clue.holds(places)) {
      return clue;
    }
  }
}

std::vector<Places> all_orders(std::size_t people) {
  Places places(people);
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::vector<Places> all;
  do {
    all.push_back(places);
  } while (std::next_permutation(places.begin(), places.end()));
  return all;
}

void keep_those_that_hold(std::vector<Places>& orders, const Clue& clue) {
  std::erase_if(orders, [&](const Places& places) { return !clue.holds(places); });
}

// Clues are added until one order alone is left, then those are dropped that are not needed.
std::vector<Clue> clues_for(Rng& rng, const Places& places, std::size_t relations) {
  const std::vector<Places> all = all_orders(places.size());
  std::vector<Clue> clues;
  for (std::vector<Places> orders = all; orders.size() > 1;) {
    clues.push_back(draw_clue(rng, places, relations));
    const std::size_t before = orders.size();
    keep_those_that_hold(orders, clues.back());
    if (orders.size() == before) {
      clues.pop_back();
    }
  }
  for (std::size_t i = clues.size(); i-- > 0;) {
    std::vector<Places> orders = all;
    for (std::size_t j = 0; j < clues.size(); ++j) {
      if (j != i) {
        keep_those_that_hold(orders, clues[j]);
      }
    }
    if (orders.size() == 1) {
      clues.erase(clues.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return clues;
}

// Fills the places from the left, person after person, and goes back where nobody fits.
class Filling {
 public:
  Filling(const std::vector<Clue>& clues, const std::vector<std::string>& names)
      : clues_(clues), names_(names), places_(names.size(), kNowhere) {
    fill(0);
  }
  const std::string& text() const { return text_; }
  int lines() const { return lines_; }

 private:
  bool fill(std::size_t place) {
    if (place == places_.size()) {
      return true;
    }
    std::string line = fmt::format("Place {}:", place + 1);
    for (std::size_t person = 0; person < places_.size(); ++person) {
      if (places_[person] != kNowhere) {
        continue;
      }
      places_[person] = place;
      if (const auto broken = first_broken(place + 1)) {
        line += fmt::format(" {} no ({}),", names_[person], *broken + 1);
      } else {
        add_line(fmt::format("{} {}.", line, names_[person]));
        if (fill(place + 1)) {
          return true;
        }
        line = fmt::format("Back to place {}:", place + 1);
      }
      places_[person] = kNowhere;
    }
    add_line(line + " nobody.");
    return false;
  }

  void add_line(const std::string& line) {
    text_ += line + "\n";
    ++lines_;
  }

  // The first clue that cannot hold any more, with the places before `free` taken.
  std::optional<std::size_t> first_broken(std::size_t free) const {
    for (std::size_t i = 0; i < clues_.size(); ++i) {
      Places places = places_;
      if (!may_hold(clues_[i], places, 0, free)) {
        return i;
      }
    }
    return std::nullopt;
  }

  // Whether the clue's people from `index` on can be placed so that it holds.
  static bool may_hold(const Clue& clue, Places& places, std::size_t index, std::size_t free) {
    if (index == clue.people.size()) {
      return clue.holds(places);
    }
    std::size_t& place = places[clue.people[index]];
    if (place != kNowhere) {
      return may_hold(clue, places, index + 1, free);
    }
    for (std::size_t next = free; next < places.size(); ++next) {
      if (std::ranges::find(places, next) == places.end()) {
        place = next;
        if (may_hold(clue, places, index + 1, free)) {
          return true;
        }
        place = kNowhere;
      }
    }
    return false;
  }

  const std::vector<Clue>& clues_;
  const std::vector<std::string>& names_;
  Places places_;
  std::string text_;
  int lines_ = 0;
};

// `count` different letters in the order of the alphabet.
std::vector<std::string> draw_letters(Rng& rng, std::size_t count) {
  std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  rng.shuffle(alphabet);
  std::ranges::sort(alphabet.begin(), alphabet.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::string> letters;
  for (std::size_t i = 0; i < count; ++i) {
    letters.emplace_back(1, alphabet[i]);
  }
  return letters;
}

// What stands for people in the content: their letters, as rows of letters differ in nothing else;
// for names, which are by the way, their places.
std::vector<std::string> labels_of(const std::vector<std::string>& names, const Places& places) {
  std::vector<std::string> labels = names;
  if (names.front().size() > 1) {
    std::ranges::transform(
        places, labels.begin(), [](auto place) { return std::to_string(place); });
  }
  return labels;
}

Draft write(const std::vector<Clue>& clues,
            const Places& places,
            const std::vector<std::string>& names) {
  Draft draft;
  draft.prompt = fmt::format(
      "{} stand in a row, places 1 to {} from left to right.\n", listed(names), names.size());
  draft.check = "Let me check every clue.\n";
  const std::vector<std::string> labels = labels_of(names, places);
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < clues.size(); ++i) {
    std::vector<std::string> found;
    for (const auto person : clues[i].people) {
      found.push_back(fmt::format("{} at {}", names[person], places[person] + 1));
    }
    contents.push_back(clues[i].standard().words(labels));
    draft.prompt += fmt::format("{}. {}\n", i + 1, clues[i].words(names));
    draft.check += fmt::format("{}: {}, it holds.\n", i + 1, joined(found));
  }
  std::ranges::sort(contents);
  std::vector<std::string> row(names.size());
  for (std::size_t person = 0; person < names.size(); ++person) {
    row[places[person]] = names[person];
  }
  draft.content = fmt::format("{}: {}", names.size(), joined(contents));
  draft.prompt += "Who stands where? List them from left to right.";
  draft.answer = joined(row);
  draft.is_ordered = true;
  draft.plan = "I fill the places from the left and keep to the clues.\n";
  draft.check += "All hold, so it is right.\n";
  return draft;
}

}  // namespace

Draft draw_order(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  const int most_lines = 2 * static_cast<int>(size.people);
  while (true) {
    Places places(size.people);
    std::iota(places.begin(), places.end(), std::size_t{0});
    rng.shuffle(places);
    const std::vector<Clue> clues = size.relations <= 2 ? pairs_of(rng, places, size.relations)
                                                        : clues_for(rng, places, size.relations);
    const std::vector<std::string> names =
        size.has_names ? draw_names(rng, size.people) : draw_letters(rng, size.people);
    const Filling filling(clues, names);
    if (filling.lines() <= most_lines) {
      Draft draft = write(clues, places, names);
      draft.steps = filling.text();
      return draft;
    }
  }
}

}  // namespace rq::reward
