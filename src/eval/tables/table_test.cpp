#include "eval/tables/table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "eval/tables/board.h"
#include "eval/tables/output.h"
#include "eval/tables/published.h"

namespace rq::eval {
namespace {

Table base_table() {
  Board board;
  for (const PublishedColumn& column : published_columns("base")) {
    board.add_published(column);
  }
  for (const PublishedRow& row : published_columns("base").front().table.rows) {
    board.add_task(row.task);
  }
  return board.table();
}

const TableRow& row_of(const Table& table, std::string_view task) {
  return *std::ranges::find(table.rows, task, &TableRow::task);
}

TEST(Published, TheBaseTableHasItsRowsAndColumns) {
  const Table table = base_table();
  EXPECT_EQ(table.rows.size(), 32);
  ASSERT_EQ(table.columns.size(), 4);
  EXPECT_EQ(table.columns[3].name, "DeepSeek-V3-Base");
  EXPECT_DOUBLE_EQ(row_of(table, "humaneval").cells[3]->value, 65.2);
  EXPECT_TRUE(row_of(table, "humaneval").cells[3]->is_published);
  EXPECT_EQ(row_of(table, "hellaswag").shots, 10);
}

TEST(Published, NotEveryModelHasEachFigure) {
  const auto columns = published_columns("DeepSeek-V2-0506");
  ASSERT_EQ(columns.size(), 1);
  EXPECT_FALSE(columns[0].table.find("swe-verified")->values.contains("DeepSeek-V2-0506"));
  EXPECT_THROW(published_columns("GPT-9"), Error);
}

TEST(Standings, ThreeTenthsOfAPointAreTheSameLevel) {
  using enum Standing;
  const Table table = base_table();
  // MMLU 78.4, 85.0, 84.4, 87.1; ARC-Challenge 92.2, 94.5, 95.3, 95.3; HellaSwag ..., 89.2, 88.9
  EXPECT_EQ(standings_of(row_of(table, "mmlu")), (std::vector{kNone, kNone, kNone, kBest}));
  EXPECT_EQ(standings_of(row_of(table, "arc-challenge")),
            (std::vector{kNone, kNone, kBest, kBest}));
  EXPECT_EQ(standings_of(row_of(table, "hellaswag")), (std::vector{kNone, kNone, kBest, kLevel}));
  EXPECT_EQ(standings_of(row_of(table, "pile")), (std::vector{kNone, kNone, kBest, kNone}));
}

Table measured_table() {
  const Json config = {{"title", "A & B"},
                       {"kind", "perplexity"},
                       {"text", "text"},
                       {"data", {{"files", Json::array({"a.jsonl"})}}}};
  TableRow row{.task = "t", .title = "A & B", .section = "Math", .metric = "EM"};
  row.cells = {Cell{.value = 50,
                    .estimate = Estimate{.mean = 50, .interval = {.low = 40, .high = 60}},
                    .questions = 10,
                    .rows = 12,
                    .unanswered = 2,
                    .why_unanswered = "busy",
                    .making = Making{.identity = Json::object(), .config = config}},
               Cell{.refusal = "no log-probabilities"}};
  return {.columns = {{.name = "mine"}, {.name = "chat"}}, .rows = {row}};
}

TEST(Output, SaysWhatIsUnusualInEveryForm) {
  for (const Output output :
       {Output::kTerminal, Output::kMarkdown, Output::kHtml, Output::kLatex}) {
    const std::string text = to_text(measured_table(), output);
    EXPECT_NE(text.find("not answered, and not counted: 2 of 12 questions; the first: busy"),
              std::string::npos);
    EXPECT_NE(text.find("not asked; no log-probabilities"), std::string::npos);
  }
  const Json json = to_json(measured_table());
  EXPECT_EQ(json["rows"][0]["cells"][0]["unanswered"], 2);
  EXPECT_EQ(json["rows"][0]["cells"][1]["refused"], "no log-probabilities");
}

TEST(Output, NamesAreWrittenAsEachFormHasThem) {
  EXPECT_NE(html_grid(score_grid(measured_table())).find("A &amp; B"), std::string::npos);
  EXPECT_NE(latex_grid(score_grid(measured_table())).find("A \\& B"), std::string::npos);
  EXPECT_NE(markdown_grid(score_grid(base_table())).find("**87.1**"), std::string::npos);
  EXPECT_NE(terminal_grid(score_grid(base_table())).find("=88.9"), std::string::npos);
}

TEST(Output, TheFormIsThatOfTheFilesName) {
  EXPECT_EQ(output_of("a/table.md"), Output::kMarkdown);
  EXPECT_THROW(output_of("table.pdf"), Error);
}

Comparison::Row row_with(double mean, double low, double high) {
  return {.difference = {.difference = {.mean = mean, .interval = {.low = low, .high = high}}}};
}

TEST(Comparison, SaysWhichIsBetterWhereThatCanBeTold) {
  const Comparison comparison{.a = "x", .b = "y"};
  EXPECT_EQ(verdict_of(comparison, row_with(5, 1, 9)), "x is better");
  EXPECT_EQ(verdict_of(comparison, row_with(-5, -9, -1)), "y is better");
  EXPECT_EQ(verdict_of(comparison, row_with(5, -1, 11)), "not told apart");
  EXPECT_EQ(verdict_of(comparison, row_with(0.2, 0.1, 0.3)), "same level");
}

}  // namespace
}  // namespace rq::eval
