#pragma once
// What can be said of people who stand in a row.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rq::reward {

constexpr std::size_t kNowhere = SIZE_MAX;
using Places = std::vector<std::size_t>;  // of each person, from 0; kNowhere while not known

enum class Relation : std::uint8_t { kLeft, kRight, kNext, kAt, kBetween, kBeside };

struct Clue {
  Relation relation = Relation::kLeft;
  std::vector<std::size_t> people;
  std::size_t place = 0;  // of kAt

  bool holds(const Places& places) const;
  std::string words(const std::vector<std::string>& names) const;
  // The one of several clues that say the same.
  Clue standard() const;
};

}  // namespace rq::reward
