#include "data/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "data/internal/manifest.h"
#include "data/internal/reader.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// Takes the texts of heldout.jsonl, which we wrote: a bad line is a damaged file.
class HeldoutSink : public Sink {
 public:
  explicit HeldoutSink(std::string origin) : origin_(std::move(origin)) {}
  void document(std::string_view text, std::int64_t /*line*/) override { texts.emplace_back(text); }
  void bad(std::int64_t line, std::string_view reason, std::string_view /*excerpt*/) override {
    fail("{}, line {}: {}", origin_, line, reason);
  }
  std::vector<std::string> texts;

 private:
  std::string origin_;
};

}  // namespace

DocumentStore::DocumentStore(const fs::path& data_folder)
    : manifest_(read_manifest(data_folder)),
      text_(data_folder / "documents.bin"),
      index_(data_folder / "documents.offsets") {
  const auto training = manifest_value<Json>(manifest_, "training", data_folder);
  const auto documents = manifest_value<std::uint64_t>(training, "documents", data_folder);
  check_bytes(text_,
              manifest_value<std::uint64_t>(training, "bytes", data_folder),
              manifest_value<std::string>(training, "text_xxh3", data_folder),
              data_folder / "documents.bin");
  check_bytes(index_,
              (documents + 1) * sizeof(std::uint64_t),
              manifest_value<std::string>(training, "offsets_xxh3", data_folder),
              data_folder / "documents.offsets");
  offsets_ = {reinterpret_cast<const std::uint64_t*>(index_.bytes().data()), documents + 1};
}

std::string_view DocumentStore::operator[](std::int64_t document) const {
  const auto i = static_cast<std::size_t>(document);
  return text_.text().substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
}

std::vector<std::string> read_heldout(const fs::path& data_folder) {
  const fs::path path = data_folder / "heldout" / "heldout.jsonl";
  HeldoutSink sink(path.string());
  read_jsonl(path, "text", sink);
  return std::move(sink.texts);
}

}  // namespace rq::data
