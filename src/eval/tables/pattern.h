#pragma once
// Regular expressions of task files, in PCRE2's syntax, over text that a model wrote: the work on
// one text is bounded.

#include <memory>
#include <optional>
#include <string_view>

struct pcre2_real_code_8;

namespace rq::eval {

class Pattern {
 public:
  // An Error names `origin`, the pattern and what is wrong with it.
  Pattern(std::string_view pattern, std::string_view origin);

  // Of the last match its first group, or all of it where there is no group that took part. Any
  // bytes may come. Nothing where nothing matches, or where looking for it takes too long.
  std::optional<std::string_view> last_in(std::string_view text) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace rq::eval
