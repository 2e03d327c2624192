#include "data/sample_loader.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"

namespace rq::data {
namespace {

std::int64_t length_of(const Sample& sample) {
  return static_cast<std::int64_t>(sample.tokens.size());
}

}  // namespace

SampleLoader::SampleLoader(std::map<std::string, SampleSource> sources,
                           std::int64_t epochs,
                           std::uint64_t seed)
    : sources_(std::move(sources)), epochs_(epochs), seed_(seed) {
  for (std::int64_t epoch = 0; epoch < epochs_; ++epoch) {
    begin_epoch(epoch);
    samples_ += static_cast<std::int64_t>(order_.size());
    for (const Sample* const sample : order_) {
      tokens_ += length_of(*sample);
    }
  }
  check(samples_ > 0, "there is no sample to train on");
  begin_epoch(0);
}

void SampleLoader::begin_epoch(std::int64_t epoch) {
  Rng rng(seed_, fmt::format("data/samples/{}", epoch));
  epoch_ = epoch;
  next_ = 0;
  order_.clear();
  for (const auto& [name, source] : sources_) {
    std::vector<const Sample*> all;
    for (const Sample& sample : source.samples) {
      all.push_back(&sample);
    }
    const auto whole = static_cast<std::int64_t>(std::floor(source.times));
    for (std::int64_t i = 0; i < whole; ++i) {
      order_.insert(order_.end(), all.begin(), all.end());
    }
    rng.shuffle(all);
    const double rest =
        (source.times - static_cast<double>(whole)) * static_cast<double>(all.size());
    order_.insert(order_.end(), all.begin(), all.begin() + std::lround(rest));
  }
  rng.shuffle(order_);
}

std::vector<const Sample*> SampleLoader::next(std::int64_t most_tokens) {
  std::vector<const Sample*> batch;
  std::int64_t held = 0;
  for (;;) {
    if (next_ == order_.size() && epoch_ + 1 < epochs_) {
      begin_epoch(epoch_ + 1);
    }
    if (next_ == order_.size() ||
        (!batch.empty() && held + length_of(*order_[next_]) > most_tokens)) {
      taken_ += held;
      return batch;
    }
    held += length_of(*order_[next_]);
    batch.push_back(order_[next_++]);
  }
}

Json SampleLoader::state() const {
  return {{"seed", seed_},
          {"epochs", epochs_},
          {"tokens", tokens_},
          {"samples", samples_},
          {"epoch", epoch_},
          {"next", next_},
          {"taken", taken_}};
}

void SampleLoader::restore(const Json& state) {
  const Json now = this->state();
  for (const char* const key : {"seed", "epochs", "tokens", "samples"}) {
    check(state.at(key) == now.at(key),
          "the checkpoint is of other samples: {} was {} and is {}",
          key,
          state.at(key).dump(),
          now.at(key).dump());
  }
  begin_epoch(state.at("epoch").get<std::int64_t>());
  next_ = state.at("next").get<std::size_t>();
  taken_ = state.at("taken").get<std::int64_t>();
}

}  // namespace rq::data
