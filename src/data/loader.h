#pragma once
// Rows of training tokens from several domains, in an order that depends on the seed alone.
//
//   const LoaderConfig config{
//       .sequence_length = 256, .extra_tokens = 2, .weights = {{"prose", 0.7}, {"code", 0.3}}};
//   Loader loader({{"prose", run / "tokens/prose"}, {"code", run / "tokens/code"}}, config);
//   const Batch batch = loader.next(16);
//   const Json position = loader.state();  // who restores it gets the rows after this batch
//
// Each row belongs to a domain drawn by weight and is a window of that domain's stream: all its
// documents in an order drawn anew for each epoch, one after the other, packed without masks
// between them. The windows of an epoch are handed out in an order drawn too, each once, so that a
// batch holds many documents. With `lengths` a domain's documents are divided by their length, each
// bucket is a stream of its own, and a row's bucket is drawn by its share; a bucket that is empty
// leaves its share to the domain's others in proportion. Windows start `sequence_length` apart; the
// `extra_tokens` after them are the targets of the last positions, and are seen again at the start
// of another window.
//
// Two tokens of a document that are almost a row apart hardly ever stand in one window, and what
// stands at a document's start hardly ever at a window's. Where that matters, a domain is
// `aligned`: each of its rows begins with another of its documents, which goes on with those behind
// it where it is shorter, and is cut where it is longer.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "data/config.h"

namespace rq::data {

struct LoaderConfig {
  std::int64_t sequence_length = 0;            // tokens that a row trains on
  std::int64_t extra_tokens = 1;               // targets past the end: 1 + MTP depth
  std::map<std::string, double> weights = {};  // by domain; scaled to sum to 1
  std::uint64_t seed = 1;
  std::vector<LengthShare> lengths = {};  // buckets of documents (config.h); none: all are alike
  std::vector<std::string> aligned = {};  // domains whose rows begin with a document
};

struct Batch {
  std::int64_t rows = 0, columns = 0;      // columns = sequence_length + extra_tokens
  std::vector<std::int32_t> tokens = {};   // [rows, columns], row-major
  std::vector<std::int32_t> domains = {};  // [rows]: index into Loader::domains()
};

// The documents of one domain and length, and what they are of the rows.
struct LengthBucket {
  std::string domain = {};
  std::int64_t from = 0, to = 0;  // tokens of a document: from <= length < to; `to` 0: no end
  std::int64_t documents = 0, tokens = 0;  // that it holds
  double share = 0;                        // of all rows, that are drawn from it
  std::int64_t rows = 0;                   // that were taken from it
};
// "prose, 2048 to 16383 tokens: 120 documents, 1.2M tokens, 31.5 % of the rows"
std::string line_of(const LengthBucket& bucket);

// One thread may use a Loader at a time; a thread of its own reads ahead.
class Loader {
 public:
  // Domains are the keys of `token_folders` (tokenize.h). Throws where a weight lacks a folder, a
  // folder a weight, a folder's checksum fails, or no bucket with a share has documents of a
  // domain.
  Loader(const std::map<std::string, std::filesystem::path>& token_folders,
         const LoaderConfig& config);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next `rows` rows. Reading in pieces of any size gives the same rows.
  Batch next(std::int64_t rows);

  // What the caller has taken so far, not what was read ahead.
  Json state() const;
  // Continues after state(); throws where that state is of other domains, other data, another seed,
  // sequence length, or other buckets.
  void restore(const Json& state);

  // Names in the order that Batch::domains indexes.
  const std::vector<std::string>& domains() const;
  // How often each domain's documents were gone through; 1.5 is once and a half.
  std::map<std::string, double> epochs() const;
  // Tokens that one epoch of each domain holds.
  std::map<std::string, std::int64_t> epoch_tokens() const;
  // Every bucket of every domain, empty ones too, domain by domain; without `lengths` one a domain.
  std::vector<LengthBucket> buckets() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;  // keeps threads out of this header
};

}  // namespace rq::data
