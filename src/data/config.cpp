#include "data/config.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "data/generators/generator.h"
#include "data/internal/join.h"
#include "data/recall.h"
#include "reward/problem_generator.h"

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

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

// Whether `text` begins with a letter or digit (a dash would be read as an option by a client) and
// goes on with those or `marks`.
bool is_word(std::string_view text, std::string_view marks, bool has_capitals) {
  const auto is_plain = [&](char c) {
    return kLetters.find(c) != std::string_view::npos ||
           kDigits.find(c) != std::string_view::npos ||
           (has_capitals && kCapitals.find(c) != std::string_view::npos);
  };
  const auto is_fit = [&](char c) {
    return is_plain(c) || marks.find(c) != std::string_view::npos;
  };
  return !text.empty() && is_plain(text.front()) && std::ranges::all_of(text, is_fit);
}

bool is_package_name(Registry registry, std::string_view name) {
  switch (registry) {
    case Registry::kNpm: {
      const std::size_t slash = name.find('/');
      const bool is_scoped = name.starts_with('@') && slash != std::string_view::npos;
      return (!is_scoped || is_word(name.substr(1, slash - 1), "._-", false)) &&
             is_word(is_scoped ? name.substr(slash + 1) : name, "._-", false);
    }
    case Registry::kDebian:
      return is_word(name, "+.-", false);
    default:
      return is_word(name, "._-", true);
  }
}

bool is_exact_version(std::string_view version) {
  return is_word(version, ".+~:_!-", true) &&
         kDigits.find(version.front()) != std::string_view::npos;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_package(Problems& problems, const PackageConfig& package) {
  const auto report = [&](std::string_view what) {
    problems.push_back(fmt::format("package \"{}\": {}", package.name, what));
  };
  if (!is_package_name(package.from, package.name)) {
    report("is not the name of a package");
  }
  const bool may_be_current = package.from == Registry::kDebian && package.version.empty();
  if (!may_be_current && !is_exact_version(package.version)) {
    report(fmt::format("version \"{}\" is not an exact version", package.version));
  }
  if (!package.sha256.empty() && !is_sha256(package.sha256)) {
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

void check_sizes(Problems& problems, const GeneratorConfig& generator) {
  const auto names = generator_names();
  const bool is_known = std::ranges::find(names, generator.name) != names.end();
  if (!is_known || (generator.least == 0 && generator.most == 0)) {
    return;
  }
  const auto report = [&](std::string_view what) {
    problems.push_back(
        fmt::format("generator.least={} and most={}: {}", generator.least, generator.most, what));
  };
  if (own_sizes(generator.name).most == 0) {
    report(fmt::format("{} has no sizes to draw", generator.name));
  } else if (generator.least < 1 || generator.most < generator.least) {
    report("must be positive, the second not the lesser");
  } else if (generator.name == "recall" && generator.most > most_facts()) {
    report(fmt::format("there are {} facts", most_facts()));
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
  check_sizes(problems, generator);
}

void check_recall(Problems& problems, const RecallConfig& recall) {
  const auto demand_positive = [&](std::string_view key, std::int64_t value) {
    if (value <= 0) {
      problems.push_back(fmt::format("recall.{}={} is not positive", key, value));
    }
  };
  demand_positive("count", recall.count);
  demand_positive("facts", recall.facts);
  constexpr std::int64_t kLeastBytes = 200;  // room for a fact, its question, and something between
  if (recall.least_bytes < kLeastBytes || recall.most_bytes < recall.least_bytes) {
    problems.push_back(
        fmt::format("recall.least_bytes={} and most_bytes={}: must be {} or more, the "
                    "second not the lesser",
                    recall.least_bytes,
                    recall.most_bytes,
                    kLeastBytes));
  }
  if (recall.facts > most_facts()) {
    problems.push_back(fmt::format(
        "recall.facts={} is more than the {} that there are", recall.facts, most_facts()));
  }
  demand_share(problems, "recall.asked_early", recall.asked_early, 1);
}

void check_continuation(Problems& problems, const ContinuationConfig& continuation) {
  constexpr std::int64_t kLeastBytes = 40;  // of either part: room for a sentence
  if (continuation.count <= 0) {
    problems.push_back(fmt::format("continuation.count={} is not positive", continuation.count));
  }
  for (const auto& [key, bytes] : {std::pair("opening_bytes", continuation.opening_bytes),
                                   std::pair("answer_bytes", continuation.answer_bytes)}) {
    if (bytes < kLeastBytes) {
      problems.push_back(
          fmt::format("continuation.{}={} is less than {}", key, bytes, kLeastBytes));
    }
  }
}

void check_files_of_problems(Problems& problems, const SourceConfig& source) {
  if (source.glob.empty() && source.package.from == Registry::kNone) {
    problems.emplace_back("problems.from_files needs a glob or a package: where the files are");
  }
  if (!source.asked.kinds.empty() || source.asked.count != 0) {
    problems.emplace_back("problems.from_files and problems.kinds or count exclude each other");
  }
  if (source.join.by != JoinOrder::kNone || source.split_bytes != 0) {
    problems.emplace_back("problems.from_files: problems cannot be joined or split");
  }
}

void check_asked(Problems& problems, const ProblemsConfig& asked) {
  for (const std::string& kind : asked.kinds) {
    const auto kinds = reward::problem_kinds();
    if (std::ranges::find(kinds, kind, &reward::ProblemKind::name) == kinds.end()) {
      std::vector<std::string> names;
      for (const reward::ProblemKind& known : kinds) {
        names.emplace_back(known.name);
      }
      problems.push_back(
          fmt::format("problems.kinds has \"{}\"; there is {}", kind, join(names, ", ")));
    }
  }
  if (asked.count <= 0) {
    problems.push_back(fmt::format("problems.count={} is not positive", asked.count));
  }
  if (asked.least_difficulty < 1 || asked.most_difficulty < asked.least_difficulty ||
      asked.most_difficulty > reward::kMostDifficulty) {
    problems.push_back(
        fmt::format("problems.least_difficulty={} and most_difficulty={}: must lie between 1 and "
                    "{}, the second not the lesser",
                    asked.least_difficulty,
                    asked.most_difficulty,
                    reward::kMostDifficulty));
  }
}

void check_join(Problems& problems, const SourceConfig& source) {
  if (source.glob.empty() && source.package.from == Registry::kNone) {
    problems.emplace_back("join is for files: it needs a glob or a package");
  }
  if (source.join.bytes <= 0) {
    problems.push_back(fmt::format("join.bytes={} is not positive", source.join.bytes));
  }
  if (source.split_bytes != 0) {
    problems.push_back(fmt::format("join and split_bytes={} exclude each other: join cuts no file",
                                   source.split_bytes));
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
  const bool has_recall = !recall.from.empty();
  const bool has_continuation = !continuation.from.empty();
  const bool has_asked = !asked.kinds.empty();
  const int kinds = int{!glob.empty()} + int{has_package} + int{has_generator} + int{has_recall} +
                    int{has_continuation} + int{has_asked};
  if (kinds != 1) {
    found.push_back(
        fmt::format("source has {} of glob, package (with its from), generator, recall (with its "
                    "from), continuation (with its from) and problems (with its kinds); it needs "
                    "exactly one",
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
  if (has_recall) {
    check_recall(found, recall);
  }
  if (has_continuation) {
    check_continuation(found, continuation);
  }
  if (asked.from_files) {
    check_files_of_problems(found, *this);
  } else if (has_asked) {
    check_asked(found, asked);
  }
  if (join.by != JoinOrder::kNone) {
    check_join(found, *this);
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

std::optional<Content> DataConfig::content() const {
  if (!source.asked.kinds.empty() || source.asked.from_files) {
    switch (source.asked.answers) {
      case AnswerForm::kNone:
        return Content::kProblems;
      case AnswerForm::kText:
        return Content::kDocuments;
      default:
        return Content::kConversations;
    }
  }
  if (!source.continuation.from.empty()) {
    return Content::kConversations;
  }
  if (source.field == "chosen") {
    return Content::kPreferences;
  }
  const bool is_written = !source.generator.name.empty() || !source.recall.from.empty();
  return is_written ? std::optional(Content::kDocuments) : std::nullopt;
}

std::vector<std::string> DataConfig::reads() const {
  std::vector<std::string> names = without_heldout_of;
  for (const std::string& filler : {source.recall.from, source.continuation.from}) {
    if (!filler.empty()) {
      names.push_back(filler);
    }
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

void DataConfig::validate() const {
  throw_problems(problems());
}

std::vector<std::string> length_problems(const std::vector<LengthShare>& lengths) {
  Problems found;
  double total = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const LengthShare& bucket = lengths[i];
    total += bucket.share;
    if (!(bucket.share >= 0 && bucket.share < 1e300)) {
      found.push_back(
          fmt::format("lengths[{}].share={} is negative or no number", i, bucket.share));
    }
    if (i == 0 && bucket.from != 0) {
      found.push_back(fmt::format(
          "lengths[0].from={}: the first bucket begins at 0, if need be with the share 0",
          bucket.from));
    } else if (i > 0 && bucket.from <= lengths[i - 1].from) {
      found.push_back(fmt::format("lengths[{}].from={} does not exceed the {} before it",
                                  i,
                                  bucket.from,
                                  lengths[i - 1].from));
    }
  }
  if (!lengths.empty() && found.empty() && !(total > 0)) {
    found.emplace_back("lengths gives no bucket a share");
  }
  return found;
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
