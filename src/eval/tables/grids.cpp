// A grid as text: for the terminal, Markdown, LaTeX and HTML.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "eval/tables/output.h"
#include "eval/tables/page.h"

namespace rq::eval {
namespace {

// Columns on a screen: characters, East Asian ones two wide.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_wide = byte >= 0xE3 && byte <= 0xED;
    width += (byte & 0xC0) == 0x80 ? 0 : is_wide ? 2 : 1;
  }
  return width;
}

std::string padded(const std::string& text, std::size_t width, std::size_t column) {
  const std::string blanks(width - std::min(width, width_of(text)), ' ');
  return column < 2 ? text + blanks : blanks + text;  // names to the left, figures to the right
}

std::string plain_text(const GridCell& cell) {
  switch (cell.standing) {
    case Standing::kBest:
      return "*" + cell.text;
    case Standing::kLevel:
      return "=" + cell.text;
    default:
      return cell.text;
  }
}

// Columns in which something stands, but for their heads.
std::vector<bool> used_columns(const Grid& grid) {
  std::vector<bool> used(grid.head.size(), false);
  for (const Grid::Row& row : grid.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      used[i] = used[i] || !row.cells[i].text.empty();
    }
  }
  return used;
}

Grid without_empty_columns(const Grid& grid) {
  const std::vector<bool> used = used_columns(grid);
  Grid kept;
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    if (used[i]) {
      kept.head.push_back(grid.head[i]);
    }
  }
  for (const Grid::Row& row : grid.rows) {
    Grid::Row& line = kept.rows.emplace_back();
    line.section = row.section;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (used[i]) {
        line.cells.push_back(row.cells[i]);
      }
    }
  }
  return kept;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string markdown_text(const GridCell& cell) {
  std::string text = cell.text;
  replace_all(text, "|", "\\|");
  return cell.standing == Standing::kBest    ? "**" + text + "**"
         : cell.standing == Standing::kLevel ? "=" + text
                                             : text;
}

std::string latex_text(const GridCell& cell) {
  std::string text = cell.text;
  for (const std::string_view sign : {"%", "_", "&", "#"}) {
    replace_all(text, sign, "\\" + std::string(sign));
  }
  replace_all(text, "±", "$\\pm$");
  replace_all(text, " °", "$^\\circ$");
  replace_all(text, "—", "---");
  return cell.standing == Standing::kBest    ? "\\textbf{" + text + "}"
         : cell.standing == Standing::kLevel ? "\\underline{" + text + "}"
                                             : text;
}

}  // namespace

std::string terminal_grid(const Grid& whole) {
  const Grid grid = without_empty_columns(whole);
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    widths.push_back(width_of(grid.head[i]));
    for (const Grid::Row& row : grid.rows) {
      widths[i] = std::max(widths[i], width_of(plain_text(row.cells[i])));
    }
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], i);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(grid.head);
  for (const Grid::Row& row : grid.rows) {
    text += row.section.empty() ? "" : row.section + "\n";
    std::vector<std::string> cells;
    for (const GridCell& cell : row.cells) {
      cells.push_back(plain_text(cell));
    }
    add(cells);
  }
  return text;
}

std::string markdown_grid(const Grid& whole) {
  const Grid grid = without_empty_columns(whole);
  std::string text = "|";
  std::string rule = "|";
  for (std::size_t i = 0; i < grid.head.size(); ++i) {
    text += fmt::format(" {} |", markdown_text({grid.head[i]}));
    rule += i < 2 ? " --- |" : " ---: |";
  }
  text += "\n" + rule + "\n";
  for (const Grid::Row& row : grid.rows) {
    if (!row.section.empty()) {
      text += fmt::format("| **{}** |", row.section);
      for (std::size_t i = 1; i < grid.head.size(); ++i) {
        text += " |";
      }
      text += "\n";
    }
    text += "|";
    for (const GridCell& cell : row.cells) {
      text += fmt::format(" {} |", markdown_text(cell));
    }
    text += "\n";
  }
  return text;
}

std::string latex_grid(const Grid& whole) {
  const Grid grid = without_empty_columns(whole);
  std::string text = fmt::format("\\begin{{tabular}}{{ll{}}}\n\\toprule\n",
                                 std::string(std::max<std::size_t>(grid.head.size(), 2) - 2, 'r'));
  const auto add = [&](const std::vector<GridCell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += (i == 0 ? "" : " & ") + latex_text(cells[i]);
    }
    text += " \\\\\n";
  };
  std::vector<GridCell> head;
  for (const std::string& name : grid.head) {
    head.push_back({name});
  }
  add(head);
  text += "\\midrule\n";
  for (const Grid::Row& row : grid.rows) {
    if (!row.section.empty()) {
      text += fmt::format("\\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}} \\\\\n",
                          grid.head.size(),
                          latex_text({row.section}));
    }
    add(row.cells);
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

std::string html_grid(const Grid& whole) {
  const Grid grid = without_empty_columns(whole);
  std::string text = "<div class=\"scroll\"><table>\n<tr>";
  for (const std::string& name : grid.head) {
    text += "<th>" + html_escaped(name) + "</th>";
  }
  text += "</tr>\n";
  for (const Grid::Row& row : grid.rows) {
    if (!row.section.empty()) {
      text += fmt::format("<tr class=\"section\"><td colspan=\"{}\">{}</td></tr>\n",
                          grid.head.size(),
                          html_escaped(row.section));
    }
    text += "<tr>";
    for (const GridCell& cell : row.cells) {
      const std::string_view look = cell.standing == Standing::kBest    ? " class=\"best\""
                                    : cell.standing == Standing::kLevel ? " class=\"level\""
                                                                        : "";
      const std::string_view sign = cell.standing == Standing::kLevel ? "=" : "";
      text += fmt::format("<td{}>{}{}</td>", look, sign, html_escaped(cell.text));
    }
    text += "</tr>\n";
  }
  return text + "</table></div>\n";
}

}  // namespace rq::eval
