#include "data/internal/source_tree.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"

namespace rq::data {
namespace {

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

std::string in_folder(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

// "a/b" + "../c" -> "a/c"
std::string normal(std::string_view folder, std::string_view relative) {
  return std::filesystem::path(in_folder(folder, relative)).lexically_normal().generic_string();
}

std::string with_slashes(std::string dotted) {
  std::ranges::replace(dotted, '.', '/');
  return dotted;
}

// How many folders two paths share from the top.
std::size_t shared_folders(std::string_view a, std::string_view b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    count += a[i] == '/' ? 1 : 0;
  }
  return count;
}

constexpr auto kPythonEndings =
    std::to_array<std::string_view>({".py", "/__init__.py", ".pyi", "/__init__.pyi"});
constexpr auto kJavaScriptEndings = std::to_array<std::string_view>({"",
                                                                     ".ts",
                                                                     ".tsx",
                                                                     ".d.ts",
                                                                     ".js",
                                                                     ".jsx",
                                                                     ".mjs",
                                                                     ".cjs",
                                                                     "/index.ts",
                                                                     "/index.tsx",
                                                                     "/index.d.ts",
                                                                     "/index.js",
                                                                     "/index.jsx",
                                                                     "/index.mjs",
                                                                     "/index.cjs"});
constexpr auto kTypeScriptEndings = std::to_array<std::string_view>({".ts", ".tsx"});

}  // namespace

SourceTree::SourceTree(std::vector<std::string> paths) : paths_(std::move(paths)) {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    by_path_.emplace(paths_[i], i);
    by_name_[std::string(name_of(paths_[i]))].push_back(i);
  }
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (language_of(paths_[i]) == Language::kPython) {
      by_module_[module_name(paths_[i])].push_back(i);
    }
  }
}

std::optional<std::size_t> SourceTree::resolve(std::size_t file, const Import& import) const {
  std::optional<std::size_t> found;
  switch (language_of(paths_[file])) {
    case Language::kC:
      found = resolve_c(file, import.name);
      break;
    case Language::kPython:
      found = import.name.starts_with('.') ? resolve_relative(file, import)
                                           : resolve_python(file, import);
      break;
    case Language::kJavaScript:
      found = resolve_javascript(file, import.name);
      break;
    case Language::kOther:
      break;
  }
  return found != file ? found : std::nullopt;
}

std::optional<std::size_t> SourceTree::find(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found != by_path_.end() ? std::optional(found->second) : std::nullopt;
}

std::optional<std::size_t> SourceTree::first_of(const std::string& stem,
                                                std::span<const std::string_view> endings) const {
  for (const auto ending : endings) {
    if (const auto found = find(stem + std::string(ending))) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> SourceTree::nearest(std::size_t file,
                                               const std::vector<std::size_t>& fit) const {
  const auto best = std::ranges::max_element(fit, {}, [&](std::size_t candidate) {
    return shared_folders(paths_[file], paths_[candidate]);
  });
  return best != fit.end() ? std::optional(*best) : std::nullopt;
}

// Beside the file; else, as the folders that a compiler searches are not known, wherever a path
// ends so.
std::optional<std::size_t> SourceTree::resolve_c(std::size_t file, const std::string& name) const {
  if (const auto found = find(normal(folder_of(paths_[file]), name))) {
    return found;
  }
  const auto named = by_name_.find(std::string(name_of(name)));
  std::vector<std::size_t> fit;
  if (named != by_name_.end()) {
    std::ranges::copy_if(named->second, std::back_inserter(fit), [&](std::size_t candidate) {
      return paths_[candidate] == name || paths_[candidate].ends_with("/" + name);
    });
  }
  return nearest(file, fit);
}

std::optional<std::size_t> SourceTree::resolve_javascript(std::size_t file,
                                                          const std::string& name) const {
  const std::string path = normal(folder_of(paths_[file]), name);
  if (const auto found = first_of(path, kJavaScriptEndings)) {
    return found;
  }
  const std::size_t dot = path.rfind(".js");  // TypeScript names what its file becomes
  return dot != std::string::npos ? first_of(path.substr(0, dot), kTypeScriptEndings)
                                  : std::nullopt;
}

// `from a.b import c` may mean the module a.b.c, else a.b; `import a.b.c` may end in a part of a.b.
std::optional<std::size_t> SourceTree::resolve_python(std::size_t file,
                                                      const Import& import) const {
  std::string dotted = import.member.empty() ? import.name : import.name + "." + import.member;
  while (!dotted.empty()) {
    if (const auto found = find_module(file, dotted)) {
      return found;
    }
    const std::size_t dot = dotted.rfind('.');
    dotted.resize(dot == std::string::npos ? 0 : dot);
  }
  return std::nullopt;
}

// One dot is the file's own package, each further one the package around it.
std::optional<std::size_t> SourceTree::resolve_relative(std::size_t file,
                                                        const Import& import) const {
  const std::size_t dots = std::min(import.name.find_first_not_of('.'), import.name.size());
  std::string_view folder = folder_of(paths_[file]);
  for (std::size_t i = 1; i < dots; ++i) {
    folder = folder_of(folder);
  }
  const std::string name = with_slashes(import.name.substr(dots));
  const std::string stem = name.empty() ? std::string(folder) : in_folder(folder, name);
  if (!import.member.empty()) {
    if (const auto found = first_of(in_folder(stem, import.member), kPythonEndings)) {
      return found;
    }
  }
  return name.empty() ? first_of(in_folder(stem, "__init__"), kPythonEndings)
                      : first_of(stem, kPythonEndings);
}

// By the full name of a module; else, for packages without an __init__.py, seen from the folders
// above the file.
std::optional<std::size_t> SourceTree::find_module(std::size_t file,
                                                   const std::string& dotted) const {
  const auto known = by_module_.find(dotted);
  if (known != by_module_.end()) {
    return nearest(file, known->second);
  }
  const std::string name = with_slashes(dotted);
  for (std::string_view folder = folder_of(paths_[file]);; folder = folder_of(folder)) {
    if (!is_package(folder)) {  // an absolute import does not look into its own package
      if (const auto found = first_of(in_folder(folder, name), kPythonEndings)) {
        return found;
      }
    }
    if (folder.empty()) {
      return std::nullopt;
    }
  }
}

bool SourceTree::is_package(std::string_view folder) const {
  return by_path_.contains(in_folder(folder, "__init__.py"));
}

// The name by which other files import it: from the nearest folder above that is no package.
std::string SourceTree::module_name(std::string_view path) const {
  std::string_view root = folder_of(path);
  while (!root.empty() && is_package(root)) {
    root = folder_of(root);
  }
  std::string name(path.substr(root.empty() ? 0 : root.size() + 1));
  name.resize(name.rfind('.'));
  constexpr std::string_view kPackage = "/__init__";
  if (name.ends_with(kPackage)) {
    name.resize(name.size() - kPackage.size());
  }
  std::ranges::replace(name, '/', '.');
  return name;
}

std::vector<std::size_t> needed_first(const std::vector<std::vector<std::size_t>>& needs) {
  struct Visit {
    std::size_t node, next;  // next: the place in its needs
  };
  std::vector<std::size_t> order;
  std::vector<bool> is_seen(needs.size(), false);
  std::vector<Visit> open;  // not recursion: a chain may be as long as the tree
  for (std::size_t start = 0; start < needs.size(); ++start) {
    if (is_seen[start]) {
      continue;
    }
    is_seen[start] = true;
    open.push_back({.node = start, .next = 0});
    while (!open.empty()) {
      auto& [node, next] = open.back();
      if (next == needs[node].size()) {
        order.push_back(node);
        open.pop_back();
      } else if (const std::size_t needed = needs[node][next++]; !is_seen[needed]) {
        is_seen[needed] = true;
        open.push_back({.node = needed, .next = 0});
      }
    }
  }
  return order;
}

}  // namespace rq::data
