#include "data/tokenize.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/signals.h"
#include "base/threads.h"
#include "data/internal/augment.h"
#include "data/internal/config_json.h"
#include "data/internal/manifest.h"
#include "data/store.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFormatVersion = 1;     // raised when the same input would give other tokens
constexpr std::int64_t kWaveBytes = 16 << 20;  // text that is tokenized before it is written

// One document's tokens and what became of it.
struct Tokens {
  std::vector<std::int32_t> ids;
  Augmented augmented;
};

// Tokenizes documents [first, first + results.size()).
void tokenize_wave(const DocumentStore& store,
                   const Augmenter& augmenter,
                   std::int64_t first,
                   int threads,
                   std::span<Tokens> results) {
  for_each_index(results.size(), threads, [&](std::size_t i) {
    results[i].augmented =
        augmenter.append(store[first + static_cast<std::int64_t>(i)], results[i].ids);
  });
}

// Writes documents of tokens into one shard after the other.
class ShardsWriter {
 public:
  ShardsWriter(fs::path folder, const ShardConfig& config, bool is_narrow)
      : folder_(std::move(folder)),
        shard_tokens_(static_cast<std::uint64_t>(config.shard_tokens)),
        is_narrow_(is_narrow) {}

  void write(const std::vector<std::int32_t>& ids) {
    if (!file_) {
      file_.emplace(folder_ / name(".tokens"));
      offsets_ = {0};
    }
    if (is_narrow_) {
      const std::vector<std::uint16_t> narrow(ids.begin(), ids.end());
      file_->write_values(std::span(narrow));
    } else {
      file_->write_values(std::span(ids));  // ids are not negative: the same bits as uint32
    }
    offsets_.push_back(offsets_.back() + ids.size());
    if (offsets_.back() >= shard_tokens_) {
      close();
    }
  }

  // The manifest's list of shards.
  Json finish() {
    close();
    return std::move(shards_);
  }

 private:
  std::string name(std::string_view ending) const {
    return fmt::format("shard-{:05}{}", shards_.size(), ending);
  }

  void close() {
    if (!file_) {
      return;
    }
    CheckedWriter index(folder_ / name(".offsets"));
    index.write_values(std::span<const std::uint64_t>(offsets_));
    shards_.push_back({{"file", name("")},
                       {"documents", offsets_.size() - 1},
                       {"tokens", offsets_.back()},
                       {"tokens_xxh3", file_->commit()},
                       {"offsets_xxh3", index.commit()}});
    file_.reset();
  }

  fs::path folder_;
  std::uint64_t shard_tokens_;
  bool is_narrow_;
  std::optional<CheckedWriter> file_;
  std::vector<std::uint64_t> offsets_;
  Json shards_ = Json::array();
};

// Documents and tokens by the length of the documents, in powers of two.
class LengthCounts {
 public:
  void add(std::size_t length) {
    Count& count = counts_[std::bit_floor(length)];
    ++count.documents;
    count.tokens += static_cast<std::int64_t>(length);
  }
  // [{"from", "documents", "tokens", "share" of all tokens}], short ones first; lengths are up to
  // twice `from`.
  Json to_json(std::int64_t all_tokens) const {
    Json list = Json::array();
    for (const auto& [from, count] : counts_) {
      list.push_back(
          {{"from", from},
           {"documents", count.documents},
           {"tokens", count.tokens},
           {"share", static_cast<double>(count.tokens) / static_cast<double>(all_tokens)}});
    }
    return list;
  }

 private:
  struct Count {
    std::int64_t documents = 0, tokens = 0;
  };
  std::map<std::size_t, Count> counts_;
};

Json identity(const DocumentStore& store,
              const fs::path& data_folder,
              const tokenizer::Tokenizer& tokenizer,
              const ShardConfig& config) {
  return {{"format", kFormatVersion},
          {"config", config_to_json(config)},
          {"tokenizer_xxh3", hex64(xxh3(tokenizer.to_json()))},
          {"source", manifest_value<Json>(store.manifest(), "training", data_folder)},
          {"token_bytes", tokenizer.vocab_size() <= 65536 ? 2 : 4}};
}

}  // namespace

Json tokenize(const fs::path& data_folder,
              const tokenizer::Tokenizer& tokenizer,
              const ShardConfig& config,
              const fs::path& out,
              int threads) {
  config.validate();
  const DocumentStore store(data_folder);
  Json manifest = identity(store, data_folder, tokenizer, config);
  if (is_complete(out, manifest)) {
    return read_json(out / "manifest.json");
  }
  const Augmenter augmenter(tokenizer, config);
  begin_folder(out);

  ShardsWriter writer(out, config, manifest["token_bytes"] == 2);
  Progress bar(fmt::format("tokenize {}", data_folder.filename().string()), store.bytes(), "bytes");
  LengthCounts lengths;
  std::int64_t tokens = 0, fim_documents = 0, split_tokens = 0, bytes = 0;
  for (std::int64_t first = 0; first < store.size();) {
    throw_if_stopped();  // nothing of an unfinished folder is kept
    std::int64_t end = first;
    for (const std::int64_t begun = bytes; end < store.size() && bytes - begun < kWaveBytes;
         ++end) {
      bytes += static_cast<std::int64_t>(store[end].size());
    }
    std::vector<Tokens> wave(static_cast<std::size_t>(end - first));
    tokenize_wave(store, augmenter, first, threads_for(threads), wave);
    for (const auto& document : wave) {
      writer.write(document.ids);
      lengths.add(document.ids.size());
      tokens += static_cast<std::int64_t>(document.ids.size());
      fim_documents += document.augmented.is_fim ? 1 : 0;
      split_tokens += document.augmented.split_tokens;
    }
    first = end;
    bar.update(bytes);
  }
  manifest["documents"] = store.size();
  manifest["tokens"] = tokens;
  manifest["fim_documents"] = fim_documents;
  manifest["split_tokens"] = split_tokens;
  manifest["lengths"] = lengths.to_json(tokens);
  manifest["shards"] = writer.finish();
  write_json(out / "manifest.json", manifest);
  return manifest;
}

}  // namespace rq::data
