#include "reward/internal/packed.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <zlib.h>

#include "base/check.h"

namespace rq::reward {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;  // past it, a small file could fill memory

std::string from_base64(std::string_view text, std::string_view origin) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  check(size == static_cast<int>(bytes.size()) && size > 0, "{}: not base64", origin);
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

// Reads the opcodes of which Python makes a pickle of one text (protocols 1 to 5).
class TextPickle {
 public:
  TextPickle(std::string_view bytes, std::string_view origin) : rest_(bytes), origin_(origin) {}

  std::string read() {
    std::string text;
    while (true) {
      const auto code = static_cast<unsigned char>(take(1)[0]);
      switch (code) {
        case 0x80:  // PROTO
        case 'q':   // BINPUT
          take(1);
          break;
        case 0x95:  // FRAME
          take(8);
          break;
        case 'r':  // LONG_BINPUT
          take(4);
          break;
        case 0x94:  // MEMOIZE
          break;
        case 0x8c:  // SHORT_BINUNICODE
          text = take(little_endian(1));
          break;
        case 'X':  // BINUNICODE
          text = take(little_endian(4));
          break;
        case 0x8d:  // BINUNICODE8
          text = take(little_endian(8));
          break;
        case '.':  // STOP
          return text;
        default:
          fail("{}: a pickle of more than one text (opcode {}) is not read", origin_, int{code});
      }
    }
  }

 private:
  std::string_view take(std::size_t count) {
    check(count <= rest_.size(), "{}: a pickle that ends in the middle", origin_);
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::size_t little_endian(std::size_t bytes) {
    std::size_t value = 0;
    const std::string_view taken = take(bytes);
    for (std::size_t i = bytes; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(taken[i]);
    }
    return value;
  }

  std::string_view rest_, origin_;
};

}  // namespace

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

std::string inflated(std::string_view bytes, std::string_view origin) {
  constexpr int kZlibOrGzip = 32;
  check(bytes.size() <= kMostBytes, "{}: more than {} bytes", origin, kMostBytes);
  z_stream state{};
  if (inflateInit2(&state, MAX_WBITS + kZlibOrGzip) != Z_OK) {
    throw MachineError(fmt::format("no memory to decompress {}", origin));
  }
  std::string all;
  int result = Z_OK;
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  state.avail_in = static_cast<uInt>(bytes.size());
  while (result == Z_OK && all.size() < kMostBytes) {
    const std::size_t before = all.size();
    all.resize(before + kPieceBytes);
    state.next_out = reinterpret_cast<Bytef*>(all.data() + before);
    state.avail_out = kPieceBytes;
    result = inflate(&state, Z_NO_FLUSH);
    all.resize(all.size() - state.avail_out);
    if (result == Z_STREAM_END && state.avail_in > 0) {
      result = inflateReset(&state);  // another member follows
    }
  }
  inflateEnd(&state);
  check(result == Z_STREAM_END || result == Z_OK, "{}: damaged or cut off compressed data", origin);
  check(result == Z_STREAM_END, "{}: more than {} bytes when decompressed", origin, kMostBytes);
  return all;
}

std::string unpacked_text(std::string_view text, std::string_view origin) {
  const std::string pickle = inflated(from_base64(text, origin), origin);
  return TextPickle(pickle, origin).read();
}

}  // namespace rq::reward
