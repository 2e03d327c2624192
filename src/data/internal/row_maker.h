#pragma once
// Rows of tokens from several domains, each perhaps divided by the length of its documents: what
// the loader hands out, one after the other.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "data/internal/domain_stream.h"
#include "data/loader.h"
#include "data/token_shards.h"

namespace rq::data {

struct Row {
  std::vector<std::int32_t> tokens = {};  // [columns]
  std::int32_t domain = 0;
  std::size_t stream = 0;
};

// How many rows were taken, in all and from each stream: the whole position.
struct Position {
  std::int64_t rows = 0;
  std::vector<std::int64_t> stream_rows = {};
};

// A stream of rows: a bucket of a domain that holds any documents; without buckets the whole
// domain.
struct StreamPart {
  std::int32_t domain = 0;
  std::size_t bucket = 0;  // index into LoaderConfig::lengths
  double share = 0;        // of the rows of its domain
  std::unique_ptr<DomainStream> stream = {};
};

// One thread at a time.
class RowMaker {
 public:
  // REQUIRES a sound config, with a weight for each folder. An Error where the buckets that have a
  // share hold no document of a domain.
  RowMaker(const std::map<std::string, std::filesystem::path>& folders, const LoaderConfig& config);

  Row next();
  void seek(const Position& position);

  // In the order of Position::stream_rows: domain by domain, short documents first.
  const std::vector<StreamPart>& streams() const { return streams_; }
  const TokenFolder& folder(std::size_t domain) const { return *folders_[domain]; }
  double weight(std::size_t domain) const { return weights_[domain] / total_weight_; }

 private:
  void add_domain(const std::string& name, const LoaderConfig& config);
  std::size_t choose();

  std::int64_t sequence_length_, columns_;
  Rng choice_, length_choice_;  // one draw a row of each; of the second only with buckets
  bool has_buckets_;
  std::vector<std::shared_ptr<const TokenFolder>> folders_;  // shared by the streams of a domain
  std::vector<double> weights_;
  double total_weight_ = 0;
  std::vector<StreamPart> streams_;
  std::vector<std::int64_t> stream_rows_;             // taken from each
  std::vector<std::vector<std::size_t>> streams_of_;  // by domain: indices into streams_
};

}  // namespace rq::data
