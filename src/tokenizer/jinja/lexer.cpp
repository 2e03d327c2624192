#include "tokenizer/jinja/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer::jinja {
namespace {

constexpr std::string_view kBlank = " \t", kSpace = " \t\n\r\f\v";

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      read_text();
      if (at_ < text_.size()) {
        read_tag();
      }
    }
    add(Token::Kind::kEnd, "");
    return std::move(tokens_);
  }

 private:
  void add(Token::Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), line_});
  }

  bool is_next(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void advance(std::size_t count) {
    line_ += static_cast<int>(std::ranges::count(text_.substr(at_, count), '\n'));
    at_ += count;
  }

  // Up to the next tag.
  void read_text() {
    std::size_t end = at_;
    const auto is_tag = [&] {
      return text_[end] == '{' && end + 1 < text_.size() &&
             std::string_view("{%#").find(text_[end + 1]) != std::string_view::npos;
    };
    while (end < text_.size() && !is_tag()) {
      ++end;
    }
    std::string_view text = text_.substr(at_, end - at_);
    if (end < text_.size()) {
      text = before_tag(text, text_[end + 1], end + 2 < text_.size() ? text_[end + 2] : ' ');
    } else if (text.ends_with('\n')) {
      text.remove_suffix(1);  // the last newline of a template is not part of it
    }
    if (!text.empty()) {
      add(Token::Kind::kText, std::string(text));
    }
    advance(end - at_);
  }

  // What of the text before a tag stays.
  std::string_view before_tag(std::string_view text, char kind, char mark) const {
    if (mark == '-') {
      return text.substr(0, text.find_last_not_of(kSpace) + 1);
    }
    if (kind == '{' || mark == '+') {
      return text;
    }
    const std::size_t kept = text.find_last_not_of(kBlank) + 1;
    const bool begins_line = kept > 0 ? text[kept - 1] == '\n' : at_ == 0 || text_[at_ - 1] == '\n';
    return begins_line ? text.substr(0, kept) : text;
  }

  void read_comment() {
    const std::size_t end = text_.find("#}", at_ + 2);
    check(end != std::string_view::npos, "line {}: a comment has no end", line_);
    const bool is_trimmed = text_[end - 1] == '-';
    advance(end + 2 - at_);
    after_tag(is_trimmed, true);
  }

  void read_tag() {
    const char kind = text_[at_ + 1];
    if (kind == '#') {
      read_comment();
      return;
    }
    add(Token::Kind::kOpen, kind == '%' ? "{%" : "{{");
    const int line = line_;
    advance(2);
    if (is_next("-") || is_next("+")) {
      advance(1);
    }
    const std::string_view close = kind == '%' ? "%}" : "}}";
    int braces = 0;  // open ones, whose ends are no end of the tag
    for (skip_space(); !ends_tag(close, braces); skip_space()) {
      check(at_ < text_.size(), "line {}: a tag has no end", line);
      braces += is_next("{") ? 1 : is_next("}") ? -1 : 0;
      read_token();
    }
    const bool is_trimmed = is_next("-"), keeps_newline = is_next("+");
    advance(is_trimmed || keeps_newline ? 3 : 2);
    add(Token::Kind::kClose, std::string(close));
    if (kind == '%' && is_raw()) {
      read_raw(is_trimmed);
    } else {
      after_tag(is_trimmed, kind == '%' && !keeps_newline);
    }
  }

  bool ends_tag(std::string_view close, int braces) const {
    const bool has_mark = is_next("-") || is_next("+");
    return has_mark ? text_.substr(at_ + 1).starts_with(close) : is_next(close) && braces == 0;
  }

  void after_tag(bool is_trimmed, bool takes_newline) {
    if (is_trimmed) {
      skip_space();
    } else if (takes_newline && is_next("\n")) {
      advance(1);
    }
  }

  bool is_raw() const {
    const std::size_t count = tokens_.size();
    return count >= 3 && tokens_[count - 3].kind == Token::Kind::kOpen &&
           tokens_[count - 2].text == "raw";
  }

  // Between raw and endraw everything is text.
  void read_raw(bool is_trimmed) {
    tokens_.resize(tokens_.size() - 3);
    after_tag(is_trimmed, true);
    std::size_t end = at_;
    for (;; ++end) {
      end = text_.find("{%", end);
      check(end != std::string_view::npos, "line {}: raw has no endraw", line_);
      std::string_view rest = text_.substr(end + 2);
      rest.remove_prefix(rest.starts_with('-') ? 1 : 0);
      rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
      if (rest.starts_with("endraw")) {
        break;
      }
    }
    add(Token::Kind::kText,
        std::string(before_tag(text_.substr(at_, end - at_), '%', text_[end + 2])));
    const std::size_t close = text_.find("%}", end);
    check(close != std::string_view::npos, "line {}: endraw has no end", line_);
    const bool ends_trimmed = text_[close - 1] == '-';
    advance(close + 2 - at_);
    after_tag(ends_trimmed, true);
  }

  void skip_space() { advance(std::min(text_.find_first_not_of(kSpace, at_), text_.size()) - at_); }

  void read_token() {
    const char c = text_[at_];
    if (c == '\'' || c == '"') {
      read_string(c);
    } else if (is_digit(c)) {
      read_number();
    } else if (is_name(c)) {
      std::size_t end = at_;
      while (end < text_.size() && is_name(text_[end])) {
        ++end;
      }
      add(Token::Kind::kName, std::string(text_.substr(at_, end - at_)));
      advance(end - at_);
    } else {
      read_operator();
    }
  }

  void read_operator() {
    static constexpr std::array<std::string_view, 27> kOperators = {
        "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "(", ")",
        "[",  "]",  "{",  "}",  "<",  ">",  "=", ".", ",", ":", "|", ";", "!"};
    const auto* const found =
        std::ranges::find_if(kOperators, [&](std::string_view each) { return is_next(each); });
    check(found != kOperators.end(),
          "line {}: \"{}\" is no part of an expression",
          line_,
          text_.substr(at_, 1));
    add(Token::Kind::kOperator, std::string(*found));
    advance(found->size());
  }

  void read_number() {
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '_')) {
        ++end;
      }
    };
    digits();
    auto kind = Token::Kind::kInteger;
    if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
      kind = Token::Kind::kFloat;
      ++end;
      digits();
    }
    if (end + 1 < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      const std::size_t sign = text_[end + 1] == '+' || text_[end + 1] == '-' ? 2 : 1;
      if (end + sign < text_.size() && is_digit(text_[end + sign])) {
        kind = Token::Kind::kFloat;
        end += sign;
        digits();
      }
    }
    std::string number(text_.substr(at_, end - at_));
    std::erase(number, '_');
    add(kind, std::move(number));
    advance(end - at_);
  }

  void read_string(char quote) {
    const int line = line_;
    std::string result;
    advance(1);
    for (;;) {
      check(at_ < text_.size(), "line {}: a string has no end", line);
      const char c = text_[at_];
      if (c == quote) {
        break;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        advance(1);
        read_escape(result);
      } else {
        result += c;
        advance(1);
      }
    }
    advance(1);
    add(Token::Kind::kString, std::move(result));
  }

  // Python's escapes; what is none of them keeps its backslash.
  void read_escape(std::string& result) {
    static constexpr std::string_view kLetters = "ntrbfav0\\'\"\n",
                                      kValues("\n\t\r\b\f\a\v\0\\'\"", 11);
    const char c = text_[at_];
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits > 0) {
      const std::string hex(text_.substr(at_ + 1, digits));
      check(hex.size() == digits &&
                std::ranges::all_of(hex,
                                    [](unsigned char digit) { return std::isxdigit(digit) != 0; }),
            "line {}: \"\\{}{}\" is no character",
            line_,
            c,
            hex);
      const auto value = std::stoul(hex, nullptr, 16);
      check(value <= 0x10FFFF, "line {}: \"\\{}{}\" is no character", line_, c, hex);
      append_utf8(static_cast<char32_t>(value), result);
      advance(digits + 1);
      return;
    }
    const std::size_t found = kLetters.find(c);
    if (found == std::string_view::npos) {
      result += '\\';
      result += c;
    } else if (found < kValues.size()) {
      result += kValues[found];
    }
    advance(1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace rq::tokenizer::jinja
