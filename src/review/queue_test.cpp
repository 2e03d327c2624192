#include "review/queue.h"

#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "review/internal/test_queue.h"

namespace rq::review {
namespace {

TEST_F(ReviewQueue, WhatComesOutIsWhatWasAcceptedOrWritten) {
  Queue queue = open(0);
  queue.add(items(4));
  queue.judge("Ada", "item002", {.kind = Kind::kEdit, .candidate = 0, .text = "mine <b>"});
  queue.judge("Bo", "item000", {.kind = Kind::kAccept, .candidate = 1});
  queue.judge("Bo", "item001", kRejects);
  queue.judge("Bo", "item003", {.kind = Kind::kEdit, .candidate = 1, .text = "second item003"});
  EXPECT_TRUE(queue.is_complete());
  const std::vector<Accepted> accepted = queue.accepted();
  ASSERT_EQ(accepted.size(), 3U);
  EXPECT_EQ(accepted[0].answer, "second item000");
  EXPECT_EQ(accepted[0].origin, "v2");
  EXPECT_EQ(accepted[0].reviewer, "Bo");
  EXPECT_EQ(accepted[1].answer, "mine <b>");
  EXPECT_EQ(accepted[1].origin, "v2.5");
  EXPECT_TRUE(accepted[1].was_edited);
  EXPECT_FALSE(accepted[2].was_edited) << "an edit that changes nothing";
  EXPECT_EQ(training_lines(std::span(accepted).subspan(1, 1)),
            R"({"messages":[{"role":"user","content":"What is item002?"},)"
            R"({"role":"assistant","content":"mine <b>"}]})"
            "\n");
}

TEST_F(ReviewQueue, RefusesVerdictsThatSayNothingOrNothingThatExists) {
  Queue queue = open(0);
  queue.add(items(1));
  const auto fault = [&](const std::string& id, const Verdict& verdict) {
    return message([&] { queue.judge("Ada", id, verdict); });
  };
  EXPECT_EQ(fault("item9", kAccepts), "there is no item \"item9\"");
  EXPECT_EQ(fault("item000", {.candidate = 2}),
            "\"item000\" has no candidate 2, but 2 (they count from 0)");
  EXPECT_NE(fault("item000", {.candidate = -1}).find("no candidate -1"), std::string::npos);
  for (const Kind kind : {Kind::kEdit, Kind::kReject, Kind::kFlag}) {
    EXPECT_NE(fault("item000", {.kind = kind, .text = " \n"}).find("takes a text"),
              std::string::npos);
  }
  EXPECT_NE(message([&] { queue.judge(" ", "item000", kAccepts); }).find("name"),
            std::string::npos);
  EXPECT_TRUE(queue.history("item000").empty());
  queue.judge("Ada", "item000", kAccepts);
  EXPECT_THROW(queue.judge("ada", "item000", kAccepts), AlreadyJudged) << "case is no difference";
}

TEST_F(ReviewQueue, OfSeveralAnswersTheLastThatSomebodyWroteComesOut) {
  Queue queue = open(1);
  queue.add(items(2));
  for (const char* const id : {"item000", "item001"}) {
    queue.judge("Ada", id, {.kind = Kind::kAccept, .candidate = 0});
    queue.judge("Bo", id, {.kind = Kind::kAccept, .candidate = 1});
  }
  queue.judge("Cy", "item001", {.kind = Kind::kEdit, .candidate = 0, .text = "written"});
  queue.judge("Di", "item001", {.kind = Kind::kAccept, .candidate = 1});
  EXPECT_EQ(queue.accepted().at(0).answer, "second item000");
  EXPECT_EQ(queue.accepted().at(1).answer, "written");
}

TEST_F(ReviewQueue, FlaggedItemsGoToSomebodyElseWithTheNote) {
  Queue queue = open(0);
  queue.add(items(2));
  queue.judge("Ada", "item000", kFlags);
  EXPECT_EQ(next_id(queue, "Ada"), "item001");
  queue.judge("Ada", "item001", kAccepts);
  EXPECT_EQ(next_id(queue, "Ada"), "none");
  EXPECT_FALSE(queue.is_complete());
  const auto given = queue.next("Bo");
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->item.id, "item000");
  ASSERT_EQ(given->said.size(), 1U);
  EXPECT_EQ(given->said[0].reviewer, "Ada");
  EXPECT_EQ(given->said[0].verdict.text, "who knows physics?");
  queue.judge("Bo", "item000", kRejects);
  EXPECT_TRUE(queue.is_complete());
  EXPECT_EQ(queue.progress().states[State::kRejected], 1);
}

TEST_F(ReviewQueue, WhereTwoDisagreeAThirdDecides) {
  Queue queue = open(1);
  queue.add(items(1));
  queue.judge("Ada", "item000", {.kind = Kind::kAccept, .candidate = 0});
  EXPECT_EQ(queue.progress().states[State::kWaiting], 1);
  const auto given = queue.next("Bo");
  ASSERT_TRUE(given.has_value());
  EXPECT_TRUE(given->said.empty()) << "the second judges unseen";
  queue.judge("Bo", "item000", kRejects);
  EXPECT_EQ(queue.progress().states[State::kTied], 1);
  EXPECT_TRUE(queue.accepted().empty());
  EXPECT_EQ(next_id(queue, "Ada"), "none");
  EXPECT_EQ(next_id(queue, "Cy"), "item000");
  queue.judge("Cy", "item000", {.kind = Kind::kEdit, .candidate = 1, .text = "better"});
  EXPECT_TRUE(queue.is_complete());
  ASSERT_EQ(queue.accepted().size(), 1U);
  EXPECT_EQ(queue.accepted()[0].answer, "better");
}

TEST_F(ReviewQueue, WhereThereIsNoThirdPersonOneOfTheTwoLooksAgain) {
  Queue queue = open(1);
  queue.add(items(2));
  queue.judge("Ada", "item000", kAccepts);
  queue.judge("Bo", "item000", kRejects);
  EXPECT_EQ(queue.share_of("Ada").open, 1);
  EXPECT_EQ(queue.share_of("Ada").again, 1);
  const auto given = queue.look_again("Ada");
  ASSERT_TRUE(given.has_value());
  EXPECT_EQ(given->said.size(), 2U);
  EXPECT_FALSE(queue.look_again("Bo").has_value()) << "Ada has it";
  queue.judge("Ada", "item000", kRejects);
  EXPECT_EQ(queue.progress().states[State::kRejected], 1);
  EXPECT_EQ(queue.progress().agreement.observed, 0) << "the first words count, not the talk";
  EXPECT_EQ(queue.undo("Ada")->verdict.kind, Kind::kReject);
  EXPECT_EQ(queue.progress().states[State::kTied], 1) << "what was replaced counts again";
  EXPECT_EQ(queue.history("item000").size(), 3U);
}

TEST_F(ReviewQueue, UndoTakesBackTheLastVerdictAndKeepsItAsHistory) {
  Queue queue = open(0);
  queue.add(items(3));
  EXPECT_FALSE(queue.undo("Ada").has_value());
  queue.judge("Ada", "item000", kRejects);
  now_s_ = 1001;
  queue.judge("Ada", "item001", {.kind = Kind::kEdit, .candidate = 1, .text = "mine"});
  queue.judge("Bo", "item002", kAccepts);
  now_s_ = 1002;
  const std::optional<Undone> undone = queue.undo("Ada");
  ASSERT_TRUE(undone.has_value());
  EXPECT_EQ(undone->given.item.id, "item001");
  EXPECT_EQ(undone->verdict.text, "mine");
  EXPECT_EQ(undone->verdict.candidate, 1);
  EXPECT_TRUE(undone->is_held);
  EXPECT_EQ(next_id(queue, "Bo"), "none") << "it is before Ada again";
  queue.judge("Ada", "item001", kAccepts);
  const std::vector<Judgement> history = queue.history("item001");
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].time_s, 1001);
  EXPECT_EQ(history[0].undone_s, 1002);
  EXPECT_FALSE(history[0].counts);
  EXPECT_FALSE(history[1].undone_s.has_value());
  EXPECT_EQ(queue.undo("Ada")->given.item.id, "item001");
  EXPECT_EQ(queue.undo("Ada")->given.item.id, "item000") << "and so on, backwards";
  EXPECT_EQ(queue.progress().done(), 1);
}

TEST_F(ReviewQueue, CountsWhatWasDoneByWhomAndHowFarPeopleAgree) {
  Queue queue = open(1);
  queue.add(items(6));
  EXPECT_FALSE(queue.progress().agreement.kappa.has_value());
  // Both accept 2, both reject 1, they disagree once: 3 of 4 alike; by chance (3 * 2 + 1 * 2) / 16.
  for (const auto& [id, ada, bo] : {std::tuple{"item000", kAccepts, kAccepts},
                                    {"item001", kAccepts, kAccepts},
                                    {"item002", kRejects, kRejects},
                                    {"item003", kAccepts, kRejects}}) {
    queue.judge("Bo", id, bo);
    queue.judge("Ada", id, ada);
  }
  queue.judge("Ada", "item004", kFlags);
  queue.judge("Cy", "item003", kRejects);
  Progress progress = queue.progress();
  EXPECT_EQ(progress.items(), 6);
  EXPECT_EQ(progress.done(), 4);
  EXPECT_EQ(progress.states[State::kFlagged], 1);
  EXPECT_EQ(progress.states[State::kNew], 1);
  EXPECT_EQ(progress.verdicts(Kind::kAccept), 5);
  EXPECT_EQ(progress.verdicts(Kind::kReject), 4);
  ASSERT_EQ(progress.reviewers.size(), 3U);
  EXPECT_EQ(progress.reviewers[0].name, "Ada");
  EXPECT_EQ(progress.reviewers[0].verdicts[Kind::kFlag], 1);
  ASSERT_EQ(progress.agreement.pairs.size(), 1U) << "a tie-break is no sample";
  EXPECT_EQ(progress.agreement.pairs[0].items, 4);
  EXPECT_NEAR(progress.agreement.kappa.value(), (0.75 - 0.5) / 0.5, 1e-12);
}

}  // namespace
}  // namespace rq::review
