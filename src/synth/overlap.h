#pragma once
// Whether a text shares a run of words with texts that it must not know: training data is kept
// clear of what evaluation asks by runs of 13 words (GPT-3, arXiv 2005.14165, appendix C).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace rq::synth {

inline constexpr std::size_t kRunWords = 13;

class WordRuns {
 public:
  explicit WordRuns(std::size_t length = kRunWords) : length_(length) {}

  // Words are runs of letters and digits, in lower case; other bytes than ASCII belong to words.
  // Of a text with fewer words than a run, all of it together counts, and meets its like alone.
  void add(std::string_view text);

  // Whether the text holds a run that was added. By 64-bit hashes.
  bool overlaps(std::string_view text) const;

  // The same of a text that says little where it is short, an answer of one number for example: by
  // whole runs alone.
  bool shares_run(std::string_view text) const;

  bool empty() const { return runs_.empty(); }

 private:
  bool holds_one_of(const std::vector<std::string>& words) const;

  std::size_t length_;
  std::unordered_set<std::uint64_t> runs_;
};

// Which of many texts share a run with others: the many are added, and the others, of any number,
// are looked at one after the other and not kept.
class RunSearch {
 public:
  explicit RunSearch(std::size_t length = kRunWords) : length_(length) {}

  // Words and short texts are WordRuns'.
  void add(std::string_view text);
  void look_at(std::string_view text);
  // Beside the added texts, in their order.
  const std::vector<bool>& found() const { return found_; }

 private:
  std::size_t length_;
  std::unordered_multimap<std::uint64_t, std::size_t> runs_;  // places in found_
  std::vector<bool> found_;
};

// What a training document says: of a conversation each message, of a problem its prompt.
std::vector<std::string> texts_of(std::string_view document);

}  // namespace rq::synth
