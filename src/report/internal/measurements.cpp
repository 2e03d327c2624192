#include "report/internal/measurements.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "report/internal/lines.h"

namespace rq::report {
namespace {

namespace fs = std::filesystem;

bool is_list(const Json& json, const std::string& key) {
  const auto member = json.find(key);
  return member != json.end() && member->is_array() && !member->empty();
}

std::string model_name(const Json& json) {
  return fs::path(text_at(json, "model")).filename().string();
}

// The rows of a table without what it took to make each figure, which the file tells.
Json rows_of(const Json& table) {
  Json rows = table["rows"];
  for (Json& row : rows) {
    for (Json& cell : row["cells"]) {
      if (cell.is_object()) {
        cell.erase("making");
      }
    }
  }
  return rows;
}

// Known by what it holds; nothing where it is none of these.
std::optional<Json> recognized(const Json& json) {
  if (!json.is_object()) {
    return std::nullopt;
  }
  if (is_list(json, "cells") && json["cells"][0].contains("by_generation")) {
    return Json{{"kind", "needle"}, {"model", model_name(json)}, {"cells", json["cells"]}};
  }
  if (is_list(json, "models") && json["models"][0].contains("buckets")) {
    return Json{{"kind", "position"}, {"models", json["models"]}};
  }
  if (is_list(json, "rates")) {
    return Json{{"kind", "pass"}, {"model", model_name(json)}, {"rates", json["rates"]}};
  }
  if (is_list(json, "columns") && is_list(json, "rows") && is_list(json["rows"][0], "cells")) {
    return Json{{"kind", "table"}, {"columns", json["columns"]}, {"rows", rows_of(json)}};
  }
  return std::nullopt;
}

class Finder {
 public:
  Finder(const fs::path& run, std::vector<std::string>& missing) : run_(run), missing_(missing) {}

  void look_at(const fs::path& file, const std::string& title) {
    try {
      const auto json = read_if_there(file);
      if (auto found = json ? recognized(*json) : std::nullopt) {
        (*found)["file"] = fs::relative(file, run_).string();
        (*found)["title"] = title;
        found_.push_back(std::move(*found));
      }
    } catch (const std::exception& error) {
      missing_.push_back(fmt::format("{} cannot be read: {}", file.string(), error.what()));
    }
  }

  // Before the work and at the last step of each process that looks for needles as it goes on.
  void look_at_work() {
    std::error_code error;
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(run_ / "work", error)) {
      folders.push_back(entry.path());
    }
    std::ranges::sort(folders);
    for (const fs::path& folder : folders) {
      const std::string name = folder.filename().string();
      std::vector<fs::path> maps = files_in(folder / "needle");
      std::erase_if(maps, [](const fs::path& path) { return path.extension() != ".json"; });
      if (!maps.empty() && maps.back().stem() == "before") {
        look_at(maps.back(), fmt::format("before {}", name));
        maps.pop_back();
      }
      if (!maps.empty()) {
        const std::string step = maps.back().stem().string();
        const std::size_t digits = std::min(step.find_first_not_of('0'), step.size() - 1);
        look_at(maps.back(), fmt::format("{}, step {}", name, step.substr(digits)));
      }
    }
  }

  Json take() { return std::move(found_); }

 private:
  const fs::path& run_;
  std::vector<std::string>& missing_;
  Json found_ = Json::array();
};

}  // namespace

Json measurements_of(const fs::path& run, std::vector<std::string>& missing) {
  Finder finder(run, missing);
  finder.look_at_work();
  std::error_code ignored;
  std::vector<fs::path> boxes;
  for (const auto& entry : fs::directory_iterator(run / "evaluations", ignored)) {
    boxes.push_back(entry.path());
  }
  std::ranges::sort(boxes);
  for (const fs::path& box : boxes) {
    finder.look_at(box / "table.json", box.filename().string());
  }
  for (const fs::path& folder : {run, run / "evaluation"}) {
    for (const fs::path& file : files_in(folder)) {
      if (file.extension() == ".json") {
        finder.look_at(file, file.stem().string());
      }
    }
  }
  return finder.take();
}

}  // namespace rq::report
