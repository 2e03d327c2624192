#include "data/loader.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "data/internal/domain_stream.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::vector<std::int32_t> tokens;  // [columns]
  std::int32_t domain = 0;
};

// How many rows were taken, in all and from each domain: the whole position.
struct Position {
  std::int64_t rows = 0;
  std::vector<std::int64_t> domain_rows;
};

// Makes rows one after the other. One thread at a time.
class RowMaker {
 public:
  RowMaker(const std::map<std::string, fs::path>& folders, const LoaderConfig& config)
      : sequence_length_(config.sequence_length),
        columns_(config.sequence_length + config.extra_tokens),
        choice_(config.seed, "data/mixture") {
    for (const auto& [name, folder] : folders) {
      streams_.emplace_back(std::make_unique<DomainStream>(name, folder, config.seed));
      weights_.push_back(config.weights.at(name));
      total_weight_ += weights_.back();
    }
  }

  Row next() {
    Row row{.tokens = std::vector<std::int32_t>(static_cast<std::size_t>(columns_)),
            .domain = choose()};
    streams_[static_cast<std::size_t>(row.domain)]->read(row.tokens, sequence_length_);
    return row;
  }

  void seek(const Position& position) {
    choice_.seek(static_cast<std::uint64_t>(position.rows));  // one draw a row
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      streams_[i]->seek(position.domain_rows[i] * sequence_length_);
    }
  }

  const DomainStream& stream(std::size_t domain) const { return *streams_[domain]; }

 private:
  std::int32_t choose() {
    double rest = choice_.uniform() * total_weight_;
    std::int32_t chosen = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (weights_[i] > 0) {
        chosen = static_cast<std::int32_t>(i);  // rounding may leave a rest past the last
        if (rest < weights_[i]) {
          break;
        }
      }
      rest -= weights_[i];
    }
    return chosen;
  }

  std::int64_t sequence_length_, columns_;
  Rng choice_;
  std::vector<std::unique_ptr<DomainStream>> streams_;
  std::vector<double> weights_;
  double total_weight_ = 0;
};

// A thread that keeps a queue of rows filled. Rows come out in the order they were made, so nothing
// depends on its pace.
class ReadAhead {
 public:
  explicit ReadAhead(RowMaker& maker) : maker_(maker) {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }

  Row take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !rows_.empty() || failure_; });
    if (rows_.empty()) {
      std::rethrow_exception(failure_);
    }
    Row row = std::move(rows_.front());
    rows_.pop_front();
    lock.unlock();
    wanted_.notify_one();
    return row;
  }

  // How many rows to have in store.
  void want(std::size_t rows) {
    const std::scoped_lock lock(mutex_);
    capacity_ = std::max(capacity_, rows);
  }

 private:
  void work(const std::stop_token& stop) {
    try {
      while (true) {
        Row row = maker_.next();
        std::unique_lock lock(mutex_);
        if (!wanted_.wait(lock, stop, [&] { return rows_.size() < capacity_; })) {
          return;  // asked to stop
        }
        rows_.push_back(std::move(row));
        lock.unlock();
        ready_.notify_one();
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      failure_ = std::current_exception();
      ready_.notify_one();
    }
  }

  RowMaker& maker_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  std::condition_variable ready_;
  std::deque<Row> rows_;        // under mutex_, as the next two
  std::size_t capacity_ = 64;   // rows
  std::exception_ptr failure_;  // why no more rows come
  std::jthread thread_;         // last: it uses all of the above
};

void check_config(const std::map<std::string, fs::path>& folders, const LoaderConfig& config) {
  check(config.sequence_length > 0, "sequence_length={} is not positive", config.sequence_length);
  check(config.extra_tokens >= 0, "extra_tokens={} is negative", config.extra_tokens);
  double total = 0;
  for (const auto& [name, weight] : config.weights) {
    check(folders.contains(name), "the mixture names \"{}\", which is no data set", name);
    check(weight >= 0 && weight < 1e300, "the mixture's weight of \"{}\" is {}", name, weight);
    total += weight;
  }
  check(total > 0, "the mixture's weights sum to {}", total);
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
    taken.domain_rows.resize(names.size());
  }

  // Ties a state to its data.
  std::string checksum(std::size_t domain) const {
    return hex64(xxh3(maker.stream(domain).folder().manifest().dump()));
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
    ++self.taken.domain_rows[static_cast<std::size_t>(row.domain)];
  }
  return batch;
}

Json Loader::state() const {
  const auto& self = *implementation_;
  Json domains = Json::object();
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    domains[self.names[i]] = {{"rows", self.taken.domain_rows[i]}, {"checksum", self.checksum(i)}};
  }
  return {{"seed", self.config.seed},
          {"sequence_length", self.config.sequence_length},
          {"domains", domains}};
}

void Loader::restore(const Json& state) {
  auto& self = *implementation_;
  constexpr std::string_view kOrigin = "the loader's saved position";
  const auto seed = json_value<std::uint64_t>(state, "seed", 0, kOrigin);
  const auto length = json_value<std::int64_t>(state, "sequence_length", 0, kOrigin);
  const auto domains = json_value<Json>(state, "domains", Json::object(), kOrigin);
  check(seed == self.config.seed,
        "{} is of seed {}, this run's is {}",
        kOrigin,
        seed,
        self.config.seed);
  check(length == self.config.sequence_length,
        "{} is of sequence length {}, this run's is {}",
        kOrigin,
        length,
        self.config.sequence_length);
  check(domains.size() == self.names.size(),
        "{} has {} domains, this run has {}",
        kOrigin,
        domains.size(),
        self.names.size());

  Position position;
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    const std::string& name = self.names[i];
    check(domains.contains(name), "{} lacks the domain \"{}\"", kOrigin, name);
    const auto rows = json_value<std::int64_t>(domains[name], "rows", 0, kOrigin);
    const auto checksum = json_value<std::string>(domains[name], "checksum", "", kOrigin);
    check(rows >= 0, "{} has {} rows of \"{}\"", kOrigin, rows, name);
    check(checksum == self.checksum(i),
          "{} is of other data for \"{}\" (checksum {}, now {})",
          kOrigin,
          name,
          checksum,
          self.checksum(i));
    position.domain_rows.push_back(rows);
    position.rows += rows;
  }
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
    const auto tokens =
        static_cast<double>(self.taken.domain_rows[i] * self.config.sequence_length);
    epochs[self.names[i]] = tokens / static_cast<double>(self.maker.stream(i).epoch_tokens());
  }
  return epochs;
}

std::map<std::string, std::int64_t> Loader::epoch_tokens() const {
  const auto& self = *implementation_;
  std::map<std::string, std::int64_t> tokens;
  for (std::size_t i = 0; i < self.names.size(); ++i) {
    tokens[self.names[i]] = self.maker.stream(i).epoch_tokens();
  }
  return tokens;
}

}  // namespace rq::data
