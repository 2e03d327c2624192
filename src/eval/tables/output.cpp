#include "eval/tables/output.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "eval/tables/page.h"
#include "eval/tables/remarks.h"

namespace rq::eval {
namespace {

constexpr std::string_view kOfDifferences =
    "Differences are over the questions that both answered, with the 95 % interval of the "
    "bootstrap over them; same level: 0.3 points at most.";

// Of a table's forms, that of one grid; nothing in JSON.
std::string grid_in(Output output, const Grid& grid) {
  switch (output) {
    case Output::kTerminal:
      return terminal_grid(grid);
    case Output::kMarkdown:
      return markdown_grid(grid);
    case Output::kLatex:
      return latex_grid(grid);
    case Output::kHtml:
      return html_grid(grid);
    case Output::kJson:
      break;
  }
  return {};
}

std::string lines_of(const std::vector<std::string>& lines, std::string_view before) {
  std::string text;
  for (const std::string& line : lines) {
    text.append(before).append(line).append("\n");
  }
  return text;
}

Json to_json(const Interval& interval) {
  return Json::array({interval.low, interval.high});
}

Json to_json(const Cell& cell) {
  if (cell.is_published) {
    return {{"published", cell.value}};
  }
  if (!cell.refusal.empty()) {
    return {{"refused", cell.refusal}};
  }
  Json json = {{"value", cell.estimate ? Json(cell.value) : Json()},
               {"questions", cell.questions},
               {"rows", cell.rows},
               {"unanswered", cell.unanswered}};
  if (cell.unjudged > 0) {
    json["unjudged"] = cell.unjudged;
  }
  if (cell.estimate) {
    json["interval"] = to_json(cell.estimate->interval);
    json["interval_by"] = enum_name(cell.estimate->method);
  }
  if (cell.replies > 0) {
    json["answers"] = cell.replies;
    json["mean_tokens"] = cell.mean_tokens;
    json["cut"] = cell.cut;
    json["without_answer"] = cell.without_answer;
  }
  json["shortened"] = cell.shortened;
  if (cell.in_training) {
    json["in_training"] = *cell.in_training;
  }
  for (std::size_t i = 0; i < cell.by_norm.size(); ++i) {
    if (cell.by_norm[i] >= 0) {
      json["by_norm"][std::string(enum_names(Norm{})[i].second)] = cell.by_norm[i];
    }
  }
  for (const auto& [verdict, share] : cell.verdicts) {
    json["verdicts"][verdict] = share;
  }
  json["making"] = cell.making ? cell.making->as_json() : Json();
  return json;
}

}  // namespace

Output output_of(std::string_view file_name) {
  const std::string ending = std::filesystem::path(file_name).extension().string();
  if (ending == ".md") {
    return Output::kMarkdown;
  }
  if (ending == ".tex") {
    return Output::kLatex;
  }
  if (ending == ".html") {
    return Output::kHtml;
  }
  check(ending == ".json", "{}: a table is written as .md, .tex, .html or .json", file_name);
  return Output::kJson;
}

Json to_json(const Table& table) {
  Json json = {{"columns", Json::array()}, {"rows", Json::array()}};
  for (const TableColumn& column : table.columns) {
    json["columns"].push_back(
        {{"name", column.name},
         {"published", column.source.empty() ? Json() : Json(column.source)}});
  }
  for (const TableRow& row : table.rows) {
    Json line = {{"task", row.task},
                 {"title", row.title},
                 {"section", row.section},
                 {"metric", row.metric},
                 {"shots", row.shots},
                 {"cells", Json::array()}};
    for (const auto& cell : row.cells) {
      line["cells"].push_back(cell ? to_json(*cell) : Json());
    }
    json["rows"].push_back(std::move(line));
  }
  return json;
}

Json to_json(const Comparison& comparison) {
  Json json = {{"a", comparison.a}, {"b", comparison.b}, {"rows", Json::array()}};
  for (const Comparison::Row& row : comparison.rows) {
    json["rows"].push_back({{"title", row.title},
                            {"metric", row.metric},
                            {"questions", row.difference.questions},
                            {"a", row.difference.a},
                            {"b", row.difference.b},
                            {"difference", row.difference.difference.mean},
                            {"interval", to_json(row.difference.difference.interval)},
                            {"a_alone", row.difference.only_a},
                            {"b_alone", row.difference.only_b},
                            {"verdict", verdict_of(comparison, row)}});
  }
  return json;
}

std::string to_text(const Table& table, Output output) {
  return to_text(table, std::vector<Comparison>(), output);
}

std::string to_text(const Table& table, const std::vector<Comparison>& differences, Output output) {
  const Grid scores = score_grid(table), details = detail_grid(table);
  const std::vector<std::string> remarks = remarks_of(table), making = making_of(table);
  const std::string rule = differences.empty() ? "" : std::string(kOfDifferences) + "\n\n";
  std::string below;
  Json json = to_json(table);
  for (const Comparison& one : differences) {
    below += grid_in(output, grid_of(one)) + (output == Output::kHtml ? "" : "\n");
    json["differences"].push_back(to_json(one));
  }
  switch (output) {
    case Output::kTerminal:
      return terminal_grid(scores) + "\n" + lines_of(remarks, "") + "\n" + below + rule +
             terminal_grid(details) + "\n" + lines_of(making, "");
    case Output::kMarkdown:
      return markdown_grid(scores) + "\n" + lines_of(remarks, "- ") + "\n" + below + rule +
             markdown_grid(details) + "\n" + lines_of(making, "- ");
    case Output::kLatex:
      return latex_grid(scores) + lines_of(remarks, "% ") + below + lines_of(making, "% ");
    case Output::kHtml:
      return html_page("Evaluation",
                       html_grid(scores) + html_list(remarks) + below +
                           (below.empty() ? "" : html_list({std::string(kOfDifferences)})) +
                           html_grid(details) + html_list(making));
    case Output::kJson:
      return json.dump(1) + "\n";
  }
  return {};
}

std::string to_text(const Comparison& comparison, Output output) {
  const Grid grid = grid_of(comparison);
  const std::vector<std::string> remarks = {std::string(kOfDifferences)};
  switch (output) {
    case Output::kTerminal:
      return terminal_grid(grid) + "\n" + lines_of(remarks, "");
    case Output::kMarkdown:
      return markdown_grid(grid) + "\n" + lines_of(remarks, "- ");
    case Output::kLatex:
      return latex_grid(grid) + lines_of(remarks, "% ");
    case Output::kHtml:
      return html_page(comparison.a + " beside " + comparison.b,
                       html_grid(grid) + html_list(remarks));
    case Output::kJson:
      return to_json(comparison).dump(1) + "\n";
  }
  return {};
}

}  // namespace rq::eval
