#include "reward/code_block.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "reward/answer_text.h"
#include "reward/sandbox.h"

namespace rq::reward {
namespace {

enum class Tag { kPython, kCpp, kNone, kOther };

struct Block {
  Tag tag = Tag::kNone;
  std::string text;
};

// What opens or closes a block.
struct Fence {
  std::size_t indent = 0;
  std::string_view sign;  // ``` or longer, or of ~
  std::string_view after;
};

// Cuts the first line off `text`, without its end.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

std::optional<Fence> fence_in(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  const std::string_view rest = line.substr(indent);
  const std::size_t length = std::min(rest.find_first_not_of(rest.substr(0, 1)), rest.size());
  const std::string_view after = rest.substr(length);
  const bool is_fence =
      length >= 3 &&
      (rest[0] == '~' || (rest[0] == '`' && after.find('`') == std::string_view::npos));
  return is_fence ? std::optional<Fence>({indent, rest.substr(0, length), after}) : std::nullopt;
}

bool closes(const Fence& fence, const Fence& opening) {
  return fence.sign.starts_with(opening.sign) &&
         fence.after.find_first_not_of(" \t") == std::string_view::npos;
}

Tag tag_of(std::string_view after) {
  std::string word;
  for (const char c : after) {
    if (c == ' ' && word.empty()) {
      continue;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '+') {
      break;
    }
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  constexpr std::array<std::pair<std::string_view, Tag>, 8> kTags = {{{"", Tag::kNone},
                                                                      {"python", Tag::kPython},
                                                                      {"python3", Tag::kPython},
                                                                      {"py", Tag::kPython},
                                                                      {"cpp", Tag::kCpp},
                                                                      {"c++", Tag::kCpp},
                                                                      {"cxx", Tag::kCpp},
                                                                      {"cc", Tag::kCpp}}};
  const auto* const found =
      std::ranges::find(kTags, word, &std::pair<std::string_view, Tag>::first);
  return found == kTags.end() ? Tag::kOther : found->second;
}

// Reads on to the end of the block, which may be that of the text; lines lose the indentation that
// the block itself has.
Block read_block(std::string_view& text, const Fence& opening) {
  Block block{.tag = tag_of(opening.after), .text = ""};
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (const auto fence = fence_in(line); fence && closes(*fence, opening)) {
      break;
    }
    line.remove_prefix(std::min({opening.indent, line.find_first_not_of(" \t"), line.size()}));
    block.text += line;
    block.text += '\n';
  }
  return block;
}

bool is_preferred(Tag tag, Tag to) {
  const auto rank = [](Tag of) { return of == Tag::kOther ? 0 : of == Tag::kNone ? 1 : 2; };
  return rank(tag) >= rank(to);
}

}  // namespace

Program code_of(std::string_view answer) {
  std::string_view text = after_thinking(answer);
  Block best{.tag = Tag::kNone, .text = std::string(text)};
  bool is_fenced = false;
  while (!text.empty()) {
    if (const auto fence = fence_in(next_line(text))) {
      Block block = read_block(text, *fence);
      if (!is_fenced || is_preferred(block.tag, best.tag)) {
        best = std::move(block);
      }
      is_fenced = true;
    }
  }
  const bool is_cpp = best.tag == Tag::kCpp ||
                      (best.tag == Tag::kNone && best.text.find("#include") != std::string::npos);
  return {.language = is_cpp ? Language::kCpp : Language::kPython, .text = std::move(best.text)};
}

}  // namespace rq::reward
