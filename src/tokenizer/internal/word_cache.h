#pragma once
// The tokens of words seen before. Text repeats few words often, so most pieces cost one look here.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace rq::tokenizer {

// Direct-mapped: a word takes the place of the one before it, so memory is bounded. One thread at a
// time.
class WordCache {
 public:
  static constexpr std::size_t kMaxBytes = 15;  // of a word
  static constexpr std::size_t kMaxTokens = 4;  // of a word

  // A word of 1 to kMaxBytes bytes as two numbers that no other word has.
  struct Key {
    std::uint64_t low, high;
    bool operator==(const Key&) const = default;
  };
  static Key key_of(std::string_view word) {
    const char* const text = word.data();
    const std::size_t size = word.size();
    const auto length = static_cast<std::uint64_t>(size) << 56;
    if (size >= 8) {
      // The last eight bytes overlap the first; what they share is shifted out.
      const std::uint64_t tail = load<std::uint64_t>(text + size - 8);
      return {load<std::uint64_t>(text), (size == 8 ? 0 : tail >> (8 * (16 - size))) | length};
    }
    if (size >= 4) {
      return {load<std::uint32_t>(text) |
                  static_cast<std::uint64_t>(load<std::uint32_t>(text + size - 4)) << 32,
              length};
    }
    const auto byte = [&](std::size_t i) {
      return static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]));
    };
    return {byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16, length};
  }

  struct Entry {
    Key key{0, 0};
    std::array<std::int32_t, kMaxTokens> tokens{};  // the first `count`; the rest is -1

    std::size_t count() const {
      std::size_t tokens_used = 1;
      while (tokens_used < kMaxTokens && tokens[tokens_used] >= 0) {
        ++tokens_used;
      }
      return tokens_used;
    }
  };

  WordCache() : entries_(kEntries) {}

  // Where the word stands if it is known; `entry.key == key` tells.
  Entry& slot(const Key& key) {
    const std::uint64_t mixed =
        (key.low ^ (key.high * 0x9e3779b97f4a7c15ULL)) * 0xd6e8feb86659fd93ULL;
    return entries_[mixed >> (64 - kEntryBits)];
  }

 private:
  template <typename T>
  static T load(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
  }

  static constexpr int kEntryBits = 16;  // 2 MiB
  static constexpr std::size_t kEntries = std::size_t{1} << kEntryBits;
  std::vector<Entry> entries_;
};

}  // namespace rq::tokenizer
