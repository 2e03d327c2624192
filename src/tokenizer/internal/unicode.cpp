#include "tokenizer/internal/unicode.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::tokenizer {
namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;

struct Run {
  char32_t first;
  Category category;
};

using enum Category;
constexpr Run kRuns[] = {
#include "tokenizer/internal/unicode_ranges.inc"
};

constexpr std::string_view kNames[] = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl",
                                       "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc",
                                       "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"};

std::string_view name_of(Category category) {
  return kNames[static_cast<std::size_t>(category)];
}

char32_t last_of(const Run& run) {
  return &run + 1 == std::end(kRuns) ? kLastCodePoint : (&run + 1)->first - 1;
}

template <typename Predicate>
CharacterSet collect(Predicate&& belongs) {
  CharacterSet set;
  for (const Run& run : kRuns) {
    if (!belongs(name_of(run.category))) {
      continue;
    }
    if (!set.empty() && set.back().last + 1 == run.first) {
      set.back().last = last_of(run);
    } else {
      set.push_back({run.first, last_of(run)});
    }
  }
  return set;
}

CharacterSet united(CharacterSet set, std::span<const CharacterRange> other) {
  set.insert(set.end(), other.begin(), other.end());
  std::ranges::sort(set, {}, &CharacterRange::first);
  CharacterSet result;
  for (const CharacterRange& range : set) {
    if (!result.empty() && range.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

// White_Space of the standard.
constexpr CharacterRange kSpaces[] = {{0x09, 0x0D},
                                      {0x20, 0x20},
                                      {0x85, 0x85},
                                      {0xA0, 0xA0},
                                      {0x1680, 0x1680},
                                      {0x2000, 0x200A},
                                      {0x2028, 0x2029},
                                      {0x202F, 0x202F},
                                      {0x205F, 0x205F},
                                      {0x3000, 0x3000}};

// What Oniguruma counts as \w beside letters, marks, decimal digits, letter numbers and connectors.
constexpr CharacterRange kMoreWord[] = {{0xB2, 0xB3},
                                        {0xB9, 0xB9},
                                        {0xBC, 0xBE},
                                        {0x24B6, 0x24E9},
                                        {0x1F130, 0x1F149},
                                        {0x1F150, 0x1F169},
                                        {0x1F170, 0x1F189}};

bool is_word_category(std::string_view name) {
  return name[0] == 'L' || name[0] == 'M' || name == "Nd" || name == "Nl" || name == "Pc";
}

}  // namespace

std::optional<CharacterSet> character_set(std::string_view name) {
  if (name == "s") {
    return CharacterSet(std::begin(kSpaces), std::end(kSpaces));
  }
  if (name == "w") {
    return united(collect(is_word_category), kMoreWord);
  }
  if (name == "d") {
    name = "Nd";
  }
  if (name == "L&" || name == "LC") {
    return collect([](std::string_view n) { return n == "Lu" || n == "Ll" || n == "Lt"; });
  }
  if (name.size() == 1 || std::ranges::find(kNames, name) != std::end(kNames)) {
    CharacterSet set = collect([&](std::string_view n) { return n.starts_with(name); });
    if (!set.empty()) {
      return set;
    }
  }
  return std::nullopt;
}

CharacterSet complement(const CharacterSet& set) {
  CharacterSet result;
  char32_t next = 0;
  for (const CharacterRange& range : set) {
    if (range.first > next) {
      result.push_back({next, range.first - 1});
    }
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) {
    result.push_back({next, kLastCodePoint});
  }
  return result;
}

const ClassTable& ClassTable::get() {
  static const ClassTable table;
  return table;
}

ClassTable::ClassTable() {
  std::vector<std::uint8_t> flat(kLastCodePoint + 1);
  const auto mark = [&](const CharacterSet& set, std::uint8_t bit) {
    for (const CharacterRange& range : set) {
      for (char32_t c = range.first; c <= range.last; ++c) {
        flat[c] = static_cast<std::uint8_t>(flat[c] | bit);
      }
    }
  };
  mark(*character_set("L"), kLetter);
  mark(*character_set("M"), kMark);
  mark(*character_set("N"), kNumber);
  mark(*character_set("P"), kPunctuation);
  mark(*character_set("S"), kPunctuation);
  mark(*character_set("s"), kSpace);
  mark({{'\n', '\n'}, {'\r', '\r'}}, kNewline);
  mark({{0x3040, 0x30FF}, {0x4E00, 0x9FA5}}, kEastAsian);
  mark({{'A', 'Z'}, {'a', 'z'}}, kAsciiLetter);

  std::map<Block, std::uint16_t> known;
  for (std::size_t i = 0; i < block_of_.size(); ++i) {
    Block block;
    std::copy_n(flat.begin() + static_cast<std::ptrdiff_t>(i * 256), 256, block.begin());
    const auto [found, is_new] =
        known.try_emplace(block, static_cast<std::uint16_t>(blocks_.size()));
    if (is_new) {
      blocks_.push_back(block);
    }
    block_of_[i] = found->second;
  }
}

}  // namespace rq::tokenizer
