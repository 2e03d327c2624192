#include "eval/tables/instructions.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "eval/tables/marking.h"
#include "eval/tables/testing/small_task.h"

namespace rq::eval {
namespace {

Json row_of(std::string_view id, const Json& kwargs) {
  return {{"instruction_id_list", {id}}, {"kwargs", Json::array({kwargs})}};
}

std::string error_of(const Json& row) {
  try {
    check_instructions(row);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// One instruction, an answer that follows it, and one that just does not.
struct Example {
  std::string id;
  Json kwargs;
  std::string followed, not_followed;
};

const std::vector<Example>& examples() {
  static const Json none = Json::object();
  static const std::vector<Example> all = {
      {"keywords:existence", {{"keywords", {"tea", "milk"}}}, "Milk in steam", "Milk in stem"},
      {"keywords:frequency",
       {{"keyword", "tea"}, {"frequency", 2}, {"relation", "at least"}},
       "Tea, steam",
       "Tea, stem"},
      {"keywords:frequency",
       {{"keyword", "tea"}, {"frequency", 2}, {"relation", "less than"}},
       "Tea, stem",
       "Tea, steam"},
      {"keywords:forbidden_words", {{"forbidden_words", {"tea"}}}, "steam", "a TEA!"},
      {"keywords:letter_frequency",
       {{"letter", "q"}, {"let_frequency", 2}, {"let_relation", "at least"}},
       "Q and q",
       "Q and p"},
      {"keywords:letter_frequency",
       {{"letter", "!"}, {"let_frequency", 2}, {"let_relation", "less than"}},
       "No!",
       "No!!"},
      {"language:response_language",
       {{"language", "de"}},
       "Das ist nicht der Tee.",
       "This is not the tea."},
      {"length_constraints:number_sentences",
       {{"num_sentences", 3}, {"relation", "at least"}},
       "One. Two! Three",
       "One. Two, e.g. three"},
      {"length_constraints:number_paragraphs", {{"num_paragraphs", 2}}, "a\n***\nb", "a\n\nb"},
      {"length_constraints:number_paragraphs", {{"num_paragraphs", 2}}, "a***b***", "a******b"},
      {"length_constraints:number_words",
       {{"num_words", 3}, {"relation", "less than"}},
       "two words!",
       "well-known words"},
      {"length_constraints:nth_paragraph_first_word",
       {{"num_paragraphs", 2}, {"nth_paragraph", 2}, {"first_word", "tea"}},
       "a\n\n\"Tea\", b",
       "a\n\nTeas, b"},
      {"length_constraints:nth_paragraph_first_word",
       {{"num_paragraphs", 2}, {"nth_paragraph", 2}, {"first_word", "tea"}},
       "a\nb\n\nTea",
       "a\n\nTea\n\nb"},
      {"detectable_content:number_placeholders",
       {{"num_placeholders", 2}},
       "[name], [a [place]",
       "[name], [a\nplace]"},
      {"detectable_content:postscript",
       {{"postscript_marker", "P.S."}},
       "Tea.\np. s. Milk",
       "Tea.\nPS Milk"},
      {"detectable_content:postscript",
       {{"postscript_marker", "P.P.S"}},
       "Tea.\nP.P.S. Milk",
       "Tea.\nP.S. Milk"},
      {"detectable_format:number_bullet_lists",
       {{"num_bullets", 2}},
       "* a\n  - b\n**c**",
       "* a\n  - b\n* c"},
      {"detectable_format:constrained_response",
       none,
       "So: My answer is maybe.",
       "So: My answer is perhaps."},
      {"detectable_format:number_highlighted_sections",
       {{"num_highlights", 2}},
       "*a* and **b**",
       "*a* and ** ** and *b\n*"},
      {"detectable_format:multiple_sections",
       {{"section_spliter", "Part"}, {"num_sections", 2}},
       "Part 1\na\nPart 2\nb",
       "Part 1\na\npart 2\nb"},
      {"detectable_format:json_format", none, "```JSON\n{\"a\": 1}\n```", "{\"a\": 1},"},
      {"detectable_format:title", none, "<<Tea>>\na", "<< >>\n<<a\n>>"},
      {"combination:two_responses", none, "a\n******\nb", "a\n******\n a"},
      {"combination:two_responses", none, "a******b******", "a\n***\nb"},
      {"combination:repeat_prompt",
       {{"prompt_to_repeat", "Why (tea)?\nSay. "}},
       "why (Tea)?\nSay. So",
       "So: Why (tea)?\nSay."},
      {"startend:end_checker", {{"end_phrase", "Is it?"}}, "\"So. is it?\"", "So. Is it? No"},
      {"startend:quotation", none, "\"a\"", "\"a\"."},
      {"change_case:capital_word_frequency",
       {{"capital_frequency", 2}, {"capital_relation", "at least"}},
       "TEA-TIME, says ÉMILE",
       "TEA-time, says ÉMILE"},
      {"change_case:capital_word_frequency",
       {{"capital_frequency", 2}, {"capital_relation", "less than"}},
       "DON'T, 7",
       "DON'T, A7"},
      {"change_case:english_capital", none, "THIS IS THE TEA.", "THIS IS THE TEa."},
      {"change_case:english_capital", none, "THIS IS THE TEA.", "DAS IST NICHT DER TEE."},
      {"change_case:english_lowercase", none, "this is the tea.", "this is the Tea."},
      {"change_case:english_lowercase", none, "this is the tea.", "это чай."},
      {"punctuation:no_comma", none, "a; b", "a, b"},
  };
  return all;
}

TEST(Instructions, EachIsFollowedByOneTextAndJustNotByAnother) {
  for (const auto& [id, kwargs, followed, not_followed] : examples()) {
    const Json row = row_of(id, kwargs);
    EXPECT_EQ(error_of(row), "") << id;
    EXPECT_EQ(first_not_followed(row, followed), "") << followed;
    EXPECT_NE(first_not_followed(row, not_followed), "") << id << ": " << not_followed;
  }
}

TEST(Instructions, TheFirstThatIsNotFollowedIsNamedWithWhatItAsksFor) {
  const Json row = {
      {"instruction_id_list", {"punctuation:no_comma", "keywords:existence", "startend:quotation"}},
      {"kwargs", {{{"keywords", nullptr}}, {{"keywords", {"tea"}}, {"letter", nullptr}}, nullptr}}};
  EXPECT_EQ(error_of(row), "");
  EXPECT_EQ(first_not_followed(row, "no"),
            "does not follow keywords:existence {\"keywords\":[\"tea\"]}");
  EXPECT_EQ(first_not_followed(row, "tea"), "does not follow startend:quotation");
}

TEST(Instructions, WordsThatAreAskedForAreNoPatterns) {
  EXPECT_EQ(first_not_followed(row_of("keywords:existence", {{"keywords", {"C++ (a.b)"}}}),
                               "in c++ (A.B)"),
            "");
  EXPECT_NE(first_not_followed(row_of("keywords:existence", {{"keywords", {"a.b"}}}), "acb"), "");
  EXPECT_NE(first_not_followed(row_of("keywords:forbidden_words", {{"forbidden_words", {"c++"}}}),
                               "In C++, not"),
            "");
}

TEST(Instructions, WhatARowLacksIsToldWithItsName) {
  EXPECT_EQ(error_of(row_of("keywords:existance", Json::object())).find("did you mean") !=
                std::string::npos,
            true);
  EXPECT_NE(error_of(row_of("length_constraints:number_words", {{"num_words", 3}}))
                .find("the instruction length_constraints:number_words needs \"relation\" in its "
                      "\"kwargs\": null is neither \"less than\" nor \"at least\""),
            std::string::npos);
  EXPECT_NE(error_of(row_of("language:response_language", {{"language", "xx"}})), "");
  EXPECT_NE(error_of(row_of("keywords:existence", {{"keywords", Json::array()}})), "");
  EXPECT_NE(error_of({{"instruction_id_list", {"punctuation:no_comma"}}, {"kwargs", {}}}), "");
  EXPECT_NE(error_of({{"instruction_id_list", Json::array()}, {"kwargs", Json::array()}}), "");
}

TEST(Instructions, ATaskReadsThemAndMarksWhatFollowsAll) {
  const testing::Folder folder;
  folder.write("input_data.jsonl",
               R"({"key": 7, "prompt": "Say tea.", "instruction_id_list": ["keywords:existence", )"
               R"("punctuation:no_comma"], "kwargs": [{"keywords": ["tea"]}, {}]})"
               "\n");
  const Task task = load_task("if-eval", {"data.folder=\"\""});
  const QuestionSet set = read_questions(task, {.data = folder.path(), .form = Form::kChat});
  const Marker marker(task);
  EXPECT_EQ(set.questions.at(0).id, "7");
  EXPECT_EQ(marker(set.questions[0], std::vector<Reply>{{.text = " Tea\n"}}).score, 1);
  const Mark wrong = marker(set.questions[0], std::vector<Reply>{{.text = "tea, milk"}});
  EXPECT_EQ(wrong.score, 0);
  EXPECT_EQ(wrong.notes[0], "does not follow punctuation:no_comma");
  folder.write("input_data.jsonl",
               R"({"key": 7, "prompt": "?", "instruction_id_list": ["tea"], "kwargs": [{}]})"
               "\n");
  try {
    read_questions(task, {.data = folder.path()});
    FAIL() << "an unknown instruction is asked";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("input_data.jsonl:1: there is no instruction tea"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace rq::eval
