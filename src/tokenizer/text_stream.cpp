#include "tokenizer/text_stream.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/internal/utf8.h"

namespace rq::tokenizer {
namespace {

// How many bytes at the end may be the beginning of a character.
std::size_t unfinished_bytes(std::string_view bytes) {
  const std::size_t most = std::min<std::size_t>(3, bytes.size());
  for (std::size_t length = 1; length <= most; ++length) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - length]);
    if (byte >= 0xC0) {  // a first byte, which says how long the character is
      const std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
      return length < whole ? length : 0;
    }
    if (byte < 0x80) {
      return 0;
    }
  }
  return 0;
}

// The longest end of `text` that `stop` begins with, short of all of it.
std::size_t begun(std::string_view text, std::string_view stop) {
  std::size_t length = std::min(text.size(), stop.empty() ? 0 : stop.size() - 1);
  while (length > 0 && !stop.starts_with(text.substr(text.size() - length))) {
    --length;
  }
  return length;
}

}  // namespace

std::string repaired_utf8(std::string_view bytes) {
  std::string text;
  each_utf8_run(
      bytes,
      [&](std::string_view valid) { text += valid; },
      [&](std::string_view) { append_utf8(U'\uFFFD', text); });
  return text;
}

TextStream::TextStream(Tokenizer tokenizer, std::vector<std::string> stops)
    : tokenizer_(std::move(tokenizer)), stops_(std::move(stops)) {
  std::erase(stops_, std::string());
}

std::string TextStream::push(std::int32_t token) {
  if (is_stopped_ || tokenizer_.is_special(token)) {
    return {};
  }
  bytes_ += tokenizer_.bytes_of(token);
  const std::size_t whole = bytes_.size() - unfinished_bytes(bytes_);
  text_ += repaired_utf8(std::string_view(bytes_).substr(0, whole));
  bytes_.erase(0, whole);
  std::size_t held = 0;
  for (const std::string& stop : stops_) {
    held = std::max(held, begun(text_, stop));
  }
  return release(held);
}

std::string TextStream::finish() {
  text_ += repaired_utf8(bytes_);
  bytes_.clear();
  return release(0);
}

// All but the last `kept_bytes` of the text, or what stands before the first stop.
std::string TextStream::release(std::size_t kept_bytes) {
  std::size_t end = std::string::npos;
  for (const std::string& stop : stops_) {
    end = std::min(end, text_.find(stop));
  }
  is_stopped_ = is_stopped_ || end != std::string::npos;
  std::string released = text_.substr(0, std::min(end, text_.size() - kept_bytes));
  text_.erase(0, is_stopped_ ? text_.size() : released.size());
  return released;
}

}  // namespace rq::tokenizer
