#include "tokenizer/internal/added_tokens.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tokenizer/internal/unicode.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

bool belongs(const CharacterSet& set, char32_t character) {
  const auto after = std::ranges::upper_bound(set, character, {}, &CharacterRange::first);
  return after != set.begin() && character <= std::prev(after)->last;
}

// \w of the regex crate, which decides what a single word is: joiners belong to words.
bool is_word_character(char32_t character) {
  static const CharacterSet words = *character_set("w");
  constexpr char32_t kNonJoiner = 0x200C, kJoiner = 0x200D;
  const bool is_latin1_number =
      character >= 0xB2 && character <= 0xBE && character != 0xB5 && character != 0xBA;
  return (belongs(words, character) && !is_latin1_number) || character == kNonJoiner ||
         character == kJoiner;
}

bool is_space(char32_t character) {
  return (ClassTable::get().of(character) & kSpace) != 0;
}

// The character that ends (or starts) `text`; nothing where there is none or it is not UTF-8.
std::optional<CodePoint> last_character(std::string_view text) {
  const std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 4));
  for (std::size_t skipped = 0; skipped < tail.size(); ++skipped) {
    const std::string_view candidate = tail.substr(skipped);
    if (valid_utf8_prefix(candidate) == candidate.size()) {
      return decode_utf8_before(candidate);
    }
  }
  return std::nullopt;
}

std::optional<CodePoint> first_character(std::string_view text) {
  const std::string_view head = text.substr(0, 4);
  return valid_utf8_prefix(head) > 0 ? std::optional(decode_utf8(head)) : std::nullopt;
}

}  // namespace

void AddedTokenFinder::add(std::string_view text, const AddedToken& token) {
  std::uint32_t at = 0;
  for (const char byte : text) {
    if (const Node* next = child(nodes_[at], byte)) {
      at = static_cast<std::uint32_t>(next - nodes_.data());
    } else {
      const auto made = static_cast<std::uint32_t>(nodes_.size());
      nodes_[at].children.emplace_back(byte, made);
      nodes_.emplace_back();
      at = made;
    }
  }
  nodes_[at].token = static_cast<std::int32_t>(tokens_.size());
  tokens_.push_back(token);
}

const AddedTokenFinder::Node* AddedTokenFinder::child(const Node& node, char byte) const {
  const auto found = std::ranges::find(node.children, byte, &std::pair<char, std::uint32_t>::first);
  return found == node.children.end() ? nullptr : &nodes_[found->second];
}

std::size_t AddedTokenFinder::next_start(std::string_view text, std::size_t from) const {
  const auto& starts = nodes_[0].children;
  if (starts.size() == 1) {
    return text.find(starts[0].first, from);
  }
  while (from < text.size() && child(nodes_[0], text[from]) == nullptr) {
    ++from;
  }
  return from < text.size() ? from : std::string_view::npos;
}

std::optional<AddedTokenFinder::Match> AddedTokenFinder::find(std::string_view text,
                                                              std::size_t from) const {
  if (is_empty()) {
    return std::nullopt;
  }
  for (std::size_t begin = next_start(text, from); begin != std::string_view::npos;
       begin = next_start(text, begin + 1)) {
    std::optional<Match> longest;
    const Node* node = nodes_.data();
    for (std::size_t at = begin; at < text.size(); ++at) {
      node = child(*node, text[at]);
      if (node == nullptr) {
        break;
      }
      if (node->token >= 0) {
        longest = {begin, at + 1, &tokens_[static_cast<std::size_t>(node->token)]};
      }
    }
    if (longest) {
      return longest;
    }
  }
  return std::nullopt;
}

std::optional<AddedTokenFinder::Place> AddedTokenFinder::place_of(const Match& match,
                                                                  std::string_view text,
                                                                  std::size_t done) {
  Place place{match.begin, match.end};
  if (match.token->single_word) {
    const auto before = last_character(text.substr(0, match.begin));
    const auto after = first_character(text.substr(match.end));
    if ((before && is_word_character(before->value)) ||
        (after && is_word_character(after->value))) {
      return std::nullopt;
    }
  }
  if (match.token->lstrip) {
    for (auto c = last_character(text.substr(0, place.begin)); c && is_space(c->value);
         c = last_character(text.substr(0, place.begin))) {
      place.begin -= static_cast<std::size_t>(c->length);
    }
    place.begin = std::max(place.begin, done);
  }
  if (match.token->rstrip) {
    for (auto c = first_character(text.substr(place.end)); c && is_space(c->value);
         c = first_character(text.substr(place.end))) {
      place.end += static_cast<std::size_t>(c->length);
    }
  }
  return place;
}

}  // namespace rq::tokenizer
