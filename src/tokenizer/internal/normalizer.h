#pragma once
// The normalizer of a tokenizer.json: the four Unicode normal forms, one after the other.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace rq::tokenizer {

enum class NormalForm : std::uint8_t { kNfc, kNfd, kNfkc, kNfkd };

// Constant after construction.
class Normalizer {
 public:
  Normalizer() = default;
  // From the "normalizer" member, which may be null. An Error names `origin` and the kind that is
  // not supported.
  Normalizer(const Json& description, std::string_view origin);

  bool is_identity() const { return forms_.empty(); }
  // Bytes that are not UTF-8 are kept, and no character combines across them.
  std::string apply(std::string_view text) const;

 private:
  void add(const Json& description, std::string_view origin);
  std::vector<NormalForm> forms_;
};

}  // namespace rq::tokenizer
