// The wording of facts, which the needle test and the training documents must share to the letter.

#include "data/recall.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/rng.h"

namespace rq::data {
namespace {

TEST(Recall, AStatementIsItsQuestionItsAnswerAndAFullStop) {
  const Fact fact{.key = "heron", .value = "copper"};
  EXPECT_EQ(statement(fact), "Remember heron=copper.");
  EXPECT_EQ(question(fact), "Remember heron");
  EXPECT_EQ(answer(fact), "=copper");
}

TEST(Recall, AllKeysAndAllValuesOfADrawDiffer) {
  Rng rng(1, "test");
  const std::vector<Fact> facts = draw_facts(rng, most_facts());
  std::set<std::string> keys, values;
  for (const auto& fact : facts) {
    keys.insert(fact.key);
    values.insert(fact.value);
  }
  EXPECT_EQ(keys.size(), 100U);
  EXPECT_EQ(values.size(), 100U);
  for (const auto& key : keys) {
    EXPECT_FALSE(values.contains(key)) << key;
  }
}

TEST(Recall, TheSameStreamGivesTheSameFactsAndAnotherOthers) {
  const auto text = [](const char* stream) {
    Rng rng(1, stream);
    std::string all;
    for (const auto& fact : draw_facts(rng, 20)) {
      all += statement(fact) + "\n";
    }
    return all;
  };
  EXPECT_EQ(text("a"), text("a"));
  EXPECT_NE(text("a"), text("b"));
}

TEST(Recall, MoreFactsThanKeysAreRefusedWithBothNumbers) {
  Rng rng(1, "test");
  EXPECT_TRUE(draw_facts(rng, 0).empty());
  try {
    draw_facts(rng, most_facts() + 1);
    FAIL() << "not refused";
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("101"), std::string::npos) << what;
    EXPECT_NE(what.find("100"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace rq::data
