// Parquet, through the Arrow C++ library of the pyarrow wheel. The only file that sees its headers.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "data/internal/join.h"
#include "data/internal/reader.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>

namespace rq::data {
namespace {

// The value of an Arrow result; its failure becomes an Error that names the file.
template <typename T>
T value_of(arrow::Result<T> result, const std::string& path) {
  check(result.ok(), "cannot read {} as Parquet: {}", path, result.status().message());
  return std::move(result).ValueUnsafe();
}

template <typename Array>
void take_strings(const Array& column, std::int64_t first_row, Sink& sink) {
  for (std::int64_t i = 0; i < column.length(); ++i) {
    if (column.IsNull(i)) {
      sink.bad(first_row + i, "no such field", "null");
    } else {
      sink.document(column.GetView(i), first_row + i);
    }
  }
}

}  // namespace

void read_parquet(const std::filesystem::path& path, const std::string& field, Sink& sink) {
  const std::string name = path.string();
  const auto file = value_of(arrow::io::ReadableFile::Open(name), name);
  const auto reader = value_of(parquet::arrow::OpenFile(file, arrow::default_memory_pool()), name);

  std::shared_ptr<arrow::Schema> schema;
  const arrow::Status status = reader->GetSchema(&schema);
  check(status.ok(), "cannot read {} as Parquet: {}", name, status.message());
  const int column = schema->GetFieldIndex(field);
  check(column >= 0,
        "{} has no column \"{}\"; it has {}",
        name,
        field,
        join(schema->field_names(), ", "));
  const auto kind = schema->field(column)->type()->id();
  check(kind == arrow::Type::STRING || kind == arrow::Type::LARGE_STRING ||
            kind == arrow::Type::BINARY,
        "{}: column \"{}\" is of type {}, not text",
        name,
        field,
        schema->field(column)->type()->ToString());

  std::int64_t row = 1;
  for (int group = 0; group < reader->num_row_groups(); ++group) {  // one group in memory at a time
    std::shared_ptr<arrow::ChunkedArray> values;
    const arrow::Status read = reader->RowGroup(group)->Column(column)->Read(&values);
    check(read.ok(), "cannot read {} as Parquet: {}", name, read.message());
    for (const auto& chunk : values->chunks()) {
      if (kind == arrow::Type::STRING) {
        take_strings(static_cast<const arrow::StringArray&>(*chunk), row, sink);
      } else if (kind == arrow::Type::LARGE_STRING) {
        take_strings(static_cast<const arrow::LargeStringArray&>(*chunk), row, sink);
      } else {
        take_strings(static_cast<const arrow::BinaryArray&>(*chunk), row, sink);
      }
      row += chunk->length();
    }
  }
}

}  // namespace rq::data
