#pragma once
// A file of any known format as a sequence of documents.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace rq::data {

// Takes what a reader finds, in the file's order.
class Sink {
 public:
  Sink() = default;
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  // A document's text, whose encoding is not checked yet. `line` is where it begins (a row's number
  // for Parquet), from 1.
  virtual void document(std::string_view text, std::int64_t line) = 0;
  // A record that is no document; `reason` is one of a few fixed sentences, `excerpt` its
  // beginning.
  virtual void bad(std::int64_t line, std::string_view reason, std::string_view excerpt) = 0;
};

// Reads `path` in the format that its name says (config.h, SourceConfig); `field` holds the text in
// JSONL and Parquet. A file that cannot be read or decompressed is an Error that names it.
void read_documents(const std::filesystem::path& path, const std::string& field, Sink& sink);

// The same for one format each; the file's name is not looked at, but for its compression.
void read_text(const std::filesystem::path& path, Sink& sink);
void read_jsonl(const std::filesystem::path& path, const std::string& field, Sink& sink);
void read_html(const std::filesystem::path& path, Sink& sink);
void read_metamath(const std::filesystem::path& path, Sink& sink);
void read_parquet(const std::filesystem::path& path, const std::string& field, Sink& sink);

// What a page says, without its tags, scripts and entities; block elements begin a new line.
std::string html_to_text(std::string_view html);

}  // namespace rq::data
