#include "eval/tables/task.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/hash.h"
#include "eval/tables/embedded_files.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".toml";

Task read_task(std::string_view text,
               const fs::path& path,
               const std::vector<std::string>& overrides) {
  Task task{.name = path.stem().string(), .origin = path.string(), .config = {}};
  ConfigNode root = parse_toml(text, task.origin);
  for (const std::string& assignment : overrides) {
    set_override(root, assignment);
  }
  Problems problems;
  task.config = read_config<TaskConfig>(root, "", problems);
  problems.throw_if_any();
  return task;
}

}  // namespace

std::string Task::digest() const {
  TaskConfig decides = config;
  decides.title = decides.section = decides.about = decides.source = decides.licence = "";
  decides.data.folder = "";  // where the data lie; what they are has a digest of its own
  Json json = to_json(decides);
  if (!decides.data.problems.exists()) {
    json["data"].erase("problems");  // which then decides nothing
  }
  if (decides.data.join.on.empty()) {
    json["data"].erase("join");
  }
  if (decides.answer.compare != Compare::kJudge) {
    json.erase("judge");
  }
  return sha256(json.dump());
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.ends_with(kEnding)) {
      names.emplace_back(file.name.substr(0, file.name.size() - kEnding.size()));
    }
  }
  std::ranges::sort(names);
  return names;
}

Task load_task(std::string_view name, const std::vector<std::string>& overrides) {
  if (name.ends_with(kEnding)) {
    check(fs::exists(fs::path(name)), "there is no task file {}", name);
    return read_task(read_file(name), name, overrides);
  }
  const std::string file_name = std::string(name) + std::string(kEnding);
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == file_name) {
      return read_task(file.bytes, fs::path("tasks") / file_name, overrides);
    }
  }
  const auto near = nearest(name, task_names());
  fail("there is no task {}; {}",
       name,
       near ? fmt::format("did you mean {}?", *near)
            : std::string("`rorqual eval list` tells those there are, and a path that ends in "
                          ".toml names one of yours"));
}

}  // namespace rq::eval
