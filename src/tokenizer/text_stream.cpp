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

// How many bytes at the front, at least one, are the beginning of a character that does not go on.
std::size_t broken_bytes(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0xC2 || first > 0xF4) {
    return 1;
  }
  // What may follow is narrower where a form would be overlong, a surrogate, or past U+10FFFF.
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  const std::size_t whole = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (whole == 2 || byte(1) < low || byte(1) > high) {
    return 1;
  }
  return whole == 4 && byte(2) >= 0x80 && byte(2) <= 0xBF ? 3 : 2;
}

// How many bytes at the end are the beginning of a character that may still go on.
std::size_t unfinished_bytes(std::string_view bytes) {
  const std::size_t most = std::min<std::size_t>(3, bytes.size());
  for (std::size_t length = 1; length <= most; ++length) {
    const std::string_view end = bytes.substr(bytes.size() - length);
    const auto first = static_cast<unsigned char>(end.front());
    if (first >= 0xC2 && first <= 0xF4) {
      const std::size_t whole = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
      return length < whole && broken_bytes(end) == length ? length : 0;
    }
    if (first < 0x80 || first >= 0xC0) {
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
  while (!bytes.empty()) {
    const std::size_t valid = valid_utf8_prefix(bytes);
    text += bytes.substr(0, valid);
    bytes.remove_prefix(valid);
    if (!bytes.empty()) {
      append_utf8(U'\uFFFD', text);
      bytes.remove_prefix(broken_bytes(bytes));
    }
  }
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
