// HTML to text: enough for documentation and essays, not a browser.

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "data/internal/byte_stream.h"
#include "data/internal/reader.h"
#include "data/internal/utf8.h"

namespace rq::data {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kEntities = {{
    {"amp", "&"},    {"lt", "<"},    {"gt", ">"},    {"quot", "\""},  {"apos", "'"},
    {"nbsp", " "},   {"mdash", "—"}, {"ndash", "–"}, {"hellip", "…"}, {"lsquo", "‘"},
    {"rsquo", "’"},  {"ldquo", "“"}, {"rdquo", "”"}, {"copy", "©"},   {"reg", "®"},
    {"eacute", "é"}, {"uuml", "ü"},  {"ouml", "ö"},  {"auml", "ä"},   {"middot", "·"},
    {"times", "×"},  {"rarr", "→"},
}};

constexpr std::array<std::string_view, 30> kBlocks = {
    "address", "article", "blockquote", "body", "br",      "dd",    "div", "dl",     "dt", "footer",
    "form",    "h1",      "h2",         "h3",   "h4",      "h5",    "h6",  "header", "hr", "li",
    "main",    "ol",      "p",          "pre",  "section", "table", "td",  "th",     "tr", "ul"};

// Elements whose content is not text.
constexpr std::array<std::string_view, 4> kSilent = {"script", "style", "head", "template"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(
      lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Where `needle` (lower case) next stands in `text` in any case, or npos.
std::size_t find_any_case(std::string_view text, std::string_view needle, std::size_t from) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from),
                                 text.end(),
                                 needle.begin(),
                                 needle.end(),
                                 same);
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

class Stripper {
 public:
  explicit Stripper(std::string_view html) : html_(html) {}

  std::string run() {
    while (at_ < html_.size()) {
      if (html_[at_] == '<') {
        tag();
      } else if (html_[at_] == '&') {
        entity();
      } else {
        put(html_[at_++]);
      }
    }
    while (!text_.empty() && (text_.back() == ' ' || text_.back() == '\n')) {
      text_.pop_back();
    }
    return text_.empty() ? text_ : text_ + '\n';
  }

 private:
  // Runs of white space are one space, but for preformatted text.
  void put(char c) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (preformatted_ > 0 || !is_space) {
      text_ += c;
    } else if (!text_.empty() && text_.back() != ' ' && text_.back() != '\n') {
      text_ += ' ';
    }
  }

  // At most one empty line between blocks.
  void new_line() {
    while (!text_.empty() && text_.back() == ' ') {
      text_.pop_back();
    }
    if (!text_.empty() && !text_.ends_with("\n\n")) {
      text_ += '\n';
    }
  }

  void tag() {
    if (html_.substr(at_).starts_with("<!--")) {
      const std::size_t end = html_.find("-->", at_ + 4);
      at_ = end == std::string_view::npos ? html_.size() : end + 3;
      return;
    }
    const std::size_t end = html_.find('>', at_);
    const bool is_closing = at_ + 1 < html_.size() && html_[at_ + 1] == '/';
    const std::size_t first = at_ + (is_closing ? 2 : 1);
    const bool is_tag = end != std::string_view::npos && first < end &&
                        (std::isalpha(static_cast<unsigned char>(html_[first])) != 0 ||
                         html_[first] == '!' || html_[first] == '?');
    if (!is_tag) {
      put(html_[at_++]);  // a bare "<"
      return;
    }
    std::size_t last = first;
    while (std::isalnum(static_cast<unsigned char>(html_[last])) != 0) {
      ++last;
    }
    at_ = end + 1;
    element(lower_case(html_.substr(first, last - first)), is_closing);
  }

  void element(const std::string& name, bool is_closing) {
    if (!is_closing && std::ranges::find(kSilent, name) != kSilent.end()) {
      const std::size_t end = find_any_case(html_, "</" + name, at_);
      const std::size_t close = end == std::string_view::npos ? end : html_.find('>', end);
      at_ = close == std::string_view::npos ? html_.size() : close + 1;
      return;
    }
    if (name == "pre") {
      preformatted_ = is_closing ? 0 : 1;
    }
    if (std::ranges::find(kBlocks, name) != kBlocks.end()) {
      new_line();
    }
  }

  void entity() {
    const std::size_t end = html_.find(';', at_);
    constexpr std::size_t kLongestEntity = 10;
    if (end == std::string_view::npos || end - at_ > kLongestEntity) {
      put(html_[at_++]);
      return;
    }
    const std::string_view name = html_.substr(at_ + 1, end - at_ - 1);
    const std::string decoded = decode(name);
    if (decoded.empty()) {
      put(html_[at_++]);
      return;
    }
    text_ += decoded;
    at_ = end + 1;
  }

  static std::string decode(std::string_view name) {
    if (name.starts_with('#')) {
      const bool is_hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      name.remove_prefix(is_hexadecimal ? 2 : 1);
      std::uint32_t point = 0;
      const auto parsed =
          std::from_chars(name.data(), name.data() + name.size(), point, is_hexadecimal ? 16 : 10);
      const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == name.data() + name.size();
      return is_whole ? utf8_of(point) : std::string();
    }
    const auto* found =
        std::ranges::find(kEntities, name, &std::pair<std::string_view, std::string_view>::first);
    return found == kEntities.end() ? std::string() : std::string(found->second);
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::string text_;
  int preformatted_ = 0;
};

}  // namespace

std::string html_to_text(std::string_view html) {
  return Stripper(html).run();
}

void read_html(const std::filesystem::path& path, Sink& sink) {
  sink.document(html_to_text(read_all(*open_stream(path))), 1);
}

}  // namespace rq::data
