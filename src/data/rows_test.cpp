#include "data/rows.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

std::vector<Row> rows_of(std::string_view name, std::string_view text, RowSource source = {}) {
  const TestFolder folder;
  write_file(folder / name, text);
  source.files = {std::string(name)};
  return read_rows(folder.path(), source);
}

// What reading them fails with, behind the folder's name.
std::string refusal(std::string_view name, std::string_view text, const RowSource& source = {}) {
  const std::string error = error_of([&] { rows_of(name, text, source); });
  return error.substr(std::min(error.find(name), error.size()));
}

TEST(Rows, LinesAreObjectsWithTheirPlace) {
  const auto rows = rows_of("test/a.jsonl", "{\"x\": 1}\n\n{\"x\": 2}\r\n");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[1].members["x"], 2);
  EXPECT_EQ(rows[1].members["file_stem"], "a");
  EXPECT_EQ(rows[1].members["file_folder"], "test");
  EXPECT_TRUE(rows[1].origin.ends_with("test/a.jsonl:3"));
}

TEST(Rows, TablesHaveQuotedFieldsOverSeveralLines) {
  const auto rows = rows_of("t.csv", "q,a\n\"one, \"\"two\"\"\nthree\",A\nfour,B\n");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].members["q"], "one, \"two\"\nthree");
  EXPECT_EQ(rows[1].members["a"], "B");
  EXPECT_TRUE(rows[1].origin.ends_with("t.csv:4"));
}

TEST(Rows, ColumnsMayBeNamedByTheSource) {
  const auto rows = rows_of("t.tsv", "a \"b\"\t5\n", {.columns = {"question", "answer"}});
  EXPECT_EQ(rows[0].members["question"], "a \"b\"");
  EXPECT_EQ(rows[0].members["answer"], "5");
}

TEST(Rows, DocumentsAreWalkedAndWhatStandsBesideTheWayIsKept) {
  const std::string squad =
      R"({"data": [{"title": "t", "paragraphs": [{"context": "c", "qas": [{"id": 1}, {"id": 2}]}]}]})";
  const auto rows = rows_of("s.json", squad, {.rows = "data.paragraphs.qas"});
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[1].members["context"], "c");
  EXPECT_EQ(rows[1].members["title"], "t");
  EXPECT_EQ(rows[1].members["id"], 2);
  const auto drop =
      rows_of("d.json", R"({"p1": {"passage": "x", "qa": [{"q": 1}]}})", {.rows = "*.qa"});
  EXPECT_EQ(drop[0].members["key"], "p1");
  EXPECT_EQ(drop[0].members["passage"], "x");
  const auto c3 = rows_of("c.json", R"([[["text"], [{"q": 1}, {"q": 2}], "id"]])", {.rows = "1"});
  ASSERT_EQ(c3.size(), 2);
  EXPECT_EQ(c3[1].members["beside"][0][0], "text");
  EXPECT_EQ(c3[1].members["q"], 2);
}

TEST(Rows, ListsOfOneLengthAreSpread) {
  const auto rows = rows_of("r.txt",
                            R"({"article": "a", "questions": ["x", "y"], "answers": ["A", "B"]})",
                            {.format = RowFormat::kDocument, .spread = {"questions", "answers"}});
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[1].members["questions"], "y");
  EXPECT_EQ(rows[1].members["answers"], "B");
  EXPECT_EQ(rows[1].members["article"], "a");
}

TEST(Rows, WhatIsMalformedIsNamedWithItsLine) {
  EXPECT_TRUE(refusal("a.jsonl", "{}\n{\"x\"\n").starts_with("a.jsonl:2"));
  EXPECT_TRUE(refusal("t.csv", "q,a\n1,2\n3\n").starts_with("t.csv:3: there are 1 fields"));
  EXPECT_TRUE(refusal("t.csv", "q,a\n\"1,2\n").starts_with("t.csv:2: a quote begins here"));
  EXPECT_TRUE(refusal("s.json", "{\"x\": 1}", {.rows = "data"}).starts_with("s.json: there is no"));
  EXPECT_NE(error_of([] { read_rows("/nowhere", {.files = {"x.jsonl"}}); }).find("is not there"),
            std::string::npos);
}

TEST(Rows, LabelsStandInAFileOfTheirOwn) {
  const TestFolder folder;
  write_file(folder / "v.jsonl", "{\"x\": 1}\n{\"x\": 2}\n");
  write_file(folder / "v.lst", "0\n1\n");
  const RowSource source{.files = {"v.jsonl"}, .labels = "v.lst"};
  EXPECT_EQ(read_rows(folder.path(), source)[1].members["label"], "1");
  write_file(folder / "v.lst", "0\n");
  EXPECT_NE(error_of([&] { read_rows(folder.path(), source); }).find("has 1 lines for 2 rows"),
            std::string::npos);
}

TEST(Rows, InParquetAreRefusedWithTheCommandThatConvertsThem) {
  const TestFolder folder;
  write_file(folder / "a.parquet", "PAR1");
  EXPECT_NE(
      error_of([&] { read_rows(folder.path(), {.files = {"*.parquet"}}); }).find("a.parquet > "),
      std::string::npos);
}

}  // namespace
}  // namespace rq::data
