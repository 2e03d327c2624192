#include "data/internal/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace rq::data {
namespace {

namespace fs = std::filesystem;

using Components = std::vector<std::string>;

// Adds the files under `folder` that match components [at, end).
void walk(const fs::path& folder,
          const Components& components,
          std::size_t at,
          std::vector<fs::path>& files) {
  const std::string& component = components[at];
  const bool is_last = at + 1 == components.size();
  std::error_code error;
  if (component == "**") {
    if (!is_last) {
      walk(folder, components, at + 1, files);
    }
    for (const auto& entry :
         fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, error)) {
      const bool is_hidden = entry.path().filename().string().starts_with('.');
      // Links to folders are not followed: they may lead in a circle.
      if (!is_hidden && entry.is_directory(error) && !entry.is_symlink(error)) {
        walk(entry.path(), components, at, files);
      } else if (!is_hidden && is_last && entry.is_regular_file(error)) {
        files.push_back(entry.path());
      }
    }
    return;
  }
  // Takes a file that the last component names, and goes on in a folder that another one does.
  const auto take_or_enter = [&](const fs::path& path) {
    if (is_last && fs::is_regular_file(path, error)) {
      files.push_back(path);
    } else if (!is_last && fs::is_directory(path, error)) {
      walk(path, components, at + 1, files);
    }
  };
  if (component.find_first_of("*?[") == std::string::npos) {
    const fs::path next = folder / component;
    take_or_enter(next);
    return;
  }
  for (const auto& entry :
       fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, error)) {
    if (::fnmatch(component.c_str(), entry.path().filename().c_str(), FNM_PERIOD) == 0) {
      take_or_enter(entry.path());
    }
  }
}

}  // namespace

std::vector<fs::path> find_files(std::string_view pattern, const fs::path& folder) {
  const fs::path whole(pattern);
  Components components;
  for (const auto& component : whole.relative_path()) {
    if (!component.empty() && component != ".") {
      components.push_back(component.string());
    }
  }
  std::vector<fs::path> files;
  if (components.empty()) {
    return files;
  }
  walk(whole.is_absolute() ? whole.root_path() : (folder.empty() ? fs::path(".") : folder),
       components,
       0,
       files);
  std::ranges::sort(files);
  const auto repeated = std::ranges::unique(files);
  files.erase(repeated.begin(), repeated.end());
  return files;
}

}  // namespace rq::data
