#pragma once
// The tables of a byte-level BPE, ready for encoding: which two tokens merge, in which order, and
// into what.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/definition.h"

namespace rq::tokenizer {

// Pairs of tokens -> rank and merged token; open addressing, at most half full.
class MergeTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Found {
    std::uint32_t rank;  // lower merges first; kNone where the two do not merge
    std::int32_t token;
  };

  explicit MergeTable(const Definition& definition);

  Found find(std::int32_t left, std::int32_t right) const {
    const std::uint64_t key = key_of(left, right);
    for (std::size_t at = slot_of(key);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.key == key || slot.key == kEmpty) {
        return slot.found;
      }
    }
  }

 private:
  static constexpr std::uint64_t kEmpty =
      UINT64_MAX;  // ids are below 2^31, so no pair has this key
  struct Slot {
    std::uint64_t key = kEmpty;
    Found found{kNone, 0};
  };
  static std::uint64_t key_of(std::int32_t left, std::int32_t right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint32_t>(right);
  }
  std::size_t slot_of(std::uint64_t key) const { return (key * 0x9e3779b97f4a7c15ULL) >> shift_; }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  int shift_ = 0;
};

// Bytes -> token, over strings that the owner keeps.
class TokenIndex {
 public:
  // The larger id wins where two tokens have the same bytes.
  void reserve(std::size_t tokens);
  void insert(std::string_view bytes, std::int32_t id);
  std::optional<std::int32_t> find(std::string_view bytes) const;

 private:
  struct Slot {
    std::string_view bytes;
    std::int32_t id = -1;
  };
  Slot& slot(std::string_view bytes);
  std::vector<Slot> slots_;
};

// Constant after construction. It keeps views into `token_bytes`, which must outlive it.
class BpeModel {
 public:
  static constexpr std::int32_t kNoToken = -1;

  // `token_bytes[id]` for all ids.
  BpeModel(const Definition& definition,
           const std::vector<std::string>& token_bytes,
           std::string_view origin);

  std::int32_t of_byte(char byte) const { return of_byte_[static_cast<unsigned char>(byte)]; }
  bool has_all_bytes() const { return has_all_bytes_; }
  const MergeTable& merges() const { return merges_; }
  // Whether a piece that is a token is that token at once.
  bool ignores_merges() const { return ignores_merges_; }
  std::optional<std::int32_t> find(std::string_view bytes) const { return index_.find(bytes); }

  // The tokens of the bytes before anything is merged, appended to `out`. A byte outside the
  // vocabulary is the unknown token, or left out where there is none.
  void append_bytes(std::string_view piece, std::vector<std::int32_t>& out) const;

 private:
  MergeTable merges_;
  TokenIndex index_;
  std::array<std::int32_t, 256> of_byte_{};
  bool has_all_bytes_ = true, ignores_merges_ = false, fuses_unknown_ = false;
  std::int32_t unknown_ = kNoToken;
};

}  // namespace rq::tokenizer
