#include "data/box_writer.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "data/internal/manifest.h"

namespace rq::data {

void write_box(const std::filesystem::path& out,
               std::string_view name,
               std::span<const std::string> documents,
               const Json& about) {
  begin_folder(out);
  begin_folder(out / "heldout");
  CheckedWriter text(out / "documents.bin"), index(out / "documents.offsets"),
      heldout(out / "heldout/heldout.txt");
  std::vector<std::uint64_t> offsets = {0};
  for (const std::string& document : documents) {
    text.write(document);
    offsets.push_back(offsets.back() + document.size());
  }
  index.write_values(std::span<const std::uint64_t>(offsets));
  write_file(out / "heldout/heldout.jsonl", "");
  Json manifest = {{"format", kDataFormat}, {"name", name}};
  manifest.update(about);
  manifest["training"] = {{"documents", documents.size()},
                          {"bytes", offsets.back()},
                          {"text_xxh3", text.commit()},
                          {"offsets_xxh3", index.commit()}};
  manifest["heldout"] = {
      {"documents", 0}, {"bytes", 0}, {"left_out", 0}, {"text_xxh3", heldout.commit()}};
  write_json(out / "manifest.json", manifest);
}

}  // namespace rq::data
