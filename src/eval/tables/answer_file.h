#pragma once
// Answers that were written elsewhere as whom an evaluation asks: a file of JSON lines with a
// question's id and the text, several of one id where there are several samples.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "eval/tables/subject.h"

namespace rq::eval {

class AnswerFile : public Subject {
 public:
  // An Error names file and line of what is no answer.
  explicit AnswerFile(const std::filesystem::path& path);

  Json identity() const override;
  std::string engine() const override;
  std::string refusal(Asked asked) const override;
  bool knows_questions() const override { return true; }
  // Questions that it has no answer to are failures.
  void ask(std::span<const Request> requests, const OnReply& on_reply) override;

 private:
  std::string path_, digest_;
  std::map<std::string, std::vector<std::string>> answers_;
};

}  // namespace rq::eval
