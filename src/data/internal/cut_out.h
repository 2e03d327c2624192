#pragma once
// Takes known texts out of others: what one box holds out must not be trained on by way of another.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rq::data {

// Constant after construction. Texts shorter than kLeastBytes are not looked for: such are found
// anywhere.
class CutOut {
 public:
  static constexpr std::size_t kLeastBytes = 32;

  explicit CutOut(std::vector<std::string> texts);

  bool empty() const { return texts_.empty(); }

  struct Result {
    std::string rest;  // the text without the pieces that were found, its other bytes as they were
    std::int64_t found = 0;  // pieces
  };
  // Walks the text once, whatever the number of texts to find.
  Result operator()(std::string_view text) const;

 private:
  // The longest of the texts that stands at the beginning of `rest`; its length, or 0.
  std::size_t longest_at(std::string_view rest, std::uint64_t hash) const;

  std::vector<std::string> texts_;
  std::unordered_multimap<std::uint64_t, std::size_t> by_beginning_;  // hash of kLeastBytes bytes
};

}  // namespace rq::data
