#pragma once
// Rejection sampling (DeepSeek-V3 §5.1): of a teacher's answers to a problem those are kept that a
// program found right, no two alike, the brief ones first.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace rq::synth {

enum class Prefer { kBrief, kAny };
constexpr std::array<std::pair<Prefer, std::string_view>, 2> enum_names(Prefer) {
  return {{{Prefer::kBrief, "brief"}, {Prefer::kAny, "any"}}};
}

struct KeepConfig {
  bool right = true;               // only answers that a program found right, where there is one
  std::int64_t at_most = 1;        // of a problem
  Prefer prefer = Prefer::kBrief;  // the fewest tokens first; or in the order they came
  double most_solved = 1;  // of a problem of whose answers a greater share is right, none: too easy

  template <typename Visit>
  void each(Visit&& visit) {
    visit("right", right);
    visit("at_most", at_most);
    visit("prefer", prefer);
    visit("most_solved", most_solved);
  }
  std::vector<std::string> problems() const;
};

struct Candidate {
  std::string text = {};
  std::int64_t tokens = 0;
  bool is_right = false;
  bool is_cut = false;

  // Whether it can be learned from: it says something, and has an end.
  bool is_whole() const { return !is_cut && !text.empty(); }
};

// The indices of those that are kept, the preferred one first; all of them are whole.
std::vector<std::size_t> kept(std::span<const Candidate> candidates, const KeepConfig& config);

// What a preference is made of where a program judged: the preferred one of the right answers, and
// the first of the wrong ones that is whole. Nothing where either is missing.
struct RightAndWrong {
  std::size_t right = 0, wrong = 0;
};
std::optional<RightAndWrong> right_and_wrong(std::span<const Candidate> candidates,
                                             const KeepConfig& config);

// What became of a teacher's answers, by domain.
class KeptTally {
 public:
  void add(const std::string& domain,
           std::span<const Candidate> candidates,
           std::span<const std::size_t> kept);
  Json as_json() const;

 private:
  struct Counts {
    std::int64_t problems = 0, answers = 0, right = 0, cut = 0, empty = 0, kept = 0;
    std::int64_t unsolved = 0;  // problems of which no answer is kept
    std::int64_t tokens = 0, kept_tokens = 0;
  };
  std::map<std::string, Counts> domains_;
};

}  // namespace rq::synth
