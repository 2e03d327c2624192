#pragma once
// Some documents of a domain as endlessly many rows of tokens: epoch after epoch, the documents of
// each in an order of its own, cut into windows, and the windows handed out in another order yet.
//
// Or each window begins with a document of its own, and goes on with those behind it.
//
// Windows that follow each other hold the same few documents. Handed out one after the other they
// would make a batch of a handful of documents; so a row is any of the windows of a stretch about
// as long as an epoch.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/token_shards.h"

namespace rq::data {

enum class Windows {
  kApart,      // one behind the other, wherever documents end: every token once an epoch
  kDocuments,  // one a document, whose beginning is the window's
};

// One thread at a time.
class DomainStream {
 public:
  // `members`: which documents of the folder, at least one. Orders depend on name and seed.
  DomainStream(std::string name,
               std::shared_ptr<const TokenFolder> folder,
               std::vector<std::uint32_t> members,
               std::uint64_t seed,
               std::int64_t sequence_length,
               Windows windows = Windows::kApart);

  // Copies row `row` >= 0: `sequence_length` tokens and those behind them that `to` has room for,
  // with which another row begins. Any order of rows; quickest when ascending.
  void read(std::int64_t row, std::span<std::int32_t> to);

  std::int64_t documents() const { return static_cast<std::int64_t>(members_.size()); }
  std::int64_t epoch_tokens() const { return epoch_tokens_; }

 private:
  struct Epoch {
    std::vector<std::uint32_t> order = {};  // documents
    std::vector<std::int64_t> starts = {};  // where every kStride-th begins, in tokens
  };
  const Epoch& epoch(std::int64_t index);
  // A place in the documents of all epochs.
  struct Place {
    std::int64_t epoch, rank;  // rank: in the order of the epoch
    std::int64_t offset;       // tokens from the start of that document; may pass its end
  };
  Place place_of(std::int64_t window);
  // The window that a row is; fills `windows_` and forgets epochs that lie before its stretch.
  std::int64_t window_of(std::int64_t row);

  std::string name_;
  std::shared_ptr<const TokenFolder> folder_;  // shared by the streams of a domain
  std::vector<std::uint32_t> members_;
  std::uint64_t seed_;
  std::int64_t sequence_length_;
  Windows kind_;
  std::int64_t epoch_tokens_ = 0;
  std::int64_t stretch_rows_ = 0;  // how many windows are put in another order together
  std::int64_t stretch_ = -1;      // the one that `windows_` is the order of
  std::vector<std::uint32_t> windows_;
  std::map<std::int64_t, Epoch> epochs_;  // those that the stretch touches
};

}  // namespace rq::data
