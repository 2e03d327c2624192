#include "data/internal/language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::data {
namespace {

struct Style {
  std::string_view endings;  // of file names, each between spaces
  Language language = Language::kOther;
  std::string_view comment_begin = "#";
  std::string_view comment_end = {};
};
constexpr auto kStyles = std::to_array<Style>({
    {.endings = " c cc cpp cxx h hh hpp hxx cu cuh inc ",
     .language = Language::kC,
     .comment_begin = "//"},
    {.endings = " py pyi ", .language = Language::kPython},
    {.endings = " js mjs cjs jsx ts tsx ",
     .language = Language::kJavaScript,
     .comment_begin = "//"},
    {.endings = " java go rs swift kt scala cs php proto ", .comment_begin = "//"},
    {.endings = " lua sql hs ", .comment_begin = "--"},
    {.endings = " el lisp scm ", .comment_begin = ";"},
    {.endings = " tex erl ", .comment_begin = "%"},
    {.endings = " css ", .comment_begin = "/*", .comment_end = " */"},
    {.endings = " html xml md ", .comment_begin = "<!--", .comment_end = " -->"},
});
constexpr Style kOtherStyle = {.endings = {}};
constexpr std::string_view kSpace = " \t\r";

const Style& style_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) {
    return kOtherStyle;
  }
  const std::string ending = " " + std::string(path.substr(dot + 1)) + " ";
  const auto* found = std::ranges::find_if(kStyles, [&](const Style& style) {
    return style.endings.find(ending) != std::string_view::npos;
  });
  return found != kStyles.end() ? *found : kOtherStyle;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// Takes the first line off, without its newline.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Takes `word` off the beginning where it stands there as a whole word.
bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || text.size() == word.size() ||
      (kSpace.find(text[word.size()]) == std::string_view::npos && text[word.size()] != '(')) {
    return false;
  }
  text = trimmed(text.substr(word.size()));
  return true;
}

std::vector<Import> c_includes(std::string_view text) {
  std::vector<Import> imports;
  while (!text.empty()) {
    std::string_view line = trimmed(take_line(text));
    if (!line.starts_with('#')) {
      continue;
    }
    line = trimmed(line.substr(1));
    constexpr std::string_view kInclude = "include";
    if (!line.starts_with(kInclude)) {
      continue;
    }
    line = trimmed(line.substr(kInclude.size()));
    const std::size_t end = line.size() > 1 ? line.find('"', 1) : std::string_view::npos;
    if (line.starts_with('"') && end != std::string_view::npos) {
      imports.push_back({.name = std::string(line.substr(1, end - 1))});
    }
  }
  return imports;
}

// A statement that begins with `line`: lines are joined up to a closing bracket or while a
// backslash ends them. Comments are left out.
std::string python_statement(std::string_view line, std::string_view& rest) {
  constexpr std::size_t kMostBytes = 20'000;  // a bracket that never closes
  std::string statement;
  while (true) {
    line = trimmed(line.substr(0, line.find('#')));
    const bool goes_on = line.ends_with('\\');
    statement.append(goes_on ? line.substr(0, line.size() - 1) : line).append(" ");
    const bool is_open =
        statement.find('(') != std::string::npos && statement.find(')') == std::string::npos;
    if ((!goes_on && !is_open) || rest.empty() || statement.size() > kMostBytes) {
      return statement;
    }
    line = take_line(rest);
  }
}

// "a.b as c, d" -> a.b, d
std::vector<std::string> python_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = trimmed(list.substr(0, comma));
    name = name.substr(0, name.find_first_of(" \t;)"));
    if (!name.empty()) {
      names.emplace_back(name);
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

void add_python_import(std::string_view statement, std::vector<Import>& imports) {
  statement = trimmed(statement);
  if (take_word(statement, "import")) {
    for (auto& name : python_names(statement)) {
      imports.push_back({.name = std::move(name)});
    }
  } else if (take_word(statement, "from")) {
    const std::size_t end = statement.find_first_of(kSpace);
    const std::string name(statement.substr(0, end));
    statement = trimmed(statement.substr(name.size()));
    if (take_word(statement, "import")) {
      statement = trimmed(statement.substr(statement.starts_with('(') ? 1 : 0));
      for (auto& member : python_names(statement)) {
        imports.push_back({.name = name, .member = member == "*" ? "" : std::move(member)});
      }
    }
  }
}

std::vector<Import> python_imports(std::string_view text) {
  std::vector<Import> imports;
  bool is_later = false;  // inside a function or class
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::string_view words = trimmed(line);
    if (words.empty() || words.starts_with('#')) {
      continue;
    }
    if (words.data() == line.data()) {
      constexpr auto kLater = std::to_array<std::string_view>({"def ", "class ", "async ", "@"});
      is_later = std::ranges::any_of(kLater, [&](auto word) { return words.starts_with(word); });
    }
    if (!is_later && (words.starts_with("import ") || words.starts_with("from "))) {
      add_python_import(python_statement(words, text), imports);
    }
  }
  return imports;
}

// Quoted relative paths after `from`, `import`, `import(` or `require(`.
std::vector<Import> javascript_imports(std::string_view text) {
  constexpr auto kBefore =
      std::to_array<std::string_view>({"from", "import", "import(", "require("});
  std::vector<Import> imports;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (trimmed(line).starts_with("//")) {
      continue;
    }
    for (std::size_t at = line.find_first_of("'\""); at != std::string_view::npos;) {
      const std::size_t end = line.find(line[at], at + 1);
      if (end == std::string_view::npos) {
        break;
      }
      const std::string_view path = line.substr(at + 1, end - at - 1);
      const std::string_view before = trimmed(line.substr(0, at));
      const bool is_import =
          std::ranges::any_of(kBefore, [&](auto word) { return before.ends_with(word); });
      if (is_import && (path.starts_with("./") || path.starts_with("../"))) {
        imports.push_back({.name = std::string(path)});
      }
      at = line.find_first_of("'\"", end + 1);
    }
  }
  return imports;
}

}  // namespace

Language language_of(std::string_view path) {
  return style_of(path).language;
}

std::string as_comment(std::string_view path, std::string_view text) {
  const Style& style = style_of(path);
  std::string line(style.comment_begin);
  line.append(" ").append(text).append(style.comment_end).append("\n");
  return line;
}

std::vector<Import> imports_of(Language language, std::string_view text) {
  switch (language) {
    case Language::kC:
      return c_includes(text);
    case Language::kPython:
      return python_imports(text);
    case Language::kJavaScript:
      return javascript_imports(text);
    case Language::kOther:
      break;
  }
  return {};
}

}  // namespace rq::data
