#pragma once
// Rules that an answer without a verifier must keep to before it becomes training data: before
// people see it, or in their place where nobody is there to look. They find what is broken, not
// what is wrong.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rq::review {

struct Rules {
  std::int64_t least_words = 1;
  std::int64_t most_words = 0;     // 0: any number
  double most_repeated = 0.3;      // share of the runs of four words that came before in the answer
  double least_same_script = 0.9;  // of the answer's letters, in a script of the question's
  std::vector<std::string> without = {};  // texts that no answer may hold, in any case of ASCII

  template <typename Visit>
  void each(Visit&& visit) {
    visit("least_words", least_words);
    visit("most_words", most_words);
    visit("most_repeated", most_repeated);
    visit("least_same_script", least_same_script);
    visit("without", without);
  }
  std::vector<std::string> problems() const;
};

// The share of an answer's runs of four words that stood in it before; 0 where it has none twice.
double repeated_share(std::string_view text);

// The first rule that the answer breaks, by its key ("most_repeated"); nothing where it keeps to
// all.
std::optional<std::string_view> broken_rule(const Rules& rules,
                                            std::string_view question,
                                            std::string_view answer);

}  // namespace rq::review
