#include "tokenizer/internal/pre_tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/json.h"
#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

constexpr std::string_view kGpt2Pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

// The digits that a V3-style description groups; nothing where it is of another style.
std::optional<int> v3_digits(const Json& description) {
  constexpr int kMostDigits = 9;
  for (int digits = 1; digits <= kMostDigits; ++digits) {
    if (description == v3_pre_tokenizer(digits)) {
      return digits;
    }
  }
  return std::nullopt;
}

SplitBehavior behavior_of(const std::string& name, std::string_view origin) {
  static const std::map<std::string, SplitBehavior> names = {
      {"Removed", SplitBehavior::kRemoved},
      {"Isolated", SplitBehavior::kIsolated},
      {"MergedWithPrevious", SplitBehavior::kMergedWithPrevious},
      {"MergedWithNext", SplitBehavior::kMergedWithNext},
      {"Contiguous", SplitBehavior::kContiguous},
  };
  const auto found = names.find(name);
  check(found != names.end(), "{}: pre_tokenizer: unknown Split behavior \"{}\"", origin, name);
  return found->second;
}

// The first occurrence of what `pattern` looks for at or after `from`.
struct Finder {
  std::string_view text;
  std::size_t from;
  RegexScratch& scratch;

  std::optional<Regex::Match> operator()(const Regex& regex) const {
    return regex.find(text, from, scratch);
  }
  std::optional<Regex::Match> operator()(const std::string& literal) const {
    const std::size_t at = text.find(literal, from);
    if (literal.empty() || at == std::string_view::npos) {
      return std::nullopt;
    }
    return Regex::Match{at, at + literal.size()};
  }
  template <typename IsNumber>
  std::optional<Regex::Match> operator()(const IsNumber&) const {
    const ClassTable& table = ClassTable::get();
    for (std::size_t at = from; at < text.size();) {
      const CodePoint point = decode_utf8(text.data() + at);
      const std::size_t end = at + static_cast<std::size_t>(point.length);
      if ((table.of(point.value) & kNumber) != 0) {
        return Regex::Match{at, end};
      }
      at = end;
    }
    return std::nullopt;
  }
};

}  // namespace

Json v3_pre_tokenizer(std::int64_t max_digits) {
  const auto split = [](std::string_view pattern) {
    return Json{{"type", "Split"},
                {"pattern", {{"Regex", pattern}}},
                {"behavior", "Isolated"},
                {"invert", false}};
  };
  const Json byte_level = {{"type", "ByteLevel"},
                           {"add_prefix_space", false},
                           {"trim_offsets", true},
                           {"use_regex", false}};
  return {{"type", "Sequence"},
          {"pretokenizers",
           {split(fmt::format("\\p{{N}}{{1,{}}}", max_digits)),
            split(kV3EastAsianPattern),
            split(kV3WordsPattern),
            byte_level}}};
}

PreTokenizer::PreTokenizer(const Json& description, std::string_view origin, Engine engine) {
  check(description.is_object(),
        "{}: pre_tokenizer is missing, so this is not a byte-level BPE",
        origin);
  add(description, origin);
  check(has_byte_level_,
        "{}: pre_tokenizer does not end in ByteLevel, so this is not a byte-level BPE",
        origin);
  if (const auto digits = v3_digits(description); digits && engine == Engine::kFastest) {
    v3_.emplace(*digits);
  }
}

void PreTokenizer::add(const Json& description, std::string_view origin) {
  const auto type = json_value<std::string>(description, "type", "", origin);
  check(!has_byte_level_,
        "{}: pre_tokenizer has {} after ByteLevel, which is not supported",
        origin,
        type);
  if (type == "Sequence") {
    check(description.contains("pretokenizers") && description["pretokenizers"].is_array(),
          "{}: pre_tokenizer: a Sequence has no list \"pretokenizers\"",
          origin);
    for (const Json& part : description["pretokenizers"]) {
      check(part.is_object(), "{}: pre_tokenizer: {} is not an object", origin, part.dump());
      add(part, origin);
    }
  } else if (type == "Split") {
    add_split(description, origin);
  } else if (type == "Digits") {
    const bool is_each = json_value<bool>(description, "individual_digits", false, origin);
    steps_.push_back(
        {IsNumber{}, is_each ? SplitBehavior::kIsolated : SplitBehavior::kContiguous, false});
  } else if (type == "ByteLevel") {
    add_byte_level(description, origin);
  } else {
    fail(
        "{}: pre_tokenizer \"{}\" is not supported; known are Sequence, Split, Digits and "
        "ByteLevel",
        origin,
        type);
  }
}

void PreTokenizer::add_split(const Json& description, std::string_view origin) {
  const auto found = description.find("pattern");
  const bool is_known = found != description.end() && found->is_object() && found->size() == 1 &&
                        (found->contains("Regex") || found->contains("String")) &&
                        found->front().is_string();
  check(is_known,
        "{}: pre_tokenizer: a Split's pattern must be {{\"Regex\": text}} or {{\"String\": text}}",
        origin);
  const auto text = found->front().get<std::string>();
  Step step{IsNumber{},
            behavior_of(json_value<std::string>(description, "behavior", "", origin), origin),
            json_value<bool>(description, "invert", false, origin)};
  if (found->contains("Regex")) {
    step.pattern = Regex(text, fmt::format("{}: pre_tokenizer", origin));
  } else {
    step.pattern = text;
  }
  steps_.push_back(std::move(step));
}

void PreTokenizer::add_byte_level(const Json& description, std::string_view origin) {
  has_byte_level_ = true;
  if (json_value<bool>(description, "add_prefix_space", true, origin)) {
    prefix_before_ = steps_.size();
  }
  if (json_value<bool>(description, "use_regex", true, origin)) {
    steps_.push_back({Regex(kGpt2Pattern, origin), SplitBehavior::kIsolated, false});
  }
}

void PreTokenizer::split_by_steps(std::string_view text, PreTokenizerScratch& scratch) const {
  scratch.prefixed.clear();
  scratch.pieces.assign(text.empty() ? 0 : 1, text);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (prefix_before_ == i) {
      add_prefix_spaces(scratch);
    }
    apply(steps_[i], scratch);
  }
  if (prefix_before_ == steps_.size()) {
    add_prefix_spaces(scratch);
  }
}

void PreTokenizer::add_prefix_spaces(PreTokenizerScratch& scratch) const {
  for (std::string_view& piece : scratch.pieces) {
    if (!piece.starts_with(' ')) {
      piece = scratch.prefixed.emplace_back(" " + std::string(piece));
    }
  }
}

void PreTokenizer::find_spans(const Step& step,
                              std::string_view text,
                              PreTokenizerScratch& scratch) {
  auto& spans = scratch.spans;
  spans.clear();
  std::size_t done = 0, from = 0;
  while (from <= text.size()) {
    const auto match = std::visit(Finder{text, from, scratch.regex}, step.pattern);
    if (!match) {
      break;
    }
    if (match->begin > done) {
      spans.push_back({done, match->begin, step.is_inverted});
    }
    spans.push_back({match->begin, match->end, !step.is_inverted});
    done = from = match->end;
    if (match->begin == match->end) {  // an empty match: go on after the next character
      from +=
          from < text.size() ? static_cast<std::size_t>(decode_utf8(text.data() + from).length) : 1;
    }
  }
  if (done < text.size()) {
    spans.push_back({done, text.size(), step.is_inverted});
  }
}

void PreTokenizer::apply(const Step& step, PreTokenizerScratch& scratch) const {
  using Span = PreTokenizerScratch::Span;
  auto& next = scratch.next;
  next.clear();
  for (const std::string_view text : scratch.pieces) {
    find_spans(step, text, scratch);
    auto& spans = scratch.spans;
    const bool goes_backwards = step.behavior == SplitBehavior::kMergedWithNext;
    if (goes_backwards) {
      std::ranges::reverse(spans);
    }
    const std::size_t first = next.size();
    bool was_match = false;
    for (const Span& span : spans) {
      const std::string_view piece = text.substr(span.begin, span.end - span.begin);
      const bool is_merged = step.behavior == SplitBehavior::kContiguous
                                 ? span.is_match == was_match
                                 : span.is_match && !was_match &&
                                       step.behavior != SplitBehavior::kIsolated &&
                                       step.behavior != SplitBehavior::kRemoved;
      was_match = span.is_match;
      if (is_merged && next.size() > first) {
        std::string_view& last = next.back();
        const char* const begin = std::min(last.data(), piece.data());
        last = {begin, last.size() + piece.size()};
      } else if (step.behavior != SplitBehavior::kRemoved || !span.is_match) {
        next.push_back(piece);
      }
    }
    if (goes_backwards) {
      std::reverse(next.begin() + static_cast<std::ptrdiff_t>(first), next.end());
    }
  }
  std::erase_if(next, [](std::string_view piece) { return piece.empty(); });
  std::swap(scratch.pieces, next);
}

}  // namespace rq::tokenizer
