#include "reward/problems/row_clues.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"

namespace rq::reward {

bool Clue::holds(const Places& places) const {
  const auto at = [&](std::size_t i) { return places[people[i]]; };
  switch (relation) {
    case Relation::kLeft:
      return at(0) < at(1);
    case Relation::kRight:
      return at(0) > at(1);
    case Relation::kNext:
      return at(0) + 1 == at(1);
    case Relation::kAt:
      return at(0) == place;
    case Relation::kBetween:
      return std::min(at(1), at(2)) < at(0) && at(0) < std::max(at(1), at(2));
    case Relation::kBeside:
      return at(0) + 1 == at(1) || at(1) + 1 == at(0);
  }
  return false;
}

std::string Clue::words(const std::vector<std::string>& names) const {
  const auto name = [&](std::size_t i) { return names[people[i]]; };
  switch (relation) {
    case Relation::kLeft:
      return fmt::format("{} is left of {}.", name(0), name(1));
    case Relation::kRight:
      return fmt::format("{} is right of {}.", name(0), name(1));
    case Relation::kNext:
      return fmt::format("{} is directly left of {}.", name(0), name(1));
    case Relation::kAt:
      return fmt::format("{} is at place {}.", name(0), place + 1);
    case Relation::kBetween:
      return fmt::format("{} is somewhere between {} and {}.", name(0), name(1), name(2));
    case Relation::kBeside:
      return fmt::format("{} is next to {}.", name(0), name(1));
  }
  return {};
}

Clue Clue::standard() const {
  Clue clue = *this;
  if (relation == Relation::kRight) {
    clue.relation = Relation::kLeft;
    std::swap(clue.people[0], clue.people[1]);
  } else if (relation == Relation::kBeside) {
    std::ranges::sort(clue.people);
  } else if (relation == Relation::kBetween) {
    std::sort(clue.people.begin() + 1, clue.people.end());
  }
  return clue;
}

}  // namespace rq::reward
