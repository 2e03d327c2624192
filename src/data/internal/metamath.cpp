// Metamath databases: the comment before a theorem ("$( … $) label $p …") says in English what it
// states. Its markup (Metamath book §4.4.2) is taken away: "~" before labels, backquotes around
// formulas, and the notes of who contributed what.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "data/internal/byte_stream.h"
#include "data/internal/reader.h"

namespace rq::data {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::array<std::string_view, 6> kNotes = {"(Contributed by",
                                                    "(Revised by",
                                                    "(Proof shortened by",
                                                    "(New usage is",
                                                    "(Proof modification is",
                                                    "(Moved"};

// The word at `at` of `text`, and where it ends; empty at the end of the text.
struct Word {
  std::string_view text;
  std::size_t end = 0;
};
Word word_at(std::string_view text, std::size_t at) {
  const std::size_t first = std::min(text.find_first_not_of(kSpaces, at), text.size());
  const std::size_t end = std::min(text.find_first_of(kSpaces, first), text.size());
  return {text.substr(first, end - first), end};
}

// Where the parenthesis at `open` is closed, past it.
std::size_t past_parenthesis(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// The words with single spaces between them.
std::string one_line(std::string_view text) {
  std::string line;
  for (Word word = word_at(text, 0); !word.text.empty(); word = word_at(text, word.end)) {
    line.append(line.empty() ? "" : " ").append(word.text);
  }
  return line;
}

// One paragraph of a comment, without markup.
std::string clean_paragraph(std::string_view paragraph) {
  const std::string line = one_line(paragraph);
  const std::string_view text = line;
  std::string clean;
  bool is_formula = false, is_label = false, is_after_markup = false;
  for (std::size_t at = 0; at < text.size(); at = std::min(at + 1, text.size())) {
    const std::string_view rest = text.substr(at);
    if (std::ranges::any_of(kNotes, [&](auto note) { return rest.starts_with(note); })) {
      at = past_parenthesis(text, at);
      continue;
    }
    const Word word = word_at(text, at);
    at = word.end;
    if (word.text == "~" || word.text == "`") {
      is_label = word.text == "~";
      is_formula = is_formula != (word.text == "`");
      is_after_markup = word.text == "`" && !is_formula;
      continue;
    }
    // "~ label ." has a space before the full stop so that the label ends; it goes with the mark.
    const bool joins =
        is_after_markup && word.text.find_first_not_of(".,;:)") == std::string_view::npos;
    clean += clean.empty() || joins ? "" : " ";
    clean += word.text == "``" ? "`" : word.text;
    is_after_markup = std::exchange(is_label, false);
  }
  return clean;
}

// Empty for the few comments that are tables in HTML.
std::string clean_comment(std::string_view comment) {
  std::string clean;
  if (comment.find("<HTML>") != std::string_view::npos) {
    return clean;
  }
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find("\n\n"), comment.size());
    const std::string paragraph = clean_paragraph(comment.substr(0, end));
    if (!paragraph.empty()) {
      clean += (clean.empty() ? "" : "\n") + paragraph + '\n';
    }
    comment.remove_prefix(std::min(end + 2, comment.size()));
  }
  return clean;
}

}  // namespace

void read_metamath(const std::filesystem::path& path, Sink& sink) {
  const std::string all = read_all(*open_stream(path));
  const std::string_view text = all;
  std::int64_t line = 1;
  std::size_t counted = 0;
  for (std::size_t open = text.find("$("); open != std::string_view::npos;
       open = text.find("$(", open)) {
    const std::size_t close = text.find("$)", open + 2);
    line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                       text.begin() + static_cast<std::ptrdiff_t>(open),
                       '\n');
    counted = open;
    if (close == std::string_view::npos) {
      sink.bad(line, "a comment without an end", text.substr(open));
      return;
    }
    const Word label = word_at(text, close + 2);
    if (word_at(text, label.end).text == "$p") {
      const std::string document = clean_comment(text.substr(open + 2, close - open - 2));
      if (!document.empty()) {
        sink.document(document, line);
      }
    }
    open = close + 2;
  }
}

}  // namespace rq::data
