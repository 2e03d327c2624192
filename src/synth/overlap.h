#pragma once
// Whether a text shares a run of words with texts that it must not know: training data is kept
// clear of what evaluation asks by runs of 13 words (GPT-3, arXiv 2005.14165, appendix C).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace rq::synth {

class WordRuns {
 public:
  explicit WordRuns(std::size_t length = 13) : length_(length) {}

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

}  // namespace rq::synth
