#pragma once
// What a teacher has answered so far, one JSON object a line: after a kill it is asked for the rest
// alone. Whether an answer is right is not part of it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "synth/rejection.h"

namespace rq::synth {

class AnswerLog {
 public:
  // Goes on with the file, where it is there; half a line at its end, which a kill leaves, is
  // dropped.
  explicit AnswerLog(std::filesystem::path path);

  // The answer to a question, by the question's id and the number of the sample; null where there
  // is none yet. Valid until the next add().
  const Candidate* find(std::string_view question, std::int64_t sample) const;
  void add(std::string_view question, std::int64_t sample, Candidate answer);

 private:
  std::filesystem::path path_;
  std::map<std::pair<std::string, std::int64_t>, Candidate, std::less<>> answers_;
};

}  // namespace rq::synth
