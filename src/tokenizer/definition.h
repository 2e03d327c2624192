#pragma once
// What a tokenizer.json says, as plain data; made by reading one or by training.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::tokenizer {

// A token that is found in the text before anything is merged.
struct AddedToken {
  std::int32_t id = 0;
  std::string content;
  bool single_word = false;  // only where no word character stands beside it
  bool lstrip = false;       // takes up the spaces before it
  bool rstrip = false;       // takes up the spaces after it
  bool normalized = false;   // is looked for in normalized text
  bool is_special = false;   // control, not text
};

struct Definition {
  // Token and id as the file spells them (byte_alphabet.h), in ascending order of ids.
  std::vector<std::pair<std::string, std::int32_t>> vocabulary;
  // The pairs to merge, first merged first: indices into `vocabulary`.
  struct Merge {
    std::uint32_t left, right, result;
  };
  std::vector<Merge> merges;
  bool ignore_merges =
      false;  // a piece that is in the vocabulary is that token, whatever the merges say
  std::string unk_token;  // stands for bytes outside the vocabulary; empty where they are left out
  bool fuse_unk = false;  // several such bytes in a row give one unk_token
  std::vector<AddedToken> added_tokens;

  // Members as in the file; what is not used is kept for the next file.
  Json truncation, padding, normalizer, pre_tokenizer, post_processor, decoder;
};

// An Error names `origin` and what in the text is wrong or not supported.
Definition parse_definition(std::string_view text, std::string_view origin);
std::string to_json(const Definition& definition);

}  // namespace rq::tokenizer
