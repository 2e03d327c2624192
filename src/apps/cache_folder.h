#pragma once
// Where what was fetched is kept for all runs.

#include <cstdlib>
#include <filesystem>

namespace rq {

inline std::filesystem::path cache_folder() {
  if (const char* own = std::getenv("RORQUAL_CACHE")) {
    return own;
  }
  if (const char* shared = std::getenv("XDG_CACHE_HOME")) {
    return std::filesystem::path(shared) / "rorqual";
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".cache" / "rorqual";
}

}  // namespace rq
