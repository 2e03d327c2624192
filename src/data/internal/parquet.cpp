// Parquet, through the Arrow C++ library of the pyarrow wheel. The only file that sees its headers.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>

#include "base/check.h"
#include "data/internal/join.h"
#include "data/internal/reader.h"

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

// Strings that stand once in a list and are named by their number.
struct DictionaryStrings {
  const arrow::DictionaryArray& codes;
  const arrow::StringArray& values;
  std::int64_t length() const { return codes.length(); }
  // NOLINTBEGIN(readability-identifier-naming): named as Arrow's arrays do.
  bool IsNull(std::int64_t i) const { return codes.IsNull(i); }
  std::string_view GetView(std::int64_t i) const { return values.GetView(codes.GetValueIndex(i)); }
  // NOLINTEND(readability-identifier-naming)
};

// False where the column's type is not text.
bool take_chunk(const arrow::Array& chunk, std::int64_t first_row, Sink& sink) {
  switch (chunk.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      take_strings(static_cast<const arrow::BinaryArray&>(chunk), first_row, sink);
      return true;
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      take_strings(static_cast<const arrow::LargeBinaryArray&>(chunk), first_row, sink);
      return true;
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
      take_strings(static_cast<const arrow::BinaryViewArray&>(chunk), first_row, sink);
      return true;
    case arrow::Type::DICTIONARY: {
      const auto& codes = static_cast<const arrow::DictionaryArray&>(chunk);
      if (codes.dictionary()->type_id() != arrow::Type::STRING) {
        return false;
      }
      const auto& values = static_cast<const arrow::StringArray&>(*codes.dictionary());
      take_strings(DictionaryStrings{codes, values}, first_row, sink);
      return true;
    }
    default:
      return false;
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
  std::int64_t row = 1;
  for (int group = 0; group < reader->num_row_groups(); ++group) {  // one group in memory at a time
    std::shared_ptr<arrow::ChunkedArray> values;
    const arrow::Status read = reader->RowGroup(group)->Column(column)->Read(&values);
    check(read.ok(), "cannot read {} as Parquet: {}", name, read.message());
    for (const auto& chunk : values->chunks()) {
      check(take_chunk(*chunk, row, sink),
            "{}: column \"{}\" is of type {}, not text",
            name,
            field,
            chunk->type()->ToString());
      row += chunk->length();
    }
  }
}

}  // namespace rq::data
