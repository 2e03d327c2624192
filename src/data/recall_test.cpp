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
  const Fact fact{.key = "the grey heron", .value = "483920"};
  EXPECT_EQ(statement(fact), "The number of the grey heron is 483920.");
  EXPECT_EQ(question(fact), "The number of the grey heron is");
  EXPECT_EQ(answer(fact), " 483920");
}

TEST(Recall, AllKeysAndAllValuesOfADrawDiffer) {
  Rng rng(1, "test");
  const std::vector<Fact> facts = draw_facts(rng, most_facts());
  std::set<std::string> keys, values;
  for (const auto& fact : facts) {
    keys.insert(fact.key);
    values.insert(fact.value);
    EXPECT_EQ(fact.key.find("  "), std::string::npos) << fact.key;
    EXPECT_NE(fact.key.back(), ' ') << fact.key;
    EXPECT_EQ(fact.value.size(), 6U);
    EXPECT_NE(fact.value.front(), '0');
    EXPECT_EQ(fact.value.find_first_not_of("0123456789"), std::string::npos);
  }
  EXPECT_EQ(keys.size(), 2400U);
  EXPECT_EQ(values.size(), 2400U);
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
    EXPECT_NE(what.find("2401"), std::string::npos) << what;
    EXPECT_NE(what.find("2400"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace rq::data
