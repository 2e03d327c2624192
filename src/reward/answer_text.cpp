#include "reward/answer_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <vector>

namespace rq::reward {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::string_view> unless_empty(std::string_view text) {
  text = trimmed(text);
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// Where the digits that end before `end` begin; `end` where none do.
std::size_t begin_of_digits(std::string_view text, std::size_t end) {
  while (end > 0 && is_digit(text[end - 1])) {
    --end;
  }
  return end;
}

// Whether `text` begins with three digits and no fourth.
bool has_three_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size()) == 3;
}

// The length of the \boxed or \fbox that `text` begins with, or 0.
std::size_t box_command(std::string_view text) {
  for (const std::string_view command : {"\\boxed", "\\fbox"}) {
    if (text.starts_with(command) &&
        (text.size() == command.size() || !is_letter(text[command.size()]))) {
      return command.size();
    }
  }
  return 0;
}

// Goes through a text once and keeps the box that was closed last.
class BoxReader {
 public:
  explicit BoxReader(std::string_view text) : text_(text) {}

  std::optional<std::string_view> last() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (const std::size_t length = box_command(text_.substr(at_)); length > 0) {
        open_box(at_ + length);
      } else if (c == '\\') {
        at_ += 2;  // \{ and \} are signs, not braces
      } else {
        brace(c);
        ++at_;
      }
    }
    return unless_empty(answer_);
  }

 private:
  static constexpr std::size_t kNoBox = std::string_view::npos;

  void open_box(std::size_t after_command) {
    at_ = std::min(text_.find_first_not_of(kSpace, after_command), text_.size());
    if (text_.substr(at_).starts_with('{')) {
      open_.push_back(++at_);
    } else {
      const auto end = std::min(text_.find_first_of(" \t\r\n$", at_), text_.size());
      answer_ = text_.substr(at_, end - at_);
      at_ = end;
    }
  }

  void brace(char c) {
    if (c == '{') {
      open_.push_back(kNoBox);
    } else if (c == '}' && !open_.empty()) {
      if (open_.back() != kNoBox) {
        answer_ = text_.substr(open_.back(), at_ - open_.back());
      }
      open_.pop_back();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;  // for each brace that is open: where its box's content begins
  std::string_view answer_;
};

}  // namespace

std::string_view after_thinking(std::string_view text) {
  constexpr std::string_view kEnd = "</think>";
  const auto end = text.rfind(kEnd);
  if (end != std::string_view::npos) {
    return text.substr(end + kEnd.size());
  }
  return text.find("<think>") == std::string_view::npos ? text : "";
}

std::optional<std::string_view> boxed_answer(std::string_view text) {
  return BoxReader(after_thinking(text)).last();
}

std::optional<std::string_view> stated_answer(std::string_view text) {
  text = after_thinking(text);
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  std::size_t begin = 0;
  for (const std::string_view words : {"answer is", "answer:", "answer**:", "answer:**"}) {
    if (const auto at = lower.rfind(words); at != std::string::npos) {
      begin = std::max(begin, at + words.size());
    }
  }
  if (begin == 0) {
    return std::nullopt;
  }
  std::string_view answer = trimmed(first_line(text.substr(begin)));
  if (answer.starts_with(':')) {
    answer.remove_prefix(1);
  }
  if (answer.ends_with('.')) {
    answer.remove_suffix(1);
  }
  return unless_empty(answer);
}

std::optional<std::string_view> hash_answer(std::string_view text) {
  text = after_thinking(text);
  const auto at = text.rfind("####");
  return at == std::string_view::npos ? std::nullopt
                                      : unless_empty(first_line(text.substr(at + 4)));
}

std::optional<std::string_view> last_number(std::string_view text) {
  text = after_thinking(text);
  const auto last = text.find_last_of("0123456789");
  if (last == std::string_view::npos) {
    return std::nullopt;
  }
  text = text.substr(0, last + 1);
  std::size_t first = begin_of_digits(text, text.size());
  if (first > 0 && text[first - 1] == '.') {
    first = begin_of_digits(text, first - 1);
  }
  // "1,234": a comma belongs to the number where three digits follow it.
  while (first > 1 && text[first - 1] == ',' && is_digit(text[first - 2]) &&
         has_three_digits(text.substr(first))) {
    first = begin_of_digits(text, first - 1);
  }
  const bool is_sign = first > 0 && text[first - 1] == '-' &&
                       (first == 1 || (!is_digit(text[first - 2]) && !is_letter(text[first - 2])));
  return text.substr(first - (is_sign ? 1 : 0));
}

}  // namespace rq::reward
