#include "report/internal/boxes.h"

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "report/internal/lines.h"

namespace rq::report {
namespace {

namespace fs = std::filesystem;

// A JSON file of the run; nothing where it is not there, and a sentence where it is no JSON object.
std::optional<Json> readable(const fs::path& path, std::vector<std::string>& missing) {
  try {
    auto json = read_if_there(path);
    if (json && !json->is_object()) {
      missing.push_back(fmt::format("{} is no JSON object", path.string()));
      return std::nullopt;
    }
    return json;
  } catch (const std::exception& error) {
    missing.push_back(fmt::format("{} cannot be read: {}", path.string(), error.what()));
    return std::nullopt;
  }
}

Json number_or_null(const Json& object, const std::string& key) {
  const auto value = number_at(object, key);
  return value ? Json(*value) : Json();
}

Json part_of(const Json& manifest, const std::string& key) {
  const auto part = manifest.find(key);
  return part != manifest.end() && part->is_object() ? *part : Json::object();
}

// How many lines were set aside: the manifest's number, or the sum of its numbers by reason.
Json quarantined_in(const Json& manifest) {
  const auto member = manifest.find("quarantined");
  if (member == manifest.end() || !member->is_object()) {
    return member == manifest.end() ? Json() : *member;
  }
  double sum = 0;
  for (const auto& [reason, count] : member->items()) {
    sum += count.is_number() ? count.get<double>() : 0;
  }
  return sum;
}

// Whether people looked at what the box holds; null where that was not asked of them.
Json human_checked_in(const Json& manifest) {
  const auto member = manifest.find("human_checked");
  return member != manifest.end() && member->is_boolean() ? *member : Json();
}

// Of each process that made tokens of a box: how many, and which share of all that it made.
Json tokens_by_process(const Run& run, const std::string& box, std::vector<std::string>& missing) {
  Json list = Json::array();
  for (const Step& step : run.steps) {
    const std::string folder = fmt::format("work/{}/tokens", step.work_folder);
    const auto own = readable(run.folder / folder / box / "manifest.json", missing);
    if (own) {
      list.push_back({{"by", step.id},
                      {"file", fmt::format("{}/{}/manifest.json", folder, box)},
                      {"tokens", number_or_null(*own, "tokens")}});
    }
  }
  return list;
}

Json row_of(const Run& run, const Step& step, std::vector<std::string>& missing) {
  const std::string file = step.place + "/manifest.json";
  const auto manifest = readable(run.folder / file, missing);
  if (!manifest) {
    return {};
  }
  const Json training = part_of(*manifest, "training"), heldout = part_of(*manifest, "heldout");
  const std::string name = fs::path(step.place).filename().string();
  return {{"id", "data." + name},
          {"name", name},
          {"file", file},
          {"documents", number_or_null(training, "documents")},
          {"bytes", number_or_null(training, "bytes")},
          {"heldout_documents", number_or_null(heldout, "documents")},
          {"heldout_bytes", number_or_null(heldout, "bytes")},
          {"dropped", part_of(*manifest, "dropped")},
          {"quarantined", quarantined_in(*manifest)},
          {"quarantine_file",
           fs::exists(run.folder / step.place / "quarantine.jsonl")
               ? Json(step.place + "/quarantine.jsonl")
               : Json()},
          {"teacher", text_at(*manifest, "teacher")},
          {"human_checked", human_checked_in(*manifest)},
          {"tokens", tokens_by_process(run, name, missing)}};
}

}  // namespace

Json data_of(const Run& run, std::vector<std::string>& missing) {
  Json rows = Json::array();
  for (const Step& step : run.steps) {
    if (step.place.starts_with("data/")) {
      Json row = row_of(run, step, missing);
      if (!row.is_null()) {
        rows.push_back(std::move(row));
      }
    }
  }
  return rows;
}

Json models_of(const Run& run, std::vector<std::string>& missing) {
  Json rows = Json::array();
  for (const Step& step : run.steps) {
    if (!step.place.starts_with("models/")) {
      continue;
    }
    const auto config = readable(run.folder / step.place / "config.json", missing);
    if (config) {
      const std::string name = fs::path(step.place).filename().string();
      rows.push_back({{"id", "model." + name},
                      {"name", name},
                      {"made_by", step.id},
                      {"file", step.place + "/config.json"},
                      {"context", number_or_null(*config, "max_position_embeddings")},
                      {"layers", number_or_null(*config, "num_hidden_layers")},
                      {"width", number_or_null(*config, "hidden_size")},
                      {"experts", number_or_null(*config, "n_routed_experts")},
                      {"vocabulary", number_or_null(*config, "vocab_size")}});
    }
  }
  return rows;
}

}  // namespace rq::report
