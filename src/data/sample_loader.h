#pragma once
// Samples in the order of training: epoch by epoch, each in an order of its own that depends on the
// seed alone.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "data/samples.h"

namespace rq::data {

struct SampleSource {
  std::vector<Sample> samples;
  double times = 1;  // that each is seen an epoch; of a fraction, others are drawn each time
};

class SampleLoader {
 public:
  SampleLoader(std::map<std::string, SampleSource> sources,
               std::int64_t epochs,
               std::uint64_t seed);

  // Those that come next: as many as hold `most_tokens` tokens, and at least one. Empty: it is
  // over. They live as long as the loader.
  std::vector<const Sample*> next(std::int64_t most_tokens);

  std::int64_t tokens() const { return tokens_; }    // of all epochs
  std::int64_t taken() const { return taken_; }      // tokens of what was handed out
  std::int64_t samples() const { return samples_; }  // of all epochs

  Json state() const;
  // Throws where the state is of other samples, another seed, or of other counts of epochs.
  void restore(const Json& state);

 private:
  void begin_epoch(std::int64_t epoch);

  std::map<std::string, SampleSource> sources_;
  std::int64_t epochs_;
  std::uint64_t seed_;
  std::int64_t tokens_ = 0, samples_ = 0, taken_ = 0;
  std::int64_t epoch_ = 0;            // the current one
  std::size_t next_ = 0;              // in its order
  std::vector<const Sample*> order_;  // of the current epoch
};

}  // namespace rq::data
