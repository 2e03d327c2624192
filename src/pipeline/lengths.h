#pragma once
// How long the conversations and problems of a data box are, in tokens, before anything is trained:
// counted on what lies in the box already, or on a few dozen that are drawn as the box draws them.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/config.h"
#include "tokenizer/tokenizer.h"

namespace rq::pipeline {

// Means, with the marks that a chat sets around them.
struct Lengths {
  double question = 0;  // all that stands before the answer
  double answer = 0;    // 0 where there is none
};

// What is there already of what a recipe makes: a run that goes on knows more of what is left.
struct Known {
  struct Box {
    double documents = 0;
    std::optional<Lengths> lengths = {};  // of conversations and problems
  };
  std::map<std::string, Box> boxes = {};  // by name
  std::shared_ptr<const tokenizer::Tokenizer> vocabulary = {};
};

// How texts are counted: by a vocabulary, or where there is none by so many bytes a token.
class TokenCount {
 public:
  TokenCount(std::shared_ptr<const tokenizer::Tokenizer> vocabulary, double bytes_per_token);
  double operator()(std::string_view text) const;
  double of_bytes(double bytes) const { return bytes / bytes_per_token_; }

 private:
  std::shared_ptr<const tokenizer::Tokenizer> vocabulary_;
  double bytes_per_token_;
};

// The mean of these documents; nothing where there are none, or they hold something else.
std::optional<Lengths> lengths_of(std::span<const std::string> documents,
                                  data::Content content,
                                  const TokenCount& count);
// Of a box of problems or continuations; nothing where its files alone can tell.
std::optional<Lengths> drawn_lengths(const data::SourceConfig& source, const TokenCount& count);
// Of problems of these kinds alike, the share whose answers are programs.
double share_of_programs(const std::vector<std::string>& kinds);
// What lies in a box's folder.
Known::Box look_into(const std::filesystem::path& folder,
                     std::optional<data::Content> content,
                     const TokenCount& count);

}  // namespace rq::pipeline
