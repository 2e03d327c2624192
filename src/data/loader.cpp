#include "data/loader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/progress.h"
#include "data/config.h"
#include "data/internal/join.h"
#include "data/internal/read_ahead.h"
#include "data/internal/row_maker.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStateOrigin = "the loader's saved position";

void check_config(const std::map<std::string, fs::path>& folders, const LoaderConfig& config) {
  check(config.sequence_length > 0, "sequence_length={} is not positive", config.sequence_length);
  check(config.extra_tokens >= 0, "extra_tokens={} is negative", config.extra_tokens);
  const auto problems = length_problems(config.lengths);
  check(problems.empty(), "{}", join(problems, "; "));
  double total = 0;
  for (const auto& [name, weight] : config.weights) {
    check(folders.contains(name), "the mixture names \"{}\", which is no data set", name);
    check(weight >= 0 && weight < 1e300, "the mixture's weight of \"{}\" is {}", name, weight);
    total += weight;
  }
  check(total > 0, "the mixture's weights sum to {}", total);
  for (const std::string& name : config.aligned) {
    check(folders.contains(name), "aligned names \"{}\", which is no data set", name);
  }
  for (const auto& [name, folder] : folders) {
    check(config.weights.contains(name), "the mixture gives \"{}\" no weight", name);
  }
}

}  // namespace

struct Loader::Implementation {
  Implementation(const std::map<std::string, fs::path>& folders, const LoaderConfig& loader_config)
      : config(loader_config), maker(folders, loader_config) {
    for (const auto& [name, folder] : folders) {
      names.push_back(name);
    }
    taken.stream_rows.resize(maker.streams().size());
  }

  std::int64_t rows_of(std::size_t domain) const {
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < maker.streams().size(); ++i) {
      const bool is_its = maker.streams()[i].domain == static_cast<std::int32_t>(domain);
      rows += is_its ? taken.stream_rows[i] : 0;
    }
    return rows;
  }

  // A bucket's name in a state.
  std::string bucket_name(std::size_t stream) const {
    return std::to_string(config.lengths[maker.streams()[stream].bucket].from);
  }

  Json lengths() const {
    Json buckets = Json::array();
    for (const auto& [from, share] : config.lengths) {
      buckets.push_back({{"from", from}, {"share", share}});
    }
    return buckets;
  }

  // Ties a state to its data.
  std::string checksum(std::size_t domain) const {
    return hex64(xxh3(maker.folder(domain).manifest().dump()));
  }

  // The position that a state's domains tell; throws where they are other data.
  Position position_of(const Json& domains) const {
    Position position;
    for (std::size_t i = 0; i < names.size(); ++i) {
      check(domains.contains(names[i]), "{} lacks the domain \"{}\"", kStateOrigin, names[i]);
      const auto saved = json_value<std::string>(domains[names[i]], "checksum", "", kStateOrigin);
      check(saved == checksum(i),
            "{} is of other data for \"{}\" (checksum {}, now {})",
            kStateOrigin,
            names[i],
            saved,
            checksum(i));
    }
    for (std::size_t i = 0; i < maker.streams().size(); ++i) {
      const std::string& name = names[static_cast<std::size_t>(maker.streams()[i].domain)];
      const Json& domain = domains[name];
      const auto rows =
          config.lengths.empty()
              ? json_value<std::int64_t>(domain, "rows", 0, kStateOrigin)
              : json_value<std::int64_t>(
                    json_value<Json>(domain, "rows_by_length", Json::object(), kStateOrigin),
                    bucket_name(i),
                    0,
                    kStateOrigin);
      check(rows >= 0, "{} has {} rows of \"{}\"", kStateOrigin, rows, name);
      position.stream_rows.push_back(rows);
      position.rows += rows;
    }
    return position;
  }

  LoaderConfig config;
  std::vector<std::string> names;
  Position taken;  // by the caller
  RowMaker maker;  // used by read_ahead's thread while there is one
  std::unique_ptr<ReadAhead> read_ahead;
};

Loader::Loader(const std::map<std::string, fs::path>& token_folders, const LoaderConfig& config) {
  check_config(token_folders, config);
  implementation_ = std::make_unique<Implementation>(token_folders, config);
  implementation_->read_ahead = std::make_unique<ReadAhead>(implementation_->maker);
}

Loader::~Loader() = default;

Batch Loader::next(std::int64_t rows) {
  check(rows > 0, "a batch of {} rows was asked for", rows);
  auto& self = *implementation_;
  Batch batch{.rows = rows,
              .columns = self.config.sequence_length + self.config.extra_tokens,
              .tokens = {},
              .domains = {}};
  batch.tokens.reserve(static_cast<std::size_t>(rows * batch.columns));
  self.read_ahead->want(static_cast<std::size_t>(2 * rows));
  for (std::int64_t i = 0; i < rows; ++i) {
    const Row row = self.read_ahead->take();
    batch.tokens.insert(batch.tokens.end(), row.tokens.begin(), row.tokens.end());
    batch.domains.push_back(row.domain);
    ++self.taken.rows;
    ++self.taken.stream_rows[row.stream];
  }
  return batch;
}

Json Loader::state() const {
  const auto& self = *implementation_;
  Json domains = Json::object();
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    domains[self.names[i]] = {{"rows", self.rows_of(i)}, {"checksum", self.checksum(i)}};
  }
  Json state = {{"seed", self.config.seed}, {"sequence_length", self.config.sequence_length}};
  if (!self.config.lengths.empty()) {
    state["lengths"] = self.lengths();
    for (std::size_t i = 0; i < self.taken.stream_rows.size(); ++i) {
      const auto domain = static_cast<std::size_t>(self.maker.streams()[i].domain);
      domains[self.names[domain]]["rows_by_length"][self.bucket_name(i)] =
          self.taken.stream_rows[i];
    }
  }
  state["domains"] = std::move(domains);
  return state;
}

void Loader::restore(const Json& state) {
  auto& self = *implementation_;
  const auto seed = json_value<std::uint64_t>(state, "seed", 0, kStateOrigin);
  const auto length = json_value<std::int64_t>(state, "sequence_length", 0, kStateOrigin);
  check(seed == self.config.seed,
        "{} is of seed {}, this run's is {}",
        kStateOrigin,
        seed,
        self.config.seed);
  check(length == self.config.sequence_length,
        "{} is of sequence length {}, this run's is {}",
        kStateOrigin,
        length,
        self.config.sequence_length);
  const auto lengths = json_value<Json>(state, "lengths", Json::array(), kStateOrigin);
  check(lengths == self.lengths(),
        "{} is of the length buckets {}, this run's are {}",
        kStateOrigin,
        lengths.dump(),
        self.lengths().dump());
  const auto domains = json_value<Json>(state, "domains", Json::object(), kStateOrigin);
  check(domains.size() == self.names.size(),
        "{} has {} domains, this run has {}",
        kStateOrigin,
        domains.size(),
        self.names.size());
  Position position = self.position_of(domains);
  self.read_ahead.reset();  // stops its thread
  self.maker.seek(position);
  self.taken = std::move(position);
  self.read_ahead = std::make_unique<ReadAhead>(self.maker);
}

const std::vector<std::string>& Loader::domains() const {
  return implementation_->names;
}

std::map<std::string, double> Loader::epochs() const {
  const auto& self = *implementation_;
  std::map<std::string, double> epochs;
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    const auto tokens = static_cast<double>(self.rows_of(i) * self.config.sequence_length);
    epochs[self.names[i]] = tokens / static_cast<double>(self.maker.folder(i).tokens());
  }
  return epochs;
}

std::map<std::string, std::int64_t> Loader::epoch_tokens() const {
  const auto& self = *implementation_;
  std::map<std::string, std::int64_t> tokens;
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    tokens[self.names[i]] = self.maker.folder(i).tokens();
  }
  return tokens;
}

std::vector<LengthBucket> Loader::buckets() const {
  const auto& self = *implementation_;
  const auto& lengths = self.config.lengths;
  const std::size_t count = std::max<std::size_t>(lengths.size(), 1);
  std::vector<LengthBucket> buckets;
  for (const auto& name : self.names) {
    for (std::size_t i = 0; i < count; ++i) {
      buckets.push_back({.domain = name,
                         .from = lengths.empty() ? 0 : lengths[i].from,
                         .to = i + 1 < lengths.size() ? lengths[i + 1].from : 0});
    }
  }
  for (std::size_t i = 0; i < self.maker.streams().size(); ++i) {
    const StreamPart& part = self.maker.streams()[i];
    const auto domain = static_cast<std::size_t>(part.domain);
    LengthBucket& bucket = buckets[domain * count + part.bucket];
    bucket.documents = part.stream->documents();
    bucket.tokens = part.stream->epoch_tokens();
    bucket.share = self.maker.weight(domain) * part.share;
    bucket.rows = self.taken.stream_rows[i];
  }
  return buckets;
}

std::string line_of(const LengthBucket& bucket) {
  const std::string range = bucket.to == 0
                                ? fmt::format("{} tokens and more", bucket.from)
                                : fmt::format("{} to {} tokens", bucket.from, bucket.to - 1);
  return fmt::format("{}, {}: {} documents, {} tokens, {:.1f} % of the rows",
                     bucket.domain,
                     range,
                     bucket.documents,
                     format_count(static_cast<double>(bucket.tokens)),
                     100 * bucket.share);
}

}  // namespace rq::data
