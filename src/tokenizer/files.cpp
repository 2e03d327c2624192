#include "tokenizer/files.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"
#include "base/threads.h"
#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 1 << 20;  // of lines, for one thread at a time

bool is_json_lines(const fs::path& path) {
  return path.extension() == ".jsonl";
}

std::int64_t size_of(const fs::path& path) {
  std::error_code error;
  check(fs::exists(path, error), "{} does not exist", path.string());
  check(fs::is_regular_file(path, error), "{} is not a plain file", path.string());
  return static_cast<std::int64_t>(fs::file_size(path, error));
}

std::ifstream open_lines(const fs::path& path) {
  std::ifstream lines(path, std::ios::binary);
  check(lines.is_open(), "cannot read {}", path.string());
  return lines;
}

std::string name_line(const fs::path& path, std::int64_t line) {
  return fmt::format("{}, line {}", path.string(), line);
}

// The member `key` of a line that must be an object.
Json member_of_line(std::string_view line, const char* key, std::string_view origin) {
  Json value = parse_json(line, origin);
  const auto found = value.is_object() ? value.find(key) : value.end();
  check(value.is_object() && found != value.end(), "{}: not an object with a \"{}\"", origin, key);
  return std::move(*found);
}

std::string text_of_line(std::string_view line, std::string_view origin) {
  Json text = member_of_line(line, "text", origin);
  check(text.is_string(), "{}: \"text\" is {}, not a string", origin, text.type_name());
  return std::move(text.get_ref<std::string&>());
}

void append_tokens_line(const std::vector<std::int32_t>& tokens, std::string& out) {
  out += "{\"tokens\":[";
  char digits[std::numeric_limits<std::int32_t>::digits10 + 2];
  const char* separator = "";
  for (const std::int32_t token : tokens) {
    out += separator;
    out.append(digits, std::to_chars(std::begin(digits), std::end(digits), token).ptr);
    separator = ",";
  }
  out += "]}\n";
}

std::vector<std::int32_t> tokens_of_line(std::string_view line, std::string_view origin) {
  const Json list = member_of_line(line, "tokens", origin);
  check(list.is_array(), "{}: \"tokens\" is {}, not a list", origin, list.type_name());
  std::vector<std::int32_t> tokens;
  tokens.reserve(list.size());
  for (const Json& item : list) {
    const bool is_id =
        item.is_number_integer() && item >= 0 && item <= std::numeric_limits<std::int32_t>::max();
    if (!is_id) {
      fail("{}: \"tokens\" holds {}, which is no token id", origin, item.dump());
    }
    tokens.push_back(item.get<std::int32_t>());
  }
  return tokens;
}

void append_text_line(std::string_view bytes, std::string& out) {
  std::string text, hex;
  const bool is_valid = valid_utf8_prefix(bytes) == bytes.size();
  if (is_valid) {
    text = bytes;
  } else {
    each_utf8_run(
        bytes,
        [&](std::string_view run) { text += run; },
        [&](std::string_view) { text += "\uFFFD"; });
    for (const char byte : bytes) {
      hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
  }
  out += "{\"text\":" + Json(text).dump();
  out += is_valid ? "}\n" : ",\"hex\":\"" + hex + "\"}\n";
}

// Lines of one file that one thread works on.
struct Chunk {
  std::string text;
  std::int64_t first_line = 0;
  std::string result;
};

class LineWork {
 public:
  // Appends what comes of a line to `out`.
  using Work =
      std::function<void(std::string_view line, std::string_view origin, std::string& out)>;

  LineWork(const fs::path& input, const fs::path& output, const FileRun& run, Work work)
      : input_(input),
        lines_(open_lines(input)),
        writer_(output),
        run_(run),
        work_(std::move(work)) {}

  void operator()() {
    const int threads = threads_for(run_.threads);
    std::vector<Chunk> chunks;
    while (read(chunks, static_cast<std::size_t>(threads) * 4)) {
      for_each_index(chunks.size(), threads, [&](std::size_t i) { work_on(chunks[i]); });
      for (const Chunk& chunk : chunks) {
        writer_.write(chunk.result);
        bytes_read_ += static_cast<std::int64_t>(chunk.text.size());
      }
      if (run_.report) {
        run_.report(bytes_read_);
      }
    }
    writer_.commit();
  }

 private:
  bool read(std::vector<Chunk>& chunks, std::size_t count) {
    chunks.clear();
    std::string line;
    while (chunks.size() < count) {
      Chunk chunk{.text = {}, .first_line = line_ + 1, .result = {}};
      while (chunk.text.size() < kChunkBytes && std::getline(lines_, line)) {
        (chunk.text += line) += '\n';
        ++line_;
      }
      if (chunk.text.empty()) {
        break;
      }
      chunks.push_back(std::move(chunk));
    }
    return !chunks.empty();
  }

  void work_on(Chunk& chunk) const {
    std::string_view rest = chunk.text;
    for (std::int64_t line = chunk.first_line; !rest.empty(); ++line) {
      const std::size_t end = rest.find('\n');
      work_(rest.substr(0, end), name_line(input_, line), chunk.result);
      rest.remove_prefix(end + 1);
    }
  }

  fs::path input_;
  std::ifstream lines_;
  FileWriter writer_;
  const FileRun& run_;
  Work work_;
  std::int64_t line_ = 0, bytes_read_ = 0;
};

}  // namespace

void encode_file(const Tokenizer& tokenizer,
                 const fs::path& input,
                 const fs::path& output,
                 const FileRun& run) {
  size_of(input);
  if (!is_json_lines(input)) {
    const MappedFile document(input);
    std::string line;
    append_tokens_line(tokenizer.encode(document.text()), line);
    write_file(output, line);
    return;
  }
  LineWork work(
      input, output, run, [&](std::string_view line, std::string_view origin, std::string& out) {
        append_tokens_line(tokenizer.encode(text_of_line(line, origin)), out);
      });
  work();
}

void decode_file(const Tokenizer& tokenizer,
                 const fs::path& input,
                 const fs::path& output,
                 const FileRun& run) {
  size_of(input);
  const bool gives_lines = is_json_lines(output);
  LineWork work(
      input, output, run, [&](std::string_view line, std::string_view origin, std::string& out) {
        const auto tokens = tokens_of_line(line, origin);
        for (const std::int32_t token : tokens) {
          check(!tokenizer.bytes_of(token).empty(),
                "{}: no token has the id {}; the vocabulary's ids are below {}",
                origin,
                token,
                tokenizer.vocab_size());
        }
        const std::string bytes = tokenizer.decode(tokens);
        if (gives_lines) {
          append_text_line(bytes, out);
        } else {
          out += bytes;
        }
      });
  work();
}

DocumentReader::DocumentReader(std::vector<fs::path> files) : files_(std::move(files)) {
  for (const fs::path& file : files_) {
    total_bytes_ += size_of(file);
  }
}

bool DocumentReader::next(std::string& document) {
  while (true) {
    if (lines_.is_open()) {
      std::string line;
      if (std::getline(lines_, line)) {
        ++line_number_;
        bytes_read_ += static_cast<std::int64_t>(line.size()) + 1;
        document = text_of_line(line, name_line(files_[next_file_ - 1], line_number_));
        return true;
      }
      lines_.close();
    }
    if (next_file_ == files_.size()) {
      return false;
    }
    const fs::path& file = files_[next_file_++];
    if (!is_json_lines(file)) {
      document = read_file(file);
      bytes_read_ += static_cast<std::int64_t>(document.size());
      return true;
    }
    lines_ = open_lines(file);
    line_number_ = 0;
  }
}

}  // namespace rq::tokenizer
