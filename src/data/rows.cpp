#include "data/rows.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "data/internal/byte_stream.h"
#include "data/internal/delimited.h"
#include "data/internal/glob.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

RowFormat format_by_name(const fs::path& path) {
  const std::string ending = uncompressed_name(path).extension().string();
  check(ending != ".parquet",
        "{0}: rows in Parquet are not read; make lines of JSON of them: python3 -c \"import json, "
        "sys, pyarrow.parquet as p; [print(json.dumps(r, default=str)) for r in "
        "p.read_table(sys.argv[1]).to_pylist()]\" {0} > {1}",
        path.string(),
        fs::path(path).replace_extension(".jsonl").string());
  return ending == ".jsonl"  ? RowFormat::kLines
         : ending == ".json" ? RowFormat::kDocument
         : ending == ".csv"  ? RowFormat::kCommas
         : ending == ".tsv"  ? RowFormat::kTabs
                             : RowFormat::kText;
}

std::string whole_text(const fs::path& path) {
  std::string text = read_all(*open_stream(path));
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  return text;
}

// Non-blank lines with their numbers.
template <typename Take>
void for_each_line(std::string_view text, Take&& take) {
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      take(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, number);
    }
  }
}

// The rows of one file.
class FileRows {
 public:
  FileRows(const fs::path& path, const fs::path& folder, const RowSource& source)
      : source_(source), name_(path.string()) {
    const fs::path below = path.lexically_relative(folder);
    folder_ = below.parent_path().string();
    stem_ = uncompressed_name(below).stem().string();
  }

  std::vector<Row> read(RowFormat format) {
    const std::string text = whole_text(name_);
    if (format == RowFormat::kLines) {
      for_each_line(text, [&](std::string_view line, std::int64_t number) {
        const std::string origin = fmt::format("{}:{}", name_, number);
        add(parse_json(line, origin), origin);
      });
    } else if (format == RowFormat::kDocument) {
      descend(parse_json(text, name_), source_.rows, Json::object());
    } else if (format == RowFormat::kText) {
      add(Json{{"text", text}}, name_);
    } else {
      read_table(read_delimited(text, format == RowFormat::kTabs ? '\t' : ',', name_));
    }
    return std::move(rows_);
  }

 private:
  void add(Json members, std::string origin) {
    if (!members.is_object()) {
      members = Json{{"row", std::move(members)}};
    }
    members["file_folder"] = folder_;
    members["file_stem"] = stem_;
    rows_.push_back({std::move(members), std::move(origin)});
  }

  // `kept`: what stood beside the way.
  void descend(const Json& value, std::string_view way, const Json& kept) {
    const bool is_place = !way.empty() && way[0] >= '0' && way[0] <= '9';
    const bool is_list_of_lists =
        value.is_array() &&
        std::ranges::all_of(value, [](const Json& one) { return one.is_array(); });
    if (value.is_array() && is_place && !is_list_of_lists) {
      descend_to_place(value, way, kept);
      return;
    }
    if (value.is_array()) {
      for (const Json& one : value) {
        descend(one, way, kept);
      }
      return;
    }
    Json members = kept;
    if (way.empty()) {
      if (value.is_object()) {
        members.update(value);
      } else {
        members["row"] = value;
      }
      add(std::move(members), fmt::format("{}: row {}", name_, rows_.size() + 1));
      return;
    }
    const std::size_t dot = std::min(way.find('.'), way.size());
    const std::string next(way.substr(0, dot));
    const std::string_view rest = way.substr(std::min(dot + 1, way.size()));
    if (next == "*" && value.is_object()) {  // by any name, which is kept
      for (const auto& [name, member] : value.items()) {
        members["key"] = name;
        descend(member, rest, members);
      }
      return;
    }
    check(value.is_object() && value.contains(next),
          "{}: there is no \"{}\" on the way to its rows, {}",
          name_,
          next,
          source_.rows);
    for (const auto& [name, member] : value.items()) {
      if (name != next) {
        members[name] = member;
      }
    }
    descend(value[next], rest, members);
  }

  void descend_to_place(const Json& list, std::string_view way, const Json& kept) {
    const std::size_t dot = std::min(way.find('.'), way.size());
    const std::size_t place = std::stoul(std::string(way.substr(0, dot)));
    check(place < list.size(), "{}: a list of {} has no place {}", name_, list.size(), place);
    Json members = kept;
    members["beside"] = list;
    descend(list[place], way.substr(std::min(dot + 1, way.size())), members);
  }

  void read_table(const std::vector<DelimitedRow>& table) {
    std::vector<std::string> names = source_.columns;
    std::size_t first = 0;
    if (names.empty()) {
      check(!table.empty(), "{}: there is no line with the names of columns", name_);
      names = table.front().fields;
      first = 1;
    }
    for (std::size_t i = first; i < table.size(); ++i) {
      const std::string origin = fmt::format("{}:{}", name_, table[i].line);
      const auto& fields = table[i].fields;
      check(fields.size() == names.size(),
            "{}: there are {} fields where {} columns are named: {}",
            origin,
            fields.size(),
            names.size(),
            fmt::join(names, ", "));
      Json members = Json::object();
      for (std::size_t column = 0; column < names.size(); ++column) {
        members[names[column]] = fields[column];
      }
      add(std::move(members), origin);
    }
  }

  const RowSource& source_;
  std::string name_, folder_, stem_;
  std::vector<Row> rows_;
};

// A row for each place in the lists that are spread.
std::vector<Row> spread(const Row& row, const std::vector<std::string>& names) {
  std::size_t count = 0;
  for (const std::string& name : names) {
    const Json list = row.members.value(name, Json());
    check(list.is_array(), "{}: \"{}\" is no list to be spread", row.origin, name);
    check(name == names.front() || list.size() == count,
          "{}: \"{}\" has {} elements, \"{}\" {}",
          row.origin,
          name,
          list.size(),
          names.front(),
          count);
    count = list.size();
  }
  std::vector<Row> rows(count, row);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].origin = fmt::format("{}, {}", row.origin, i + 1);
    for (const std::string& name : names) {
      rows[i].members[name] = row.members[name][i];
    }
  }
  return rows;
}

void add_labels(const fs::path& path, std::vector<Row>& rows) {
  check(fs::exists(path), "{} is not there: the labels of the rows", path.string());
  std::vector<std::string> labels;
  const std::string text = whole_text(path);
  for_each_line(text, [&](std::string_view line, std::int64_t) { labels.emplace_back(line); });
  check(labels.size() == rows.size(),
        "{} has {} lines for {} rows",
        path.string(),
        labels.size(),
        rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].members["label"] = labels[i];
  }
}

}  // namespace

std::vector<Row> read_rows(const fs::path& folder, const RowSource& source) {
  std::vector<Row> rows;
  for (const std::string& pattern : source.files) {
    const std::vector<fs::path> files = find_files(pattern, folder);
    check(!files.empty(), "{} is not there", (folder / pattern).string());
    for (const fs::path& file : files) {
      const RowFormat format =
          source.format == RowFormat::kByName ? format_by_name(file) : source.format;
      for (Row& row : FileRows(file, folder, source).read(format)) {
        if (source.spread.empty()) {
          rows.push_back(std::move(row));
          continue;
        }
        for (Row& one : spread(row, source.spread)) {
          rows.push_back(std::move(one));
        }
      }
    }
  }
  if (!source.labels.empty()) {
    add_labels(folder / source.labels, rows);
  }
  return rows;
}

}  // namespace rq::data
