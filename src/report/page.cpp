// The page of report.h: everything that it needs stands in it.

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/embedded_file.h"
#include "base/json.h"
#include "report/embedded_files.h"
#include "report/internal/escape.h"
#include "report/report.h"

namespace rq::report {
namespace {

std::string_view file(std::string_view name) {
  const auto files = embedded_files();
  const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
  assert(found != files.end());
  return found->bytes;
}

// Puts `words` in place of the one `mark` in `text`.
void put(std::string& text, std::string_view mark, std::string_view words) {
  const std::size_t at = text.find(mark);
  assert(at != std::string::npos);
  text.replace(at, mark.size(), words);
}

// JSON that may stand in a script element: nothing in it can end that element.
std::string embeddable(const Json& report) {
  const std::string plain = report.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(plain.size() + plain.size() / 16);
  for (const char c : plain) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string to_page(const Json& report, PageUse use) {
  std::string scripts;
  constexpr std::array<std::string_view, 6> kScripts = {
      "uPlot.iife.min.js", "dom.js", "plots.js", "tables.js", "training.js", "app.js"};
  for (const std::string_view name : kScripts) {
    scripts += file(name);
    scripts += "\n";
  }
  std::string page(file("index.html"));
  // From the end on: what is put in may hold any text, also that of a mark.
  put(page, "{{scripts}}", scripts);
  put(page, "{{report}}", embeddable(report));
  put(page, "{{use}}", use == PageUse::kServed ? "served" : "file");
  put(page, "{{styles}}", std::string(file("uPlot.min.css")) + std::string(file("style.css")));
  put(page, "{{title}}", escaped(report.value("name", "")));
  return page;
}

}  // namespace rq::report
