#pragma once
// Tables of words as text: each line has a meaning and then the words that have it. Those of the
// meaning "itself" mean what they are.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace rq::reward::math {

class WordTable {
 public:
  // Of literals alone: the table keeps views into `text`.
  explicit WordTable(std::string_view text) {
    std::string_view meaning;
    bool begins_line = true;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
      const std::string_view word = text.substr(at, end - at);
      if (!word.empty() && begins_line) {
        meaning = word;
      } else if (!word.empty()) {
        meanings_.emplace(word, meaning == "itself" ? word : meaning);
      }
      begins_line = end < text.size() && (text[end] == '\n' || (begins_line && word.empty()));
      at = end + 1;
    }
  }

  // What `word` means; empty where the table does not have it.
  std::string_view find(std::string_view word) const {
    const auto found = meanings_.find(word);
    return found == meanings_.end() ? std::string_view() : found->second;
  }

 private:
  std::unordered_map<std::string_view, std::string_view> meanings_;
};

}  // namespace rq::reward::math
