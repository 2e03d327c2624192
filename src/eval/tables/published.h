#pragma once
// Figures that others have published, as data: shown beside measured ones, and never as such.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rq::eval {

struct PublishedRow {
  std::string task = {};  // of ours, where there is one with this name
  std::string title = {}, section = {}, metric = {};
  std::int64_t shots = 0;
  std::map<std::string, double> values = {};  // by model; not every model has each
};

struct PublishedTable {
  std::string name = {};  // "base"
  std::string title = {}, source = {};
  std::vector<std::string> models = {};  // in the order of their columns
  std::vector<PublishedRow> rows = {};

  const PublishedRow* find(std::string_view task) const;
};

// Those that are part of the program.
const std::vector<PublishedTable>& published_tables();

// The columns that "published:NAME" means: one model's, or all of a table's. An Error names the
// nearest.
struct PublishedColumn {
  const PublishedTable& table;
  std::string model = {};
};
std::vector<PublishedColumn> published_columns(std::string_view name);

}  // namespace rq::eval
