#include "reward/internal/math/lexer.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "reward/internal/math/notation.h"
#include "reward/internal/math/number_text.h"
#include "reward/internal/math/units.h"

namespace rq::reward::math {
namespace {

constexpr int kMostWrappers = 20;         // \text{} within \text{}
constexpr std::size_t kShortestWord = 4;  // letters; fewer are variables side by side
constexpr std::string_view kSpace = " \t\r\n~";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Lexer {
 public:
  Lexer(std::string_view text, Tokens& out, int wrappers)
      : text_(text), out_(out), wrappers_(wrappers) {}

  void run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (kSpace.find(c) != std::string_view::npos) {
        ++at_;
      } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        number();
      } else if (is_letter(c)) {
        letters();
      } else if (c == '\\') {
        command();
      } else if (static_cast<unsigned char>(c) >= 0x80) {
        sign();
      } else {
        symbol();
      }
    }
  }

 private:
  char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  std::string_view rest() const { return text_.substr(at_); }
  bool in_text() const { return wrappers_ > 0; }

  void add(TokenKind kind, std::string_view text) { add({kind, std::string(text)}); }
  void add(Token token) {
    const bool separates = token.is(",") || token.is("or");
    if (separates && !out_.empty() && (out_.back().is(",") || out_.back().is(";"))) {
      out_.pop_back();  // "1, 2, and 3"
    }
    if (token.is("(") || token.is("[") || token.is("\\{")) {
      ++depth_;
    } else if (token.is(")") || token.is("]") || token.is("\\}")) {
      --depth_;
    }
    const bool joins =
        token.kind == TokenKind::kWord && !out_.empty() && out_.back().kind == TokenKind::kWord;
    if (joins) {
      out_.back().text += " " + token.text;
    } else {
      out_.push_back(std::move(token));
    }
  }

  bool follows_value() const {
    if (out_.empty()) {
      return false;
    }
    const Token& last = out_.back();
    return last.kind == TokenKind::kNumber || last.kind == TokenKind::kName || last.is(")") ||
           last.is("}") || last.is("]");
  }

  // "m/s": behind the m of a unit, and behind its "/".
  bool follows_unit() const {
    const std::size_t behind = !out_.empty() && out_.back().is("/") ? 2 : 1;
    return out_.size() >= behind && out_[out_.size() - behind].kind == TokenKind::kWord;
  }

  void number() {
    const NumberText number =
        read_number_text(rest(), depth_ > 0 ? Comma::kSeparates : Comma::kGroups);
    at_ += number.bytes;
    add(TokenKind::kNumber, number.digits);
  }

  void letters() {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) {
      ++at_;
    }
    const std::string_view run = text_.substr(first, at_ - first);
    const bool is_last =
        text_.find_first_not_of(kSpace, at_) == std::string_view::npos || peek(0) == '^';
    const bool is_apart = in_text() || (first > 0 && text_[first - 1] == ' ' && is_last);
    const bool is_unit = !canonical_unit(run).empty() &&
                         ((follows_value() && (run.size() > 1 || is_apart)) || follows_unit());
    if (auto token = find_plain_word(run)) {
      add(std::move(*token));
    } else if (is_unit || (run.size() > 1 && (in_text() || run.size() >= kShortestWord))) {
      add(TokenKind::kWord, run);
    } else {
      for (const char letter : run) {
        add(TokenKind::kName, {&letter, 1});
      }
    }
  }

  void command() {
    if (peek(1) == '\\' && is_letter(peek(2)) && matrices_ == 0) {
      ++at_;  // a backslash written twice
    }
    std::size_t end = ++at_;
    while (end < text_.size() && is_letter(text_[end])) {
      ++end;
    }
    end = std::max(end, std::min(at_ + 1, text_.size()));
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end;
    if (name.empty()) {
      return;  // the last byte
    }
    if (name == "begin" || name == "end") {
      environment(name == "begin");
      return;
    }
    Command command = find_command(name);
    if (command.use == CommandUse::kToken) {
      add(std::move(command.token));
    } else if (command.use == CommandUse::kTextWrapper) {
      wrapper(name);
    } else if (command.use == CommandUse::kSide) {
      side(std::move(command.token));
    } else if (command.use == CommandUse::kUnknown) {
      add(TokenKind::kFunction, "\\" + std::string(name));
    }
  }

  // What stands in the braces at at_, which it goes past; nothing where none stand there.
  std::optional<std::string_view> braced() {
    const auto open = text_.find_first_not_of(kSpace, at_);
    if (open == std::string_view::npos || text_[open] != '{') {
      return std::nullopt;
    }
    int depth = 0;
    for (std::size_t i = open; i < text_.size(); ++i) {
      depth += text_[i] == '{' ? 1 : text_[i] == '}' ? -1 : 0;
      if (depth == 0) {
        at_ = i + 1;
        return text_.substr(open + 1, i - open - 1);
      }
    }
    return std::nullopt;
  }

  void environment(bool begins) {
    const auto name = braced();
    if (!name) {
      add(TokenKind::kFunction, "\\begin");
    } else if (!begins) {
      matrices_ = std::max(0, matrices_ - 1);
      add(TokenKind::kSymbol, "end");
    } else {
      const bool is_matrix = *name == "matrix" || *name == "pmatrix" || *name == "bmatrix" ||
                             *name == "Bmatrix" || *name == "smallmatrix" || *name == "array";
      if (*name == "array") {
        braced();
      }
      ++matrices_;
      add(TokenKind::kFunction, is_matrix ? "matrix" : "\\" + std::string(*name));
    }
  }

  void wrapper(std::string_view name) {
    const auto content = braced();
    if (!content) {
      return;  // "\mathrm x": the next sign stands for itself
    }
    if (name == "mathbb") {
      add(TokenKind::kName, "set " + std::string(*content));
    } else if (wrappers_ < kMostWrappers) {
      Lexer inner(*content, out_, wrappers_ + 1);
      inner.run();
    }
  }

  // After \left or \right: a bar whose side is known; another bracket speaks for itself.
  void side(Token bar) {
    if (peek(0) == '|') {
      ++at_;
      add(std::move(bar));
    } else if (peek(0) == '.') {
      ++at_;
    }
  }

  void sign() {
    std::string latex = superscript();  // all of "10⁻³"
    if (const auto sign = latex.empty() ? find_sign(rest()) : std::nullopt) {
      latex = sign->latex;
      at_ += sign->bytes;
    }
    if (!latex.empty()) {
      Lexer inner(latex, out_, 0);
      inner.run();
      return;
    }
    const std::size_t first = at_++;
    while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xc0) == 0x80) {
      ++at_;
    }
    add(TokenKind::kWord, text_.substr(first, at_ - first));  // a letter of another script
  }

  // Raised signs side by side as one exponent; empty where none stands here.
  std::string superscript() {
    std::string raised;
    while (at_ < text_.size()) {
      const auto sign = find_sign(rest());
      if (!sign || !sign->latex.starts_with('^')) {
        break;
      }
      raised += sign->latex.substr(1);
      at_ += sign->bytes;
    }
    return raised.empty() ? raised : "^{" + raised + "}";
  }

  void symbol() {
    static constexpr std::pair<std::string_view, std::string_view> kPairs[] = {
        {"<=", "<="}, {">=", ">="}, {"!=", "!="}, {"=<", "<="}, {"**", "^"}, {"==", "="}};
    const bool is_factorial = peek(0) == '!' && at_ > 0 && is_digit(text_[at_ - 1]);  // of "5!=120"
    for (const auto& [written, meant] : kPairs) {
      if (rest().starts_with(written) && !is_factorial) {
        at_ += 2;
        add(TokenKind::kSymbol, meant);
        return;
      }
    }
    const char c = text_[at_++];
    if (c == '\'' && !out_.empty() && out_.back().kind == TokenKind::kName) {
      out_.back().text += c;  // the derivative of f
    } else if (std::string_view("$'\"`").find(c) != std::string_view::npos) {
      return;
    } else if (std::string_view("+-*/:^_!%()[]{},;=<>&|").find(c) != std::string_view::npos) {
      add(TokenKind::kSymbol, {&c, 1});
    } else {
      add(TokenKind::kFunction, {&c, 1});
    }
  }

  std::string_view text_;
  Tokens& out_;
  int wrappers_ = 0;
  std::size_t at_ = 0;
  int depth_ = 0;     // of brackets, in which a comma separates elements
  int matrices_ = 0;  // that are open, in which \\ ends a row
};

// Without spaces, bold marks and the end of a sentence.
std::string_view stripped(std::string_view text) {
  constexpr std::string_view kBefore = " \t\r\n*:", kAfter = " \t\r\n*.,;:";
  const auto first = text.find_first_not_of(kBefore);
  if (first == std::string_view::npos) {
    return {};
  }
  const auto last = text.find_last_not_of(kAfter);
  return last < first || last == std::string_view::npos ? std::string_view()
                                                        : text.substr(first, last - first + 1);
}

// The letters of what consists of words alone, else nothing.
std::optional<std::string> words_of(const Tokens& tokens) {
  std::string words;
  for (const Token& token : tokens) {
    if (token.kind != TokenKind::kName && token.kind != TokenKind::kWord) {
      return std::nullopt;
    }
    for (const char c : token.text) {
      if (c != ' ') {
        words += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
  }
  return words.empty() ? std::nullopt : std::optional(words);
}

}  // namespace

Tokens read_tokens(std::string_view answer) {
  Tokens tokens;
  Lexer(stripped(answer), tokens, 0).run();
  return tokens;
}

bool are_same_words(const Tokens& a, const Tokens& b) {
  const auto words = words_of(a);
  return words && words == words_of(b);
}

}  // namespace rq::reward::math
