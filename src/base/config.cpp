#include "base/config.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/format.h"

namespace rq {

void Problems::throw_if_any() const {
  if (!sentences_.empty()) {
    throw Error(fmt::format("{}", fmt::join(sentences_, "\n")));
  }
}

namespace {

// Whether `word` stands in `text` between other characters than letters, digits and _; with
// is_alone, not followed by a dot either.
bool has_word(std::string_view text, std::string_view word, bool is_alone) {
  const auto is_inside = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 ||
                               text[i] == '_' || text[i] == '-');
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool is_word = (at == 0 || !is_inside(at - 1)) && !is_inside(end);
    if (is_word && !(is_alone && end < text.size() && text[end] == '.')) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool Problems::is_doubtful(std::string_view path, std::string_view sentence) const {
  return std::any_of(doubtful_.begin(), doubtful_.end(), [&](std::string_view doubtful) {
    const bool is_within = path.empty() || (doubtful.starts_with(path) &&
                                            doubtful.substr(path.size()).starts_with('.'));
    if (!is_within) {
      return false;
    }
    std::string_view keys = doubtful.substr(path.empty() ? 0 : path.size() + 1);
    for (std::size_t dot = keys.find('.'); dot != std::string_view::npos; dot = keys.find('.')) {
      if (has_word(sentence, keys.substr(0, dot), true)) {  // of a table as a whole
        return true;
      }
      keys.remove_prefix(dot + 1);
    }
    return has_word(sentence, keys.substr(0, keys.find('[')), false);
  });
}

namespace internal {

namespace {

// What to write instead: the nearest name, or all of them where none is near.
std::string advice(std::string_view word, const std::vector<std::string>& names) {
  if (const auto name = nearest(word, names)) {
    return fmt::format("did you mean {}?", *name);
  }
  return fmt::format("known: {}", fmt::join(names, ", "));
}

}  // namespace

std::string at(const ConfigNode& node) {
  return node.where.empty() ? "" : node.where + ": ";
}

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::size_t count(const Problems& problems) {
  return problems.size();
}

void report_type(const ConfigNode& node,
                 std::string_view path,
                 std::string_view wanted,
                 Problems& problems) {
  problems.add(fmt::format("{}{} is {}, not {}", at(node), path, describe(node), wanted));
  problems.doubt(std::string(path));
}

void report_name(const ConfigNode& node,
                 std::string_view path,
                 const std::vector<std::string>& names,
                 Problems& problems) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) {
    report_type(node, path, fmt::format("one of the strings {}", fmt::join(names, ", ")), problems);
  } else {
    problems.add(
        fmt::format("{}unknown value {} of {}; {}", at(node), *text, path, advice(*text, names)));
    problems.doubt(std::string(path));
  }
}

void report_missing(const ConfigNode& table,
                    std::string_view path,
                    std::string_view key,
                    Problems& problems) {
  problems.add(
      fmt::format("{}{} lacks the key {}", at(table), path.empty() ? "the top level" : path, key));
  problems.doubt(join(path, key));
}

void report_values(const ConfigNode& table,
                   std::string_view path,
                   const std::vector<std::string>& sentences,
                   std::size_t first,
                   Problems& problems) {
  const std::vector<std::string> told(
      problems.sentences().begin() + static_cast<std::ptrdiff_t>(first),
      problems.sentences().end());
  for (const auto& sentence : sentences) {
    const bool is_told = std::any_of(told.begin(), told.end(), [&](const std::string& other) {
      return other.ends_with(": " + sentence);
    });
    if (!is_told && !problems.is_doubtful(path, sentence)) {
      problems.add(path.empty() ? fmt::format("{}{}", at(table), sentence)
                                : fmt::format("{}{}: {}", at(table), path, sentence));
    }
  }
}

std::optional<std::int64_t> whole_number(const ConfigNode& node) {
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
    return *integer;
  }
  constexpr double kExact =
      9007199254740992;  // 2^53: past it a double may stand for its neighbours
  const auto* number = std::get_if<double>(&node.value);
  if (number != nullptr && std::trunc(*number) == *number && std::abs(*number) <= kExact) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

}  // namespace internal

void check_keys(const ConfigNode& table,
                std::string_view path,
                const std::vector<std::string>& known,
                Problems& problems) {
  const std::size_t before = problems.size();
  for (const auto& [key, node] : table.entries()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      problems.add(fmt::format("{}unknown key {}; {}",
                               internal::at(node),
                               internal::join(path, key),
                               internal::advice(key, known)));
    }
  }
  for (const auto& key : known) {
    if (problems.size() > before && table.find(key) == nullptr) {
      problems.doubt(internal::join(path, key));  // it may be the one that was meant
    }
  }
}

}  // namespace rq
