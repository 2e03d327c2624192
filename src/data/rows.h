#pragma once
// Rows of the files that data sets are published in, each as one JSON object with the place where
// it stands: lines of JSON, JSON documents, tables of comma- or tab-separated values, plain texts.
//
//   const auto rows = read_rows("data/mmlu", {.files = {"test/*.csv"}, .columns = {"question",
//   "A"}}); rows[0].origin;  // "data/mmlu/test/anatomy_test.csv:1"
//
// Files may be compressed (.gz, .zst). Each row also gets the members `file_folder` and
// `file_stem`: "test" and "anatomy_test", of the path below the folder.

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::data {

enum class RowFormat { kByName, kLines, kDocument, kCommas, kTabs, kText };
constexpr std::array<std::pair<RowFormat, std::string_view>, 6> enum_names(RowFormat) {
  return {{{RowFormat::kByName, "by-name"},  // .jsonl, .json, .csv, .tsv; others are text
           {RowFormat::kLines, "jsonl"},     // an object a line
           {RowFormat::kDocument, "json"},   // a list of objects, or one object, or `rows` of it
           {RowFormat::kCommas, "csv"},      // RFC 4180
           {RowFormat::kTabs, "tsv"},        //
           {RowFormat::kText, "text"}}};     // a row a file, with the one member "text"
}

struct RowSource {
  std::vector<std::string> files = {};  // globs below the folder; read in the order of their paths
  RowFormat format = RowFormat::kByName;
  // Of a document: the members on the way to its rows, "data.paragraphs.qas"; each list on the way
  // is gone through, and what stands beside the next member on the way is kept in each row below.
  // "*" is any member, whose name is kept as `key`; a number is a place in a list, whose others are
  // kept as `beside`.
  std::string rows = {};
  // Lists of the same length: a row is made of each place in them.
  std::vector<std::string> spread = {};
  std::vector<std::string> columns = {};  // of tables without a line of names
  std::string labels = {};  // a file with a line for each row, its member "label"; "" for none

  template <typename Visit>
  void each(Visit&& visit) {
    visit("files", files);
    visit("format", format);
    visit("rows", rows);
    visit("spread", spread);
    visit("columns", columns);
    visit("labels", labels);
  }
};

struct Row {
  Json members;
  std::string origin;  // "file.jsonl:12"
};

// An Error names the file, and the line where there is one, of what is missing or malformed.
std::vector<Row> read_rows(const std::filesystem::path& folder, const RowSource& source);

}  // namespace rq::data
