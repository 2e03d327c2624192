#pragma once
// Regular expressions of task files, in PCRE2's syntax, over text that a model wrote: the work on
// one text is bounded.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace rq::eval {

class Pattern {
 public:
  // An Error names `origin`, the pattern and what is wrong with it.
  Pattern(std::string_view pattern, std::string_view origin);

  // Of each match its first group, or all of it where there is no group that took part. Any bytes
  // may come. Those before a place where looking for the next takes too long.
  std::vector<std::string_view> all_in(std::string_view text) const;
  // The last of them; nothing where there is none.
  std::optional<std::string_view> last_in(std::string_view text) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

// The pattern that matches this text and no other, but for case where the pattern around it says
// so.
std::string as_pattern(std::string_view text);

}  // namespace rq::eval
