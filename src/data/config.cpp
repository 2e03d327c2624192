#include "data/config.h"

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "data/generators/generator.h"
#include "data/internal/join.h"

namespace rq::data {
namespace {

using Problems = std::vector<std::string>;

void demand_not_negative(Problems& problems, std::string_view key, std::int64_t value) {
  if (value < 0) {
    problems.push_back(fmt::format("{}={} is negative", key, value));
  }
}

void demand_share(Problems& problems, std::string_view key, double value, double below) {
  if (!(value >= 0 && value <= below)) {
    problems.push_back(fmt::format("{}={} is not between 0 and {}", key, value, below));
  }
}

// What each registry allows as a name; a leading dash would be read as an option by its client.
const char* name_pattern(Registry registry) {
  switch (registry) {
    case Registry::kNpm:
      return "(@[a-z0-9~][a-z0-9._~-]*/)?[a-z0-9~][a-z0-9._~-]*";
    case Registry::kDebian:
      return "[a-z0-9][a-z0-9+.-]+";
    default:
      return "[A-Za-z0-9][A-Za-z0-9._-]*";
  }
}

void check_package(Problems& problems, const PackageConfig& package) {
  const auto report = [&](std::string_view what) {
    problems.push_back(fmt::format("package \"{}\": {}", package.name, what));
  };
  if (!std::regex_match(package.name, std::regex(name_pattern(package.from)))) {
    report("is not the name of a package");
  }
  const bool may_be_current = package.from == Registry::kDebian && package.version.empty();
  if (!may_be_current &&
      !std::regex_match(package.version, std::regex("[0-9][A-Za-z0-9.+~:_!-]*"))) {
    report(fmt::format("version \"{}\" is not an exact version", package.version));
  }
  if (!package.sha256.empty() && !std::regex_match(package.sha256, std::regex("[0-9a-f]{64}"))) {
    report(fmt::format("sha256 \"{}\" is not 64 lower-case hexadecimal digits", package.sha256));
  }
  if (package.glob.empty()) {
    report("glob is missing: it says which files of the package to read");
  }
  for (const auto& glob : package.glob) {
    if (glob.empty() || glob.front() == '/' || glob.front() == '-' ||
        glob.find("..") != std::string::npos) {
      report(fmt::format("glob \"{}\" is not a path inside the package", glob));
    }
  }
}

void check_generator(Problems& problems, const GeneratorConfig& generator) {
  const auto names = generator_names();
  if (std::ranges::find(names, generator.name) == names.end()) {
    problems.push_back(fmt::format("generator \"{}\" is unknown; there is {}",
                                   generator.name,
                                   join({names.begin(), names.end()}, ", ")));
  }
  if (generator.count <= 0) {
    problems.push_back(fmt::format("generator.count={} is not positive", generator.count));
  }
}

void throw_problems(const Problems& problems) {
  check(problems.empty(), "{}", join(problems, "; "));
}

}  // namespace

std::vector<std::string> SourceConfig::problems() const {
  Problems found;
  const bool has_package = package.from != Registry::kNone;
  const bool has_generator = !generator.name.empty();
  const int kinds = int{!glob.empty()} + int{has_package} + int{has_generator};
  if (kinds != 1) {
    found.push_back(fmt::format(
        "source has {} of glob, package (with its from) and generator; it needs exactly one",
        kinds));
  }
  if (has_package) {
    check_package(found, package);
  } else if (!package.name.empty()) {
    found.push_back(
        fmt::format("package \"{}\": from is missing (npm, debian or pypi)", package.name));
  }
  if (has_generator) {
    check_generator(found, generator);
  }
  demand_not_negative(found, "split_bytes", split_bytes);
  demand_not_negative(found, "min_bytes", min_bytes);
  demand_not_negative(found, "max_bytes", max_bytes);
  demand_not_negative(found, "limit_bytes", limit_bytes);
  constexpr std::int64_t kLeastSplitBytes = 64;  // room for a border between words
  if (split_bytes > 0 && split_bytes < kLeastSplitBytes) {
    found.push_back(fmt::format("split_bytes={} is less than {}", split_bytes, kLeastSplitBytes));
  }
  if (max_bytes > 0 && max_bytes < min_bytes) {
    found.push_back(fmt::format("max_bytes={} is less than min_bytes={}", max_bytes, min_bytes));
  }
  if (field.empty()) {
    found.emplace_back("field is empty; it names what holds the text");
  }
  return found;
}

void SourceConfig::validate() const {
  throw_problems(problems());
}

std::vector<std::string> DataConfig::problems() const {
  Problems found = source.problems();
  constexpr double kMostHeldout = 0.5;
  demand_share(found, "heldout", heldout, kMostHeldout);
  demand_not_negative(found, "heldout_max_bytes", heldout_max_bytes);
  return found;
}

void DataConfig::validate() const {
  throw_problems(problems());
}

std::vector<std::string> ShardConfig::problems() const {
  Problems found;
  demand_share(found, "fim_rate", fim_rate, 1);
  demand_share(found, "split_rate", split_rate, 1);
  if (end_token.empty()) {
    found.emplace_back("end_token is empty; it ends each document");
  }
  if (shard_tokens <= 0) {
    found.push_back(fmt::format("shard_tokens={} is not positive", shard_tokens));
  }
  return found;
}

void ShardConfig::validate() const {
  throw_problems(problems());
}

}  // namespace rq::data
