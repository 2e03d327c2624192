#pragma once
// Whole files through a tokenizer: JSON lines ({"text": …} or {"tokens": […]}, one document a line)
// or raw bytes.
//
// A file is JSON lines where its name ends in .jsonl; any other is one document. Lines are worked
// on by many threads and written in the order they came, a few megabytes at a time, so memory does
// not grow with the file.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

struct FileRun {
  int threads = 0;                                      // 0 is one a core
  std::function<void(std::int64_t bytes_read)> report;  // now and then, for a progress bar
};

// Text to {"tokens": […]}, one line a document. An Error names the file, the line, and what is
// wrong with it; then no output is left.
void encode_file(const Tokenizer& tokenizer,
                 const std::filesystem::path& input,
                 const std::filesystem::path& output,
                 const FileRun& run = {});

// {"tokens": […]} lines to {"text": …} lines. Bytes that are not UTF-8 cannot stand in JSON: there
// "text" has U+FFFD in place of each, and "hex" holds the exact bytes. An output that is not .jsonl
// gets the bytes of all documents, one after the other.
void decode_file(const Tokenizer& tokenizer,
                 const std::filesystem::path& input,
                 const std::filesystem::path& output,
                 const FileRun& run = {});

// The documents of files, one after the other. One thread at a time.
class DocumentReader {
 public:
  // An Error names a file that is missing or no plain file.
  explicit DocumentReader(std::vector<std::filesystem::path> files);
  // The next document's bytes; false after the last.
  bool next(std::string& document);

  std::int64_t total_bytes() const { return total_bytes_; }  // of all files
  std::int64_t bytes_read() const { return bytes_read_; }

 private:
  std::vector<std::filesystem::path> files_;
  std::size_t next_file_ = 0;
  std::ifstream lines_;  // of the current .jsonl file
  std::int64_t line_number_ = 0;
  std::int64_t total_bytes_ = 0, bytes_read_ = 0;
};

}  // namespace rq::tokenizer
