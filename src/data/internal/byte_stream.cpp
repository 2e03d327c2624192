#include "data/internal/byte_stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "base/check.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1 << 18;

class PlainStream : public ByteStream {
 public:
  explicit PlainStream(fs::path path)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
    check(descriptor_ >= 0, "cannot read {}: {}", path_.string(), std::strerror(errno));
  }
  ~PlainStream() override { ::close(descriptor_); }

  std::size_t read(std::span<char> to) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, to.data(), to.size());
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      check(errno == EINTR, "cannot read {}: {}", path_.string(), std::strerror(errno));
    }
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  int descriptor_;
};

class GzipStream : public ByteStream {
 public:
  explicit GzipStream(const fs::path& path) : file_(path), piece_(kPieceBytes) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&state_, MAX_WBITS + kGzipOnly) != Z_OK) {
      throw MachineError(fmt::format("no memory to decompress {}", path.string()));
    }
  }
  ~GzipStream() override { inflateEnd(&state_); }

  std::size_t read(std::span<char> to) override {
    state_.next_out = reinterpret_cast<Bytef*>(to.data());
    state_.avail_out = static_cast<uInt>(to.size());
    while (state_.avail_out == to.size()) {
      if (state_.avail_in == 0 && !refill()) {
        check(is_between_members_, "{} ends in the middle: it is cut off", file_.path().string());
        return 0;
      }
      is_between_members_ = false;
      const int result = inflate(&state_, Z_NO_FLUSH);
      check(result == Z_OK || result == Z_STREAM_END,
            "{} is not sound gzip data: {}",
            file_.path().string(),
            state_.msg != nullptr ? state_.msg : "it is damaged");
      if (result == Z_STREAM_END) {
        is_between_members_ = true;  // another member may follow
        inflateReset(&state_);
      }
    }
    return to.size() - state_.avail_out;
  }

 private:
  bool refill() {
    const std::size_t got = file_.read(piece_);
    state_.next_in = reinterpret_cast<Bytef*>(piece_.data());
    state_.avail_in = static_cast<uInt>(got);
    return got > 0;
  }

  PlainStream file_;
  std::vector<char> piece_;
  z_stream state_{};
  bool is_between_members_ = false;
};

class ZstdStream : public ByteStream {
 public:
  explicit ZstdStream(const fs::path& path)
      : file_(path), piece_(kPieceBytes), state_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    ZSTD_initDStream(state_.get());
  }

  std::size_t read(std::span<char> to) override {
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size && !refill()) {
        check(is_between_frames_, "{} ends in the middle: it is cut off", file_.path().string());
        return 0;
      }
      const std::size_t result = ZSTD_decompressStream(state_.get(), &out, &in_);
      check(ZSTD_isError(result) == 0,
            "{} is not sound Zstandard data: {}",
            file_.path().string(),
            ZSTD_getErrorName(result));
      is_between_frames_ = result == 0;
    }
    return out.pos;
  }

 private:
  bool refill() {
    in_ = {piece_.data(), file_.read(piece_), 0};
    return in_.size > 0;
  }

  PlainStream file_;
  std::vector<char> piece_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> state_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool is_between_frames_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> open_stream(const fs::path& path) {
  const std::string ending = path.extension().string();
  if (ending == ".gz" || ending == ".dz") {
    return std::make_unique<GzipStream>(path);
  }
  if (ending == ".zst") {
    return std::make_unique<ZstdStream>(path);
  }
  return std::make_unique<PlainStream>(path);
}

std::string read_all(ByteStream& stream) {
  std::string all;
  std::size_t filled = 0;
  while (true) {
    if (filled == all.size()) {
      all.resize(std::max(kPieceBytes, 2 * all.size()));
    }
    const std::size_t got = stream.read({all.data() + filled, all.size() - filled});
    if (got == 0) {
      break;
    }
    filled += got;
  }
  all.resize(filled);
  return all;
}

fs::path uncompressed_name(const fs::path& path) {
  const std::string ending = path.extension().string();
  const bool is_compressed = ending == ".gz" || ending == ".dz" || ending == ".zst";
  return is_compressed ? path.stem() : path.filename();
}

}  // namespace rq::data
