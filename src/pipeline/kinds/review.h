#pragma once
// kind = "review": answers that no program can verify are judged before they become training data,
// as people checked V2.5's (DeepSeek-V3 §5.1).
//
//   [process.check]
//   kind = "review"
//   from = ["v2.5-answers"]
//   review = "people"
//   makes = "non-reasoning"
//
// With "people" the process waits: what keeps to the rules is put into a queue, `rorqual review
// RUN` serves it, the run goes on with all that does not need it, and once every item is judged the
// same command takes what was accepted. Verdicts on items that come again, after a change before
// them in the recipe, stay. With "rules" the rules alone decide, and the manifest says that no
// person looked.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/process.h"
#include "review/rules.h"

namespace rq::pipeline {

enum class Reviewer { kPeople, kRules };
constexpr std::array<std::pair<Reviewer, std::string_view>, 2> enum_names(Reviewer) {
  return {{{Reviewer::kPeople, "people"}, {Reviewer::kRules, "rules"}}};
}

struct ReviewSettings {
  static constexpr std::array<std::string_view, 2> kRequired = {"from", "makes"};
  std::vector<std::string> from = {};  // boxes of conversations; answers to the same messages stand
                                       // side by side as candidates of one item
  Reviewer review = Reviewer::kPeople;
  review::Rules rules = {};  // what breaks one is not shown to anybody
  double overlap = 0.1;      // share of the items that two people judge
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("review", review);
    visit("rules", rules);
    visit("overlap", overlap);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind review_kind();

}  // namespace rq::pipeline
