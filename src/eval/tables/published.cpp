#include "eval/tables/published.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config_node.h"
#include "base/json.h"
#include "eval/tables/embedded_files.h"

namespace rq::eval {
namespace {

PublishedTable read_table(std::string_view text, const std::string& origin) {
  const Json json = parse_json(text, origin);
  PublishedTable table{.name = json_value<std::string>(json, "name", "", origin),
                       .title = json_value<std::string>(json, "title", "", origin),
                       .source = json_value<std::string>(json, "source", "", origin)};
  for (const Json& row : json.at("rows")) {
    PublishedRow& read = table.rows.emplace_back();
    read.task = json_value<std::string>(row, "task", "", origin);
    read.title = json_value<std::string>(row, "title", "", origin);
    read.section = json_value<std::string>(row, "section", "", origin);
    read.metric = json_value<std::string>(row, "metric", "", origin);
    read.shots = json_value<std::int64_t>(row, "shots", 0, origin);
    for (const auto& [model, value] : row.at("values").items()) {
      read.values[model] = value.get<double>();
      if (std::ranges::find(table.models, model) == table.models.end()) {
        table.models.push_back(model);
      }
    }
  }
  return table;
}

}  // namespace

const PublishedRow* PublishedTable::find(std::string_view task) const {
  const auto found = std::ranges::find(rows, task, &PublishedRow::task);
  return found == rows.end() ? nullptr : &*found;
}

const std::vector<PublishedTable>& published_tables() {
  static const std::vector<PublishedTable> tables = [] {
    std::vector<PublishedTable> read;
    for (const EmbeddedFile& file : embedded_files()) {
      if (file.name.ends_with(".json")) {
        read.push_back(read_table(file.bytes, std::string(file.name)));
      }
    }
    return read;
  }();
  return tables;
}

std::vector<PublishedColumn> published_columns(std::string_view name) {
  std::vector<std::string> names;
  for (const PublishedTable& table : published_tables()) {
    names.push_back(table.name);
    std::vector<PublishedColumn> columns;
    for (const std::string& model : table.models) {
      names.push_back(model);
      if (name == model || name == table.name) {
        columns.push_back({table, model});
      }
    }
    if (!columns.empty()) {
      return columns;
    }
  }
  const auto near = nearest(name, names);
  fail("nothing is published here of {}; {}",
       name,
       near ? fmt::format("did you mean {}?", *near)
            : fmt::format("there are {}", fmt::join(names, ", ")));
}

}  // namespace rq::eval
