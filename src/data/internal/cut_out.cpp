#include "data/internal/cut_out.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::data {
namespace {

// A polynomial over the bytes of a window, which moves on by a byte in two multiplications (Karp
// and Rabin, 1987).
constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ULL;  // odd

constexpr std::uint64_t power_of_base(std::size_t exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) {
    power *= kBase;
  }
  return power;
}

std::uint64_t value_of(char c) {
  return static_cast<unsigned char>(c) + std::uint64_t{1};
}

std::uint64_t hash_of(std::string_view window) {
  std::uint64_t hash = 0;
  for (const char c : window) {
    hash = hash * kBase + value_of(c);
  }
  return hash;
}

}  // namespace

CutOut::CutOut(std::vector<std::string> texts) : texts_(std::move(texts)) {
  std::erase_if(texts_, [](const std::string& text) { return text.size() < kLeastBytes; });
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    by_beginning_.emplace(hash_of(std::string_view(texts_[i]).substr(0, kLeastBytes)), i);
  }
}

std::size_t CutOut::longest_at(std::string_view rest, std::uint64_t hash) const {
  std::size_t longest = 0;
  const auto [begin, end] = by_beginning_.equal_range(hash);
  for (auto found = begin; found != end; ++found) {
    const std::string& text = texts_[found->second];
    if (text.size() > longest && rest.starts_with(text)) {
      longest = text.size();
    }
  }
  return longest;
}

CutOut::Result CutOut::operator()(std::string_view text) const {
  constexpr std::uint64_t kOldest = power_of_base(kLeastBytes - 1);
  Result result;
  std::size_t from = 0;  // what lies before is copied or cut
  std::size_t at = 0;
  std::uint64_t hash = hash_of(text.substr(0, kLeastBytes));
  while (at + kLeastBytes <= text.size()) {
    if (const std::size_t length = longest_at(text.substr(at), hash); length > 0) {
      result.rest.append(text.substr(from, at - from));
      ++result.found;
      from = at = at + length;
      hash = hash_of(text.substr(at, kLeastBytes));
    } else {
      if (at + kLeastBytes < text.size()) {
        hash = (hash - value_of(text[at]) * kOldest) * kBase + value_of(text[at + kLeastBytes]);
      }
      ++at;
    }
  }
  result.rest.append(text.substr(from));
  return result;
}

}  // namespace rq::data
