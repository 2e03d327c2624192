// Knights and knaves: who lies, from what people say of each other.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "reward/problems/draft.h"
#include "reward/problems/kinds.h"

namespace rq::reward {
namespace {

using Truth = std::vector<bool>;                 // whether each person is honest
using Known = std::vector<std::optional<bool>>;  // as far as one knows

struct Statement {
  std::size_t speaker = 0;
  std::vector<std::size_t> about;  // one person, or two who are compared
  bool says_same = true;           // "is honest", "are alike"; else "lies", "are different"

  // Whether what is said is true.
  bool is_true(const Truth& honest) const {
    const bool same = about.size() == 1 ? honest[about[0]] : honest[about[0]] == honest[about[1]];
    return same == says_same;
  }
  bool fits(const Truth& honest) const { return is_true(honest) == honest[speaker]; }
};

std::string letter(std::size_t person) {
  return std::string(1, static_cast<char>('A' + person));
}

std::string is_what(std::size_t person, bool honest) {
  return letter(person) + (honest ? " is honest" : " lies");
}

std::string words_of(const Statement& statement) {
  const std::size_t first = statement.about[0];
  return fmt::format("{} says: {}.",
                     letter(statement.speaker),
                     statement.about.size() == 1
                         ? is_what(first, statement.says_same)
                         : fmt::format("{} and {} are {}",
                                       letter(first),
                                       letter(statement.about[1]),
                                       statement.says_same ? "alike" : "different"));
}

struct Size {
  std::size_t people;
  bool is_start_known;  // then everybody is spoken of by somebody known
};
constexpr std::array<Size, 5> kSizes = {{{6, true}, {8, true}, {5, false}, {6, false}, {8, false}}};

struct Puzzle {
  Truth honest;
  std::vector<Statement> statements;
  std::optional<std::size_t> start;  // who is known from the beginning
};

// What a speaker of that kind would say.
Statement say(std::size_t speaker, std::vector<std::size_t> about, const Truth& honest) {
  Statement statement{.speaker = speaker, .about = std::move(about)};
  statement.says_same = statement.fits(honest);
  return statement;
}

// A tree of statements from a person who is known; with `is_chain`, each speaks of the next.
Puzzle draw_tree(Rng& rng, const Truth& honest, bool is_chain) {
  std::vector<std::size_t> people(honest.size());
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i] = i;
  }
  rng.shuffle(people);
  Puzzle puzzle{.honest = honest, .statements = {}, .start = people[0]};
  for (std::size_t i = 1; i < people.size(); ++i) {
    const std::size_t speaker = is_chain ? people[i - 1] : people[rng.below(i)];
    puzzle.statements.push_back(say(speaker, {people[i]}, honest));
  }
  return puzzle;
}

// Everybody says something of one or two others.
Puzzle draw_web(Rng& rng, const Truth& honest) {
  Puzzle puzzle{.honest = honest, .statements = {}, .start = {}};
  for (std::size_t speaker = 0; speaker < honest.size(); ++speaker) {
    std::vector<std::size_t> others;
    for (std::size_t person = 0; person < honest.size(); ++person) {
      if (person != speaker) {
        others.push_back(person);
      }
    }
    rng.shuffle(others);
    others.resize(1 + rng.below(2));
    std::ranges::sort(others);
    puzzle.statements.push_back(say(speaker, others, honest));
  }
  return puzzle;
}

bool is_unique(const Puzzle& puzzle) {
  int solutions = 0;
  const std::size_t people = puzzle.honest.size();
  for (std::size_t mask = 0; mask < std::size_t{1} << people; ++mask) {
    Truth honest(people);
    for (std::size_t i = 0; i < people; ++i) {
      honest[i] = (mask >> i & 1) != 0;
    }
    solutions += std::ranges::all_of(puzzle.statements,
                                     [&](const Statement& each) { return each.fits(honest); })
                     ? 1
                     : 0;
  }
  return solutions == 1;
}

// What follows from what is known, statement by statement.
class Deduction {
 public:
  enum class End : std::uint8_t { kAllKnown, kContradiction, kStuck };

  Deduction(const std::vector<Statement>& statements, std::size_t people)
      : statements_(statements), known_(people) {}

  void suppose(std::size_t person, bool honest) { known_[person] = honest; }

  End run() {
    for (bool has_news = true; has_news;) {
      has_news = false;
      for (std::size_t i = 0; i < statements_.size(); ++i) {
        const std::vector<std::size_t> unknown = unknown_of(statements_[i]);
        if (unknown.empty() && !statements_[i].fits(truth())) {
          text_ += fmt::format("({}) cannot be: {}.\n", i + 1, joined(facts(statements_[i])));
          return End::kContradiction;
        }
        if (unknown.size() == 1) {
          conclude(i, unknown[0]);
          has_news = true;
        }
      }
    }
    const bool is_done =
        std::ranges::all_of(known_, [](const auto& each) { return each.has_value(); });
    return is_done ? End::kAllKnown : End::kStuck;
  }

  const std::string& text() const { return text_; }

 private:
  static std::vector<std::size_t> people_of(const Statement& statement) {
    std::vector<std::size_t> people = {statement.speaker};
    people.insert(people.end(), statement.about.begin(), statement.about.end());
    return people;
  }

  std::vector<std::size_t> unknown_of(const Statement& statement) const {
    std::vector<std::size_t> people = people_of(statement);
    std::erase_if(people, [&](std::size_t person) { return known_[person].has_value(); });
    return people;
  }

  std::vector<std::string> facts(const Statement& statement) const {
    std::vector<std::string> texts;
    for (const auto person : people_of(statement)) {
      if (known_[person]) {
        texts.push_back(is_what(person, *known_[person]));
      }
    }
    return texts;
  }

  // With everybody honest of whom nothing is known.
  Truth truth() const {
    Truth honest;
    for (const auto& each : known_) {
      honest.push_back(each.value_or(true));
    }
    return honest;
  }

  void conclude(std::size_t index, std::size_t person) {
    const std::vector<std::string> known = facts(statements_[index]);
    known_[person] = statements_[index].fits(truth());
    text_ += fmt::format(
        "({}) {}, so {}.\n", index + 1, joined(known), is_what(person, *known_[person]));
  }

  const std::vector<Statement>& statements_;
  Known known_;
  std::string text_;
};

// The steps of a puzzle; nothing where they would need more than one supposition.
std::optional<std::string> solve(const Puzzle& puzzle) {
  const auto deduce = [&](std::size_t person, bool honest) {
    Deduction deduction(puzzle.statements, puzzle.honest.size());
    deduction.suppose(person, honest);
    return std::pair(deduction.run(), deduction.text());
  };
  if (puzzle.start) {
    return deduce(*puzzle.start, puzzle.honest[*puzzle.start]).second;
  }
  std::string text;
  for (const bool honest : {true, false}) {
    const auto [end, steps] = deduce(0, honest);
    if (end == Deduction::End::kStuck) {
      return std::nullopt;
    }
    text += fmt::format("Suppose {}.\n{}", is_what(0, honest), steps);
    if (end == Deduction::End::kAllKnown) {
      return text + "Everything fits.\n";
    }
  }
  return std::nullopt;
}

std::string check_statements(const Puzzle& puzzle) {
  std::string text = "Let me check every statement.\n";
  for (std::size_t i = 0; i < puzzle.statements.size(); ++i) {
    const Statement& each = puzzle.statements[i];
    text += fmt::format("({}) is {}, and {}.\n",
                        i + 1,
                        each.is_true(puzzle.honest) ? "true" : "false",
                        is_what(each.speaker, puzzle.honest[each.speaker]));
  }
  return text + "All fit, so it is right.\n";
}

Draft write(const Puzzle& puzzle, std::string steps) {
  std::vector<std::string> people, liars, contents, lines;
  for (std::size_t i = 0; i < puzzle.honest.size(); ++i) {
    people.push_back(letter(i));
    if (!puzzle.honest[i]) {
      liars.push_back(letter(i));
    }
  }
  for (const auto& each : puzzle.statements) {
    contents.push_back(words_of(each));
    lines.push_back(fmt::format("{}. {}", lines.size() + 1, words_of(each)));
  }
  std::ranges::sort(contents);
  const std::string start =
      puzzle.start ? is_what(*puzzle.start, puzzle.honest[*puzzle.start]) + ".\n" : "";
  return {.content = fmt::format("{} {}{}", people.size(), start, joined(contents, " ")),
          .prompt = fmt::format("Each of {} either always tells the truth or always lies.\n{}{}\n"
                                "Who lies? List them in the order of the alphabet.",
                                listed(people),
                                start,
                                joined(lines, "\n")),
          .answer = joined(liars),
          .plan = puzzle.start ? "I go from those I know to those they speak of.\n"
                               : "I suppose something and see whether it can be.\n",
          .steps = std::move(steps),
          .check = check_statements(puzzle)};
}

}  // namespace

Draft draw_liars(Rng& rng, int difficulty) {
  const Size& size = at_difficulty(kSizes, difficulty);
  while (true) {
    Truth honest(size.people);
    for (std::size_t i = 0; i < size.people; ++i) {
      honest[i] = rng.below(2) == 1;
    }
    const bool has_liar = std::ranges::find(honest, false) != honest.end();
    const Puzzle puzzle =
        size.is_start_known ? draw_tree(rng, honest, difficulty == 1) : draw_web(rng, honest);
    if (!has_liar || (!puzzle.start && !is_unique(puzzle))) {
      continue;
    }
    if (const auto steps = solve(puzzle)) {
      return write(puzzle, *steps);
    }
  }
}

}  // namespace rq::reward
