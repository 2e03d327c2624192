#include "tokenizer/internal/bpe_model.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "tokenizer/internal/byte_alphabet.h"

namespace rq::tokenizer {

MergeTable::MergeTable(const Definition& definition) {
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(4, definition.merges.size() * 2));
  slots_.resize(size);
  mask_ = size - 1;
  shift_ = 64 - std::countr_zero(size);
  const auto id = [&](std::uint32_t index) { return definition.vocabulary[index].second; };
  for (std::uint32_t rank = 0; rank < definition.merges.size(); ++rank) {
    const Definition::Merge& merge = definition.merges[rank];
    const std::uint64_t key = key_of(id(merge.left), id(merge.right));
    std::size_t at = slot_of(key);
    while (slots_[at].key != kEmpty && slots_[at].key != key) {
      at = (at + 1) & mask_;
    }
    slots_[at] = {key, {rank, id(merge.result)}};  // of a pair that is listed twice the last counts
  }
}

void TokenIndex::reserve(std::size_t tokens) {
  slots_.assign(std::bit_ceil(std::max<std::size_t>(4, tokens * 2)), {});
}

TokenIndex::Slot& TokenIndex::slot(std::string_view bytes) {
  std::size_t at = xxh3(bytes) & (slots_.size() - 1);
  while (slots_[at].id >= 0 && slots_[at].bytes != bytes) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return slots_[at];
}

void TokenIndex::insert(std::string_view bytes, std::int32_t id) {
  slot(bytes) = {bytes, id};
}

std::optional<std::int32_t> TokenIndex::find(std::string_view bytes) const {
  const Slot& found = const_cast<TokenIndex*>(this)->slot(bytes);
  return found.id >= 0 ? std::optional(found.id) : std::nullopt;
}

BpeModel::BpeModel(const Definition& definition,
                   const std::vector<std::string>& token_bytes,
                   std::string_view origin)
    : merges_(definition),
      ignores_merges_(definition.ignore_merges),
      fuses_unknown_(definition.fuse_unk) {
  index_.reserve(definition.vocabulary.size());
  for (const auto& [token, id] : definition.vocabulary) {
    if (bytes_of_spelling(
            token)) {  // others, such as "<｜User｜>", are reached as added tokens alone
      index_.insert(token_bytes[static_cast<std::size_t>(id)], id);
    }
    if (!definition.unk_token.empty() && token == definition.unk_token) {
      unknown_ = id;
    }
  }
  check(definition.unk_token.empty() || unknown_ != kNoToken,
        "{}: model.unk_token \"{}\" is not in the vocabulary",
        origin,
        definition.unk_token);
  for (int byte = 0; byte < 256; ++byte) {
    const char text = static_cast<char>(byte);
    of_byte_[static_cast<std::size_t>(byte)] = index_.find({&text, 1}).value_or(kNoToken);
    has_all_bytes_ = has_all_bytes_ && of_byte(text) != kNoToken;
  }
}

void BpeModel::append_bytes(std::string_view piece, std::vector<std::int32_t>& out) const {
  bool was_unknown = false;
  for (const char byte : piece) {
    const std::int32_t id = of_byte(byte);
    const bool is_unknown = id == kNoToken;
    if (!is_unknown) {
      out.push_back(id);
    } else if (unknown_ != kNoToken && !(fuses_unknown_ && was_unknown)) {
      out.push_back(unknown_);
    }
    was_unknown = is_unknown;
  }
}

}  // namespace rq::tokenizer
