#include "eval/tables/page.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"

namespace rq::eval {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --pale: #6a737d; --line: #d5dae0; --best: #e4f1e4; --section: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #15181c; --pale: #9aa4ae; --line: #363c43; --best: #1f3a24; --section: #1d2126; } }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.35rem; font-weight: 600; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom; white-space: normal; overflow-wrap: anywhere; max-width: 9rem; }
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
td:nth-child(2) { color: var(--pale); }
tr.section td { text-align: left; font-weight: 600; background: var(--section); color: var(--ink); }
td.best { font-weight: 700; background: var(--best); }
td.level { background: var(--best); }
ul { color: var(--pale); font-size: .85rem; padding-left: 1.1rem; overflow-wrap: anywhere; }
)";

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string html_list(const std::vector<std::string>& lines) {
  std::string text = "<ul>\n";
  for (const std::string& line : lines) {
    text += "<li>" + html_escaped(line) + "</li>\n";
  }
  return text + "</ul>\n";
}

std::string html_page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style></head>\n<body>\n<h1>{}</h1>\n{}</body></html>\n",
      html_escaped(title),
      kStyle,
      html_escaped(title),
      body);
}

}  // namespace rq::eval
