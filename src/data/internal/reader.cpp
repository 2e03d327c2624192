#include "data/internal/reader.h"

#include <filesystem>
#include <string>

#include "data/internal/byte_stream.h"

namespace rq::data {

namespace fs = std::filesystem;

void read_documents(const fs::path& path, const std::string& field, Sink& sink) {
  const std::string ending = uncompressed_name(path).extension().string();
  if (ending == ".jsonl" || ending == ".ndjson") {
    read_jsonl(path, field, sink);
  } else if (ending == ".parquet") {
    read_parquet(path, field, sink);
  } else if (ending == ".html" || ending == ".htm") {
    read_html(path, sink);
  } else if (ending == ".mm") {
    read_metamath(path, sink);
  } else {
    read_text(path, sink);
  }
}

void read_text(const fs::path& path, Sink& sink) {
  sink.document(read_all(*open_stream(path)), 1);
}

}  // namespace rq::data
