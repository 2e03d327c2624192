#include "reward/manner.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <utf8proc.h>

namespace rq::reward {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Scripts by the blocks of Unicode that their letters stand in; Japanese kana count as Han, beside
// which they are written. Others are script 0, all together.
struct Block {
  std::int32_t first, last;
  int script;
};
constexpr int kScripts = 11;
constexpr std::array<Block, 19> kBlocks = {{
    {0x41, 0x24F, 1},      {0x1E00, 0x1EFF, 1},  // Latin
    {0x370, 0x3FF, 2},     {0x1F00, 0x1FFF, 2},  // Greek
    {0x400, 0x52F, 3},                           // Cyrillic
    {0x590, 0x5FF, 4},                           // Hebrew
    {0x600, 0x77F, 5},     {0xFB50, 0xFEFF, 5},  // Arabic
    {0x900, 0x97F, 6},                           // Devanagari
    {0xE00, 0xE7F, 7},                           // Thai
    {0x1100, 0x11FF, 8},   {0x3130, 0x318F, 8},  // Hangul
    {0xAC00, 0xD7AF, 8},                         //
    {0x3040, 0x30FF, 9},   {0x3400, 0x4DBF, 9},  // Han
    {0x4E00, 0x9FFF, 9},   {0xF900, 0xFAFF, 9},  //
    {0x20000, 0x323AF, 9},                       //
    {0x980, 0x9FF, 10},                          // Bengali
}};

int script_of(std::int32_t point) {
  for (const Block& block : kBlocks) {
    if (point >= block.first && point <= block.last) {
      return block.script;
    }
  }
  return 0;
}

bool is_letter(std::int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

template <typename Use>
void each_letter(std::string_view text, Use&& use) {
  for (std::size_t at = 0; at < text.size();) {
    std::int32_t point = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                        static_cast<utf8proc_ssize_t>(text.size() - at),
                                        &point);
    if (bytes > 0 && is_letter(point)) {
      use(point);
    }
    at += bytes > 0 ? static_cast<std::size_t>(bytes) : 1;
  }
}

// What is skipped: from one sign to the next of the other.
struct Fence {
  std::string_view begin, end;
};
constexpr std::array<Fence, 5> kFences = {{
    {"```", "```"},
    {"$$", "$$"},
    {"$", "$"},
    {"\\(", "\\)"},
    {"\\[", "\\]"},
}};

// Where what begins at `at` and is no prose ends; `at` itself where it is prose.
std::size_t end_of_skipped(std::string_view text, std::size_t at) {
  for (const Fence& fence : kFences) {
    if (text.substr(at).starts_with(fence.begin)) {
      const std::size_t end = text.find(fence.end, at + fence.begin.size());
      if (end != std::string_view::npos) {
        return end + fence.end.size();
      }
    }
  }
  const auto is_ascii_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  std::size_t end = at;
  if (text[at] == '\\') {
    do {
      ++end;
    } while (end < text.size() && is_ascii_letter(text[end]));
  }
  return end;
}

// Calls use(part) for the parts of a text that are prose.
template <typename Use>
void each_prose(std::string_view text, Use&& use) {
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_skipped(text, at);
    if (end > at) {
      use(text.substr(from, at - from));
      from = at = end;
    } else {
      ++at;
    }
  }
  use(text.substr(from));
}

}  // namespace

bool has_reasoning_form(std::string_view answer) {
  constexpr std::string_view kBegin = "<think>", kEnd = "</think>";
  if (answer.starts_with(kBegin)) {
    answer.remove_prefix(kBegin.size());
  }
  const std::size_t end = answer.find(kEnd);
  if (end == std::string_view::npos || answer.find(kBegin) != std::string_view::npos) {
    return false;
  }
  const std::string_view reasoning = answer.substr(0, end), rest = answer.substr(end + kEnd.size());
  return rest.find(kEnd) == std::string_view::npos && !is_blank(reasoning) && !is_blank(rest);
}

double language_consistency(std::string_view prompt, std::string_view answer) {
  std::bitset<kScripts> expected;
  const auto expect = [&](std::int32_t point) {
    expected.set(static_cast<std::size_t>(script_of(point)));
  };
  each_prose(prompt, [&](std::string_view part) { each_letter(part, expect); });
  double letters = 0, fitting = 0;
  const auto count = [&](std::int32_t point) {
    letters += 1;
    fitting += expected.test(static_cast<std::size_t>(script_of(point))) ? 1 : 0;
  };
  each_prose(answer, [&](std::string_view part) { each_letter(part, count); });
  return letters == 0 || expected.none() ? 1 : fitting / letters;
}

}  // namespace rq::reward
