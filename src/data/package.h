#pragma once
// Packages from public registries, fetched by their ordinary clients into a cache.

#include <filesystem>
#include <string>
#include <vector>

#include "data/config.h"

namespace rq::data {

struct Package {
  std::filesystem::path root;  // what PackageConfig::glob is relative to
  std::string archive;         // its file name, with the version
  std::string sha256;          // of the archive
};

// Fetches and unpacks what is not in the cache; with it there, no network and no client is needed.
// Safe against other processes doing the same and against being killed. Throws an Error that names
// the package.
Package fetch_package(const PackageConfig& config, const std::filesystem::path& cache_folder);

}  // namespace rq::data
