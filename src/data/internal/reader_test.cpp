#include "data/internal/reader.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include "base/check.h"
#include "base/files.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

using Strings = std::vector<std::string>;

struct Collected : Sink {
  void document(std::string_view text, std::int64_t line) override {
    texts.emplace_back(text);
    lines.push_back(line);
  }
  void bad(std::int64_t line, std::string_view reason, std::string_view /*excerpt*/) override {
    reasons.push_back(std::to_string(line) + " " + std::string(reason));
  }
  Strings texts, reasons;
  std::vector<std::int64_t> lines;
};

class Readers : public testing::Test {
 protected:
  void read(std::string_view name, std::string_view bytes, const std::string& field = "text") {
    write_file(folder_ / name, bytes);
    read_documents(folder_ / name, field, found_);
  }
  TestFolder folder_;
  Collected found_;
};

std::shared_ptr<arrow::Array> strings(const std::vector<const char*>& values) {
  arrow::StringBuilder builder;
  for (const char* value : values) {
    EXPECT_TRUE((value == nullptr ? builder.AppendNull() : builder.Append(value)).ok());
  }
  return *builder.Finish();
}

void write_parquet(const std::filesystem::path& path, const std::shared_ptr<arrow::Array>& column) {
  const auto schema = arrow::schema({arrow::field("content", column->type())});
  const auto table = arrow::Table::Make(schema, {column});
  const auto file = *arrow::io::FileOutputStream::Open(path.string());
  constexpr std::int64_t kRowsOfAGroup = 2;
  const auto pool = arrow::default_memory_pool();
  const auto keep_types = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  const auto& properties = parquet::default_writer_properties();
  ASSERT_TRUE(
      parquet::arrow::WriteTable(*table, pool, file, kRowsOfAGroup, properties, keep_types).ok());
  ASSERT_TRUE(file->Close().ok());
}

TEST_F(Readers, APlainFileIsOneDocument) {
  read("a.py", "x = 1\n\ny = 2\n");
  EXPECT_EQ(found_.texts, Strings{"x = 1\n\ny = 2\n"});
}

TEST_F(Readers, GzipOfSeveralMembersIsReadToItsEnd) {
  read("a.dict.dz", gzipped("one ") + gzipped("two"));
  EXPECT_EQ(found_.texts, Strings{"one two"});
}

TEST_F(Readers, CompressedFilesOfManyPiecesAreReadWhole) {
  std::string text;
  for (int i = 0; i < 200000; ++i) {
    text += std::to_string(i) + ' ';
  }
  read("a.txt.gz", gzipped(text));
  read("b.txt.zst", zstandard(text) + zstandard("!"));
  EXPECT_EQ(found_.texts, (Strings{text, text + "!"}));
}

TEST_F(Readers, ACompressedFileThatIsCutOffIsNamed) {
  const auto expect_named = [&](const std::string& name, const std::string& bytes) {
    const std::string what = error_of([&] { read(name, bytes.substr(0, bytes.size() - 3)); });
    EXPECT_NE(what.find(name + " ends in the middle"), std::string::npos) << what;
  };
  expect_named("a.txt.gz", gzipped("some text"));
  expect_named("a.txt.zst", zstandard("some text"));
}

TEST_F(Readers, DamagedGzipIsNamed) {
  const std::string what = error_of([&] { read("a.txt.gz", "this is no gzip"); });
  EXPECT_NE(what.find("a.txt.gz is not sound gzip data"), std::string::npos) << what;
}

TEST_F(Readers, JsonLinesGiveTheFieldAndTheLine) {
  read("a.jsonl", "{\"text\": \"one\\ntwo\"}\n\n{\"text\": \"\\u00e9\", \"n\": 1}");
  EXPECT_EQ(found_.texts, (Strings{"one\ntwo", "é"}));
  EXPECT_EQ(found_.lines, (std::vector<std::int64_t>{1, 3}));
}

TEST_F(Readers, BadJsonLinesAreReportedWithTheirReason) {
  std::string lines = "{\"body\": \"good\"}\n{broken\n[1]\n{\"text\": \"x\"}\n{\"body\": 3}\n";
  lines += std::string("\0\1\2\n", 4) + "{\"body\": \"too\"}\n";
  read("a.jsonl.gz", gzipped(lines), "body");
  EXPECT_EQ(found_.texts, (Strings{"good", "too"}));
  EXPECT_EQ(found_.reasons,
            (Strings{"2 not JSON",
                     "3 not a JSON object",
                     "4 no such field",
                     "5 the field is not text",
                     "6 binary data"}));
}

TEST_F(Readers, ParquetRowsGiveTheColumnAndNullsAreReported) {
  write_parquet(folder_ / "a.parquet", strings({"one", nullptr, "three", "four", "five"}));
  read_documents(folder_ / "a.parquet", "content", found_);
  EXPECT_EQ(found_.texts, (Strings{"one", "three", "four", "five"}));
  EXPECT_EQ(found_.lines, (std::vector<std::int64_t>{1, 3, 4, 5}));
  EXPECT_EQ(found_.reasons, Strings{"2 no such field"});
}

TEST_F(Readers, ParquetColumnsOfOtherTextTypesAreRead) {
  arrow::StringDictionaryBuilder dictionary;
  arrow::LargeStringBuilder large;
  arrow::StringViewBuilder view;
  ASSERT_TRUE(dictionary.Append("d").ok() && dictionary.Append("d").ok());
  ASSERT_TRUE(large.Append("l").ok() && view.Append("v").ok());
  for (const auto& column : {*dictionary.Finish(), *large.Finish(), *view.Finish()}) {
    write_parquet(folder_ / "a.parquet", column);
    read_documents(folder_ / "a.parquet", "content", found_);
  }
  EXPECT_EQ(found_.texts, (Strings{"d", "d", "l", "v"}));
}

TEST_F(Readers, AParquetColumnOfNumbersIsRefused) {
  arrow::Int64Builder numbers;
  ASSERT_TRUE(numbers.Append(3).ok());
  write_parquet(folder_ / "a.parquet", *numbers.Finish());
  const auto what = error_of([&] { read_documents(folder_ / "a.parquet", "content", found_); });
  EXPECT_NE(what.find("column \"content\" is of type int64, not text"), std::string::npos) << what;
}

TEST_F(Readers, AParquetFileWithoutTheColumnNamesThoseItHas) {
  write_parquet(folder_ / "a.parquet", strings({"one"}));
  const std::string what = error_of([&] { read_documents(folder_ / "a.parquet", "text", found_); });
  EXPECT_NE(what.find("a.parquet has no column \"text\"; it has content"), std::string::npos)
      << what;
}

TEST_F(Readers, WhatIsNoParquetIsNamed) {
  const std::string what =
      error_of([&] { read("a.parquet", "PAR1 but not really, only some bytes"); });
  EXPECT_NE(what.find("a.parquet as Parquet"), std::string::npos) << what;
}

TEST_F(Readers, HtmlLosesTagsScriptsAndEntities) {
  read("a.html",
       "<html><head><title>t</title></head><body><!-- no > --><h1>A &amp; B</h1><script>if (a<b) "
       "{}</script>"
       "<p>One\n  two<br>three &#233;&#x2014;&unknown; 1 < 2</p><PRE>  kept\n   "
       "so</PRE></body></html>");
  EXPECT_EQ(found_.texts, Strings{"A & B\n\nOne two\nthree é—&unknown; 1 < 2\n\n  kept\n   so\n"});
}

TEST_F(Readers, MetamathGivesTheCommentsOfTheoremsAsProse) {
  read("a.mm",
       "$( A file header. $)\n$c |- $.\n$( An axiom. $)\nax-1 $a |- x $.\n"
       "$( Principle of identity, see\n   ~ idALT .  Note that ` ( ph -> ph ) ` holds.\n\n"
       "   Second part.  (Contributed\n   by NM (again), 5-Aug-1993.)  (Proof shortened by\n   "
       "Stefan "
       "Allan, 20-Mar-2006.) $)\n"
       "id $p |- ( ph -> ph ) $= ? $.\n");
  EXPECT_EQ(
      found_.texts,
      Strings{"Principle of identity, see idALT. Note that ( ph -> ph ) holds.\n\nSecond part.\n"});
  EXPECT_EQ(found_.lines, std::vector<std::int64_t>{5});
}

TEST_F(Readers, AFileThatIsNotThereIsNamed) {
  const std::string what =
      error_of([&] { read_documents(folder_ / "absent.txt", "text", found_); });
  EXPECT_NE(what.find("absent.txt: No such file"), std::string::npos) << what;
}

}  // namespace
}  // namespace rq::data
