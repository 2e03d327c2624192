#pragma once
// Finds added tokens in text: at each place the longest that starts there, from left to right.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/definition.h"

namespace rq::tokenizer {

// Constant after construction.
class AddedTokenFinder {
 public:
  // Adds a token that reads `text` (its content, normalized where it asks for that).
  void add(std::string_view text, const AddedToken& token);
  bool is_empty() const { return tokens_.empty(); }

  // Calls plain(text) and token(id) in the order of the text. Spaces that a token takes up with
  // lstrip and rstrip belong to neither.
  template <typename Plain, typename Token>
  void split(std::string_view text, Plain&& plain, Token&& token) const {
    std::size_t done = 0, from = 0;
    while (const auto match = find(text, from)) {
      from = match->end;
      const auto place = place_of(*match, text, done);
      if (!place) {
        continue;
      }
      if (place->begin > done) {
        plain(text.substr(done, place->begin - done));
      }
      token(match->token->id);
      done = std::max(done, place->end);
    }
    if (done < text.size()) {
      plain(text.substr(done));
    }
  }

 private:
  struct Match {
    std::size_t begin, end;
    const AddedToken* token;
  };
  struct Place {
    std::size_t begin, end;
  };
  struct Node {
    std::vector<std::pair<char, std::uint32_t>> children;  // byte and node
    std::int32_t token = -1;                               // index into tokens_
  };

  std::optional<Match> find(std::string_view text, std::size_t from) const;
  // The match with the spaces it takes up; nothing where it had to be a single word and is none.
  static std::optional<Place> place_of(const Match& match, std::string_view text, std::size_t done);
  const Node* child(const Node& node, char byte) const;
  std::size_t next_start(std::string_view text, std::size_t from) const;

  std::vector<AddedToken> tokens_;
  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace rq::tokenizer
