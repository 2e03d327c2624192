// JSON Lines: one object a line: its text or its conversation in one field, or a preference.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "data/conversation.h"
#include "data/internal/byte_stream.h"
#include "data/internal/reader.h"
#include "data/preference.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLineBytes = std::size_t{1} << 28;  // past it, a line is no document

void take_line(std::string_view line, std::int64_t number, const std::string& field, Sink& sink) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
    return;  // blank lines are allowed between records
  }
  if (line.find('\0') != std::string_view::npos) {
    return sink.bad(number, "binary data", line);
  }
  const Json value = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) {
    return sink.bad(number, "not JSON", line);
  }
  if (!value.is_object()) {
    return sink.bad(number, "not a JSON object", line);
  }
  const auto found = value.find(field);
  if (found == value.end()) {
    return sink.bad(number, "no such field", line);
  }
  const bool is_preference = field == "chosen" && value.contains("rejected");
  if (found->is_array() || is_preference) {
    try {
      return sink.document(
          is_preference ? read_preference(value).document() : read_conversation(*found).document(),
          number);
    } catch (const BadConversation& bad) {
      return sink.bad(number, bad.reason, line);
    }
  }
  if (!found->is_string()) {
    return sink.bad(number, "the field is not text", line);
  }
  sink.document(found->get_ref<const std::string&>(), number);
}

}  // namespace

void read_jsonl(const fs::path& path, const std::string& field, Sink& sink) {
  const auto stream = open_stream(path);
  std::vector<char> piece(1 << 18);
  std::string line;
  std::int64_t number = 1;
  const auto finish = [&] {
    if (line.size() > kLongestLineBytes) {
      sink.bad(number, "line over 256 MiB", line);
    } else {
      take_line(line, number, field, sink);
    }
    line.clear();
    ++number;
  };
  while (const std::size_t got = stream->read(piece)) {
    std::string_view rest(piece.data(), got);
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      line += rest.substr(0, end);
      finish();
      rest.remove_prefix(end + 1);
    }
    if (line.size() <= kLongestLineBytes) {  // of an overlong line, no more than this is held
      line += rest;
    }
  }
  if (!line.empty()) {
    finish();
  }
}

}  // namespace rq::data
