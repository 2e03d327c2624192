#include "reward/internal/compare_output.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/format.h"

namespace rq::reward {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    lines.push_back(line.substr(0, line.find_last_not_of(kBlanks) + 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) {
      return words;
    }
    words.push_back(line.substr(0, line.find_first_of(kBlanks)));
    line.remove_prefix(words.back().size());
  }
}

std::optional<double> number_in(std::string_view word) {
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_whole_word = error == std::errc() && end == word.data() + word.size();
  return is_whole_word && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool is_close(std::string_view written, std::string_view expected, double tolerance) {
  if (written == expected) {
    return true;
  }
  const auto wanted = number_in(expected);
  const auto got = number_in(written);
  return wanted && got && expected.find_first_of(".eE") != std::string_view::npos &&
         std::abs(*got - *wanted) <= tolerance * std::max(1.0, std::abs(*wanted));
}

bool lines_agree(std::string_view written, std::string_view expected, double tolerance) {
  if (written == expected || tolerance <= 0) {
    return written == expected;
  }
  return std::ranges::equal(words_of(written), words_of(expected), [&](auto got, auto wanted) {
    return is_close(got, wanted, tolerance);
  });
}

}  // namespace

std::optional<std::string> difference(std::string_view written,
                                      std::string_view expected,
                                      double tolerance) {
  constexpr std::size_t kShown = 100;  // bytes of a line
  const auto got = lines_of(written);
  const auto wanted = lines_of(expected);
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    if (!lines_agree(got[i], wanted[i], tolerance)) {
      return fmt::format("line {} is \"{}\" and should be \"{}\"",
                         i + 1,
                         got[i].substr(0, kShown),
                         wanted[i].substr(0, kShown));
    }
  }
  if (got.size() != wanted.size()) {
    return fmt::format("{} lines were written instead of {}", got.size(), wanted.size());
  }
  return std::nullopt;
}

}  // namespace rq::reward
