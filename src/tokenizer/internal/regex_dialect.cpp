#include "tokenizer/internal/regex_dialect.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "tokenizer/internal/pcre2_classes.h"
#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Translator {
 public:
  Translator(std::string_view pattern, std::string_view origin)
      : pattern_(pattern), origin_(origin) {}

  std::string translate() {
    while (!at_end()) {
      step();
    }
    return out_;
  }

 private:
  bool at_end() const { return at_ >= pattern_.size(); }
  bool ahead(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  void copy(std::size_t bytes) {
    out_ += pattern_.substr(at_, bytes);
    at_ += bytes;
  }
  [[noreturn]] void refuse(std::string_view what) const {
    fail("{}: the pattern \"{}\" has {}, which is not supported", origin_, pattern_, what);
  }

  void step() {
    switch (pattern_[at_]) {
      case '\\':
        atom_ = out_.size();
        escape(/*in_class=*/false);
        return;
      case '[':
        atom_ = out_.size();
        character_class();
        return;
      case '(':
        open_group();
        return;
      case ')':
        check(!groups_.empty(),
              "{}: the pattern \"{}\" closes a group that is not open",
              origin_,
              pattern_);
        atom_ = groups_.back();
        groups_.pop_back();
        copy(1);
        return;
      case '*':
      case '+':
      case '?':
      case '{':
        quantifier();
        return;
      case '^':
      case '$':
        atom_ = out_.size();
        out_ += "(?m:";
        copy(1);
        out_ += ')';
        return;
      default:
        atom_ = out_.size();
        copy(static_cast<std::size_t>(decode_utf8(pattern_.data() + at_).length));
    }
  }

  void open_group() {
    groups_.push_back(out_.size());
    if (ahead("(?#")) {
      refuse("a comment");
    }
    if (!ahead("(?") || at_ + 2 >= pattern_.size() ||
        (!is_letter(pattern_[at_ + 2]) && pattern_[at_ + 2] != '-')) {
      copy(ahead("(?") ? 2 : 1);  // a plain group, a look-around, (?:, (?> or (?<name>
      return;
    }
    const std::size_t end = pattern_.find_first_of(":)", at_);
    const bool covers_the_rest = end != std::string_view::npos && pattern_[end] == ')';
    if (end == std::string_view::npos || (covers_the_rest && at_ != 0)) {
      refuse("an option amid the pattern");
    }
    for (; at_ < end; ++at_) {
      out_ += pattern_[at_] == 'm' ? 's' : pattern_[at_];
    }
    if (!covers_the_rest) {
      copy(1);
    }
  }

  // The end of a "{n,m}" that starts here; nothing where the brace is a plain character.
  std::optional<std::size_t> interval_end() const {
    const std::size_t end = pattern_.find('}', at_);
    const std::string_view inside =
        end == std::string_view::npos ? "" : pattern_.substr(at_ + 1, end - at_ - 1);
    const bool is_interval = !inside.empty() && inside != "," &&
                             inside.find_first_not_of("0123456789,") == std::string_view::npos;
    return is_interval ? std::optional(end + 1) : std::nullopt;
  }

  void quantifier() {
    if (pattern_[at_] != '{') {
      copy(1);
      if (ahead("?") || ahead("+")) {
        copy(1);
      }
      return;
    }
    const auto end = interval_end();
    if (!end) {
      atom_ = out_.size();
      out_ += "\\{";
      ++at_;
      return;
    }
    const bool is_exact = pattern_.substr(at_, *end - at_).find(',') == std::string_view::npos;
    if (ahead("{,")) {
      out_ += "{0";
      ++at_;
    }
    copy(*end - at_);
    if (ahead("+") || (ahead("?") && is_exact)) {
      out_.insert(atom_, "(?:");
      out_ += ')';
      copy(1);
    } else if (ahead("?")) {
      copy(1);
    }
  }

  // Puts a set of characters, or what is outside it.
  void put_set(std::string_view name, bool negated, bool in_class) {
    const auto set = character_set(name);
    if (!set) {
      out_ += fmt::format("\\{}{{{}}}", negated ? 'P' : 'p', name);  // a script: PCRE2's to know
      return;
    }
    if (in_class) {
      out_ += negated ? spell_ranges(complement(*set)) : spell_class(name, *set);
    } else {
      out_ += fmt::format("[{}{}]", negated ? "^" : "", spell_class(name, *set));
    }
  }

  void property(bool in_class) {
    const bool is_upper = pattern_[at_ + 1] == 'P';
    const std::size_t end = pattern_.find('}', at_);
    if (pattern_.substr(at_ + 2, 1) != "{" || end == std::string_view::npos) {
      refuse("a property without braces");
    }
    std::string_view name = pattern_.substr(at_ + 3, end - at_ - 3);
    const bool has_caret = name.starts_with('^');
    name.remove_prefix(has_caret ? 1 : 0);
    at_ = end + 1;
    put_set(name, is_upper != has_caret, in_class);
  }

  void escape(bool in_class) {
    check(
        at_ + 1 < pattern_.size(), "{}: the pattern \"{}\" ends in a backslash", origin_, pattern_);
    const char letter = pattern_[at_ + 1];
    switch (letter) {
      case 'p':
      case 'P':
        property(in_class);
        return;
      case 's':
      case 'd':
      case 'w':
        at_ += 2;
        put_set(std::string_view(&letter, 1), false, in_class);
        return;
      case 'S':
      case 'D':
      case 'W': {
        at_ += 2;
        const char lower = static_cast<char>(letter - 'A' + 'a');
        put_set(std::string_view(&lower, 1), true, in_class);
        return;
      }
      case 'h':
      case 'H': {
        at_ += 2;
        const CharacterSet digits = {{'0', '9'}, {'A', 'F'}, {'a', 'f'}};
        const std::string set = spell_ranges(letter == 'h' ? digits : complement(digits));
        out_ += in_class ? set : "[" + set + "]";
        return;
      }
      case 'u':
        check(at_ + 6 <= pattern_.size(),
              "{}: the pattern \"{}\" has an unfinished \\u",
              origin_,
              pattern_);
        out_ += fmt::format("\\x{{{}}}", pattern_.substr(at_ + 2, 4));
        at_ += 6;
        return;
      default:
        copy(1);
        copy(static_cast<std::size_t>(decode_utf8(pattern_.data() + at_).length));
    }
  }

  void character_class() {
    copy(1);
    if (ahead("^")) {
      copy(1);
    }
    for (bool is_first = true; !at_end() && (is_first || !ahead("]")); is_first = false) {
      if (ahead("\\")) {
        escape(/*in_class=*/true);
      } else if (ahead("[:")) {
        const std::size_t end = pattern_.find(":]", at_);
        if (end == std::string_view::npos) {
          refuse("an unfinished [:class:]");
        }
        copy(end + 2 - at_);
      } else if (ahead("[")) {
        refuse("a class within a class");
      } else if (ahead("&&")) {
        refuse("an intersection of classes");
      } else {
        copy(static_cast<std::size_t>(decode_utf8(pattern_.data() + at_).length));
      }
    }
    check(!at_end(), "{}: the pattern \"{}\" has a class without its end", origin_, pattern_);
    copy(1);
  }

  std::string_view pattern_, origin_;
  std::size_t at_ = 0;
  std::string out_;
  std::size_t atom_ = 0;             // where in out_ the last atom starts
  std::vector<std::size_t> groups_;  // where in out_ the open groups start
};

}  // namespace

std::string to_pcre2(std::string_view pattern, std::string_view origin) {
  return Translator(pattern, origin).translate();
}

}  // namespace rq::tokenizer
