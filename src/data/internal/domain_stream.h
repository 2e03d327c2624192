#pragma once
// Some documents of a domain as an endless stream of tokens: epoch after epoch, each in an order of
// its own.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/token_shards.h"

namespace rq::data {

// One thread at a time.
class DomainStream {
 public:
  // `members`: which documents of the folder, at least one. Orders depend on name and seed.
  DomainStream(std::string name,
               std::shared_ptr<const TokenFolder> folder,
               std::vector<std::uint32_t> members,
               std::uint64_t seed);

  // Copies the tokens from the position on and moves it by `advance` tokens. REQUIRES 0 <= advance
  // <= to.size().
  void read(std::span<std::int32_t> to, std::int64_t advance);
  // Goes to a position counted in tokens since the first epoch's begin. Walks one epoch's documents
  // at most.
  void seek(std::int64_t position);

  std::int64_t documents() const { return static_cast<std::int64_t>(members_.size()); }
  std::int64_t epoch_tokens() const { return epoch_tokens_; }

 private:
  // A point between two tokens.
  struct Cursor {
    std::int64_t epoch = 0;
    std::int64_t rank = 0;    // in the epoch's order of documents
    std::int64_t offset = 0;  // within the document, in tokens
  };
  // Moves on by one stretch of at most `most` tokens that lies in one document; returns its length.
  std::int64_t step(Cursor& cursor, std::int64_t most);
  std::int64_t document_at(const Cursor& cursor);

  std::string name_;
  std::shared_ptr<const TokenFolder> folder_;  // shared by the streams of a domain
  std::vector<std::uint32_t> members_;
  std::int64_t epoch_tokens_ = 0;
  std::uint64_t seed_;
  Cursor cursor_;
  std::map<std::int64_t, std::vector<std::uint32_t>>
      orders_;  // by epoch, those that a window touches
};

}  // namespace rq::data
