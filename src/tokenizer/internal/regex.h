#pragma once
// A regular expression in Oniguruma's syntax, run by PCRE2's compiled code.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

struct pcre2_real_code_8;
struct pcre2_real_match_data_8;
struct pcre2_real_match_context_8;
struct pcre2_real_jit_stack_8;

namespace rq::tokenizer {

// What one thread needs to match with any Regex.
class RegexScratch {
 public:
  RegexScratch();
  ~RegexScratch();
  RegexScratch(const RegexScratch&) = delete;
  RegexScratch& operator=(const RegexScratch&) = delete;

 private:
  friend class Regex;
  pcre2_real_match_data_8* match_ = nullptr;
  pcre2_real_match_context_8* context_ = nullptr;
  pcre2_real_jit_stack_8* stack_ = nullptr;
};

// Any number of threads may search with one Regex.
class Regex {
 public:
  // An Error names `origin`, the pattern and what is wrong with it.
  Regex(std::string_view pattern, std::string_view origin);
  // A pattern already in PCRE2's syntax.
  static Regex from_pcre2(std::string_view pattern, std::string_view origin);

  struct Match {
    std::size_t begin, end;
  };
  // The first match at or after `from`; the text must be valid UTF-8.
  std::optional<Match> find(std::string_view text, std::size_t from, RegexScratch& scratch) const;

 private:
  Regex() = default;
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

}  // namespace rq::tokenizer
