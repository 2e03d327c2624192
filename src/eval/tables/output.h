#pragma once
// Tables for people and programs.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "eval/tables/table.h"

namespace rq::eval {

enum class Output { kTerminal, kMarkdown, kLatex, kHtml, kJson };
constexpr std::array<std::pair<Output, std::string_view>, 5> enum_names(Output) {
  return {{{Output::kTerminal, "terminal"},
           {Output::kMarkdown, "markdown"},
           {Output::kLatex, "latex"},
           {Output::kHtml, "html"},
           {Output::kJson, "json"}}};
}

// The one that a file's name asks for: .md, .tex, .html, .json; an Error for others.
Output output_of(std::string_view file_name);

std::string to_text(const Table& table, Output output);
std::string to_text(const Comparison& comparison, Output output);
// A table, and below it how its models differ.
std::string to_text(const Table& table, const std::vector<Comparison>& differences, Output output);

Json to_json(const Table& table);
Json to_json(const Comparison& comparison);

// A grid alone, in each of the forms.
std::string terminal_grid(const Grid& grid);
std::string markdown_grid(const Grid& grid);
std::string latex_grid(const Grid& grid);
std::string html_grid(const Grid& grid);

}  // namespace rq::eval
