#pragma once
// Of a task: where its rows and its worked examples come from.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/rows.h"

namespace rq::eval {

// Problems that say themselves what is right, in the members of reward's own form whatever they are
// from.
struct ProblemSource {
  // Drawn from the side that no training sees. Of `rorqual solve`.
  std::vector<std::string> kinds = {};
  std::int64_t count = 200;  // of each kind
  std::int64_t seed = 1, least_difficulty = 1, most_difficulty = 1;
  std::vector<std::string> files = {};  // of problems, in any form that reward reads

  bool exists() const { return !kinds.empty() || !files.empty(); }

  template <typename Visit>
  void each(Visit&& visit) {
    visit("kinds", kinds);
    visit("count", count);
    visit("seed", seed);
    visit("least_difficulty", least_difficulty);
    visit("most_difficulty", most_difficulty);
    visit("files", files);
  }
};

// Rows of other files that belong to the task's: each row gets that with the same member `on` as
// its member `joined`.
struct JoinSettings {
  data::RowSource source = {};  // its keys stand beside `on`; without files: none
  std::string on = {};

  template <typename Visit>
  void each(Visit&& visit) {
    source.each(visit);
    visit("on", on);
  }
};

struct DataSettings {
  std::string folder = {};              // below the folder of all data
  data::RowSource source = {};          // its keys stand beside these
  ProblemSource problems = {};          // in place of files
  std::vector<std::string> needs = {};  // members without which a row is malformed
  std::string where = {};               // expression: rows for which it is false are left out
  JoinSettings join = {};
  // Expressions that give each row further members, by their names in alphabetical order.
  std::map<std::string, std::string> set = {};
  // Expression: a list of choices of which the first is right; a row gets them as `options`, in an
  // order drawn for it, and the right one's place as `right`.
  std::string shuffle = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("folder", folder);
    source.each(visit);
    visit("problems", problems);
    visit("needs", needs);
    visit("where", where);
    visit("join", join);
    visit("set", set);
    visit("shuffle", shuffle);
  }
};

enum class Select { kFirst, kDrawn };
constexpr std::array<std::pair<Select, std::string_view>, 2> enum_names(Select) {
  return {{{Select::kFirst, "first"},    // in the order of the files
           {Select::kDrawn, "drawn"}}};  // by the seed, for each question anew
}

struct ShotSettings {
  std::int64_t count = 0;
  data::RowSource source = {};  // without files: the task's own rows, never the question itself
  Select select = Select::kFirst;
  std::int64_t seed = 1;
  std::string group = {};               // expression: shots are of the question's group
  std::string where = {};               // expression, as for the questions
  std::vector<std::string> needs = {};  // in place of the questions' own; of files of shots alone

  template <typename Visit>
  void each(Visit&& visit) {
    visit("count", count);
    visit("source", source);
    visit("select", select);
    visit("seed", seed);
    visit("group", group);
    visit("where", where);
    visit("needs", needs);
  }
};

}  // namespace rq::eval
