#include "data/collect.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "data/internal/config_json.h"
#include "data/internal/curator.h"
#include "data/internal/cut_out.h"
#include "data/internal/glob.h"
#include "data/internal/join.h"
#include "data/internal/manifest.h"
#include "data/internal/read_source.h"
#include "data/store.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// Changes when a file is added, removed, or written to. Packages do not change under their version.
std::string fingerprint(const SourceConfig& config, const fs::path& recipe_folder) {
  std::string seen;
  for (const auto& glob : config.glob) {
    for (const auto& file : find_files(glob, recipe_folder)) {
      struct stat status{};
      ::stat(file.c_str(), &status);
      seen += fmt::format("{}\n{} {}.{}\n",
                          file.string(),
                          status.st_size,
                          status.st_mtim.tv_sec,
                          status.st_mtim.tv_nsec);
    }
  }
  return hex64(xxh3(seen));
}

// What the manifest says before any work; a complete folder with the same is kept.
Json identity(const DataConfig& config, std::string_view name, const CollectContext& context) {
  Json identity = {{"format", kDataFormat},
                   {"name", name},
                   {"config", config_to_json(config)},
                   {"files_fingerprint", fingerprint(config.source, context.recipe_folder)}};
  for (const auto& box : config.reads()) {
    const fs::path folder = place_of_box(context, box, name);
    const Json manifest = read_manifest(folder);
    identity["boxes"][box] = {{"training", manifest_value<Json>(manifest, "training", folder)},
                              {"heldout", manifest_value<Json>(manifest, "heldout", folder)}};
  }
  return identity;
}

// Everything that the named boxes hold out.
CutOut heldout_of(const std::vector<std::string>& boxes,
                  std::string_view name,
                  const CollectContext& context) {
  std::vector<std::string> texts;
  for (const auto& box : boxes) {
    std::ranges::move(read_heldout(place_of_box(context, box, name)), std::back_inserter(texts));
  }
  return CutOut(std::move(texts));
}

std::string described(const Counts& counts) {
  std::vector<std::string> parts = {fmt::format("{} documents read", counts.seen)};
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count > 0) {
      parts.push_back(fmt::format("{} {}", count, what));
    }
  };
  add(counts.too_short, "too short");
  add(counts.too_long, "too long");
  add(counts.over_limit, "over limit_bytes");
  for (const auto& [reason, count] : counts.quarantined) {
    add(count, reason);
  }
  return join(parts, ", ");
}

// The training documents in the order they came: documents.bin and documents.offsets.
Json write_training(const std::vector<Kept>& documents,
                    std::string_view spool,
                    const fs::path& out) {
  CheckedWriter text(out / "documents.bin"), index(out / "documents.offsets");
  std::vector<std::uint64_t> offsets = {0};
  for (std::size_t i = 0; i < documents.size();) {
    std::size_t end = i;  // neighbours in the spool are written at once
    while (end < documents.size() &&
           documents[end].offset - documents[i].offset == offsets.back() - offsets[i]) {
      offsets.push_back(offsets.back() + documents[end++].bytes);
    }
    text.write(spool.substr(documents[i].offset, offsets[end] - offsets[i]));
    i = end;
  }
  index.write_values(std::span<const std::uint64_t>(offsets));
  return {{"documents", documents.size()},
          {"bytes", offsets.back()},
          {"text_xxh3", text.commit()},
          {"offsets_xxh3", index.commit()}};
}

// The held-out documents, up to a limit of bytes; the others are in neither part.
Json write_heldout(const std::vector<Kept>& documents,
                   std::int64_t limit_bytes,
                   std::string_view spool,
                   const fs::path& out) {
  LowestHashes limit(limit_bytes);
  for (const auto& document : documents) {
    limit.offer(document.hash, document.bytes);
  }
  CheckedWriter text(out / "heldout.txt");
  FileWriter lines(out / "heldout.jsonl");
  std::int64_t count = 0;
  std::uint64_t bytes = 0;
  for (const auto& document : documents) {
    if (!limit.has(document.hash)) {
      continue;
    }
    const std::string_view words = spool.substr(document.offset, document.bytes);
    text.write(words);
    lines.write(Json({{"text", words}}).dump() + "\n");
    ++count;
    bytes += document.bytes;
  }
  lines.commit();
  return {{"documents", count},
          {"bytes", bytes},
          {"left_out", static_cast<std::int64_t>(documents.size()) - count},
          {"text_xxh3", text.commit()}};
}

}  // namespace

Json collect(const DataConfig& config,
             std::string_view name,
             const CollectContext& context,
             const fs::path& out) {
  config.validate();
  Json manifest = identity(config, name, context);
  if (is_complete(out, manifest)) {
    return read_json(out / "manifest.json");
  }
  begin_folder(out);
  begin_folder(out / "heldout");

  Curator curator(config.source, out, heldout_of(config.without_heldout_of, name, context));
  manifest["source"] = read_source(config.source, name, context, curator);
  std::vector<Kept> documents = curator.finish();
  const Counts& counts = curator.counts();
  check(!documents.empty(),
        "{}: the source gives no document ({}); see {}",
        name,
        described(counts),
        (out / "quarantine.jsonl").string());

  const auto border =
      std::stable_partition(documents.begin(), documents.end(), [&](const Kept& document) {
        return !is_heldout(document.hash, config.heldout);
      });
  const std::vector<Kept> heldout(border, documents.end());
  documents.erase(border, documents.end());
  check(!documents.empty() && (config.heldout == 0 || !heldout.empty()),
        "{}: of {} documents {} fell into the held-out share {}; set source.split_bytes to cut "
        "long documents, or another share (0 where none are needed)",
        name,
        documents.size() + heldout.size(),
        heldout.size(),
        config.heldout);
  {
    const MappedFile spool(curator.spool_path());
    manifest["training"] = write_training(documents, spool.text(), out);
    manifest["heldout"] =
        write_heldout(heldout, config.heldout_max_bytes, spool.text(), out / "heldout");
  }
  fs::remove(curator.spool_path());
  manifest["dropped"] = {{"too_short", counts.too_short},
                         {"too_long", counts.too_long},
                         {"repeated", counts.repeated},
                         {"over_limit", counts.over_limit}};
  if (!config.without_heldout_of.empty()) {
    manifest["dropped"]["held_out_elsewhere"] = counts.cut_out;
  }
  manifest["quarantined"] = Json(counts.quarantined);
  write_json(out / "manifest.json", manifest);
  return manifest;
}

std::vector<std::string> check_source(const SourceConfig& config, const fs::path& recipe_folder) {
  std::vector<std::string> problems = config.problems();
  for (const auto& glob : config.glob) {
    if (find_files(glob, recipe_folder).empty()) {
      problems.push_back(
          fmt::format("nothing matches \"{}\" in {}", glob, fs::absolute(recipe_folder).string()));
    }
  }
  return problems;
}

}  // namespace rq::data
