#pragma once
// The answer in what a model wrote.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "eval/tables/task_config.h"

namespace rq::eval {

// The answer in a text, by the task's way; nothing where there is none.
class Extractor {
 public:
  // An Error names `origin` where the pattern is none.
  Extractor(const AnswerSettings& settings, std::string_view origin);
  std::optional<std::string> operator()(std::string_view text) const;

 private:
  Extract how_;
  std::shared_ptr<const class Pattern> pattern_;  // shared: a copy is cheap
};

// Without the blanks at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace rq::eval
