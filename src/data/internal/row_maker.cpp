#include "data/internal/row_maker.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "data/config.h"

namespace rq::data {
namespace {

using Members = std::vector<std::uint32_t>;  // documents of a folder

// The documents of each bucket; all of them in one where there are no buckets.
std::vector<Members> divided(const TokenFolder& folder, const std::vector<LengthShare>& lengths) {
  std::vector<Members> buckets(std::max<std::size_t>(lengths.size(), 1));
  for (std::int64_t i = 0; i < folder.documents(); ++i) {
    std::size_t bucket = 0;
    if (!lengths.empty()) {
      const auto after =
          std::ranges::upper_bound(lengths, folder.length(i), {}, &LengthShare::from);
      bucket = static_cast<std::size_t>(after - lengths.begin()) - 1;  // the first is from 0
    }
    buckets[bucket].push_back(static_cast<std::uint32_t>(i));
  }
  return buckets;
}

// The item that a point of [0, sum of shares) falls on, shares laid end to end.
template <typename Share>
std::size_t pick(double point, std::size_t count, Share&& share) {
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (share(i) > 0) {
      chosen = i;  // rounding may leave a rest past the last
      if (point < share(i)) {
        break;
      }
    }
    point -= share(i);
  }
  return chosen;
}

}  // namespace

RowMaker::RowMaker(const std::map<std::string, std::filesystem::path>& folders,
                   const LoaderConfig& config)
    : sequence_length_(config.sequence_length),
      columns_(config.sequence_length + config.extra_tokens),
      choice_(config.seed, "data/mixture"),
      length_choice_(config.seed, "data/lengths"),
      has_buckets_(!config.lengths.empty()) {
  for (const auto& [name, path] : folders) {
    folders_.push_back(std::make_shared<const TokenFolder>(path));
    check(folders_.back()->documents() <= INT64_C(0xffffffff),
          "{} holds {} documents; at most 2^32 can be ordered",
          path.string(),
          folders_.back()->documents());
    weights_.push_back(config.weights.at(name));
    total_weight_ += weights_.back();
    add_domain(name, config);
  }
  stream_rows_.resize(streams_.size());
}

void RowMaker::add_domain(const std::string& name, const LoaderConfig& config) {
  const auto domain = static_cast<std::int32_t>(streams_of_.size());
  auto& indices = streams_of_.emplace_back();
  auto buckets = divided(*folders_.back(), config.lengths);
  const auto share = [&](std::size_t bucket) {
    return has_buckets_ ? config.lengths[bucket].share : 1.0;
  };
  double total = 0;  // of those that are not empty: an empty bucket's share is the others'
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    total += buckets[i].empty() ? 0 : share(i);
  }
  check(total > 0,
        "lengths gives no share to any bucket that {} has documents in ({} of them, the shares of "
        "all others are 0)",
        name,
        folders_.back()->documents());
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i].empty()) {
      continue;
    }
    indices.push_back(streams_.size());
    const bool is_aligned = std::ranges::find(config.aligned, name) != config.aligned.end();
    const std::string stream_name =
        has_buckets_ ? fmt::format("{}/from-{}", name, config.lengths[i].from) : name;
    streams_.push_back({.domain = domain,
                        .bucket = i,
                        .share = share(i) / total,
                        .stream = std::make_unique<DomainStream>(
                            stream_name,
                            folders_.back(),
                            std::move(buckets[i]),
                            config.seed,
                            sequence_length_,
                            is_aligned ? Windows::kDocuments : Windows::kApart)});
  }
}

std::size_t RowMaker::choose() {
  const std::size_t domain = pick(choice_.uniform() * total_weight_,
                                  weights_.size(),
                                  [&](std::size_t i) { return weights_[i]; });
  const auto& indices = streams_of_[domain];
  const std::size_t part = has_buckets_
                               ? pick(length_choice_.uniform(),
                                      indices.size(),
                                      [&](std::size_t i) { return streams_[indices[i]].share; })
                               : 0;
  return indices[part];
}

Row RowMaker::next() {
  const std::size_t chosen = choose();
  Row row{.tokens = std::vector<std::int32_t>(static_cast<std::size_t>(columns_)),
          .domain = streams_[chosen].domain,
          .stream = chosen};
  streams_[chosen].stream->read(stream_rows_[chosen]++, row.tokens);
  return row;
}

void RowMaker::seek(const Position& position) {
  stream_rows_ = position.stream_rows;
  choice_.seek(static_cast<std::uint64_t>(position.rows));
  length_choice_.seek(has_buckets_ ? static_cast<std::uint64_t>(position.rows) : 0);
}

}  // namespace rq::data
