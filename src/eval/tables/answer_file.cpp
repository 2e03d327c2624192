#include "eval/tables/answer_file.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/check.h"
#include "base/hash.h"
#include "data/rows.h"

namespace rq::eval {

AnswerFile::AnswerFile(const std::filesystem::path& path) : path_(path.string()) {
  const data::RowSource source{.files = {path.filename().string()},
                               .format = data::RowFormat::kLines};
  for (const data::Row& row :
       data::read_rows(std::filesystem::absolute(path).parent_path(), source)) {
    const Json id = row.members.value("id", Json());
    const Json text = row.members.value("text", Json());
    check((id.is_string() || id.is_number_integer()) && text.is_string(),
          "{}: not like {{\"id\": ..., \"text\": \"...\"}}",
          row.origin);
    answers_[id.is_string() ? id.get<std::string>() : id.dump()].push_back(text.get<std::string>());
  }
  digest_ = sha256_of_file(path);
}

Json AnswerFile::identity() const {
  return {{"kind", "answers"}, {"path", path_}, {"digest", digest_}};
}

std::string AnswerFile::engine() const {
  return "a file of answers";
}

std::string AnswerFile::refusal(Asked asked) const {
  return asked == Asked::kText || asked == Asked::kChat
             ? ""
             : "a file of answers tells no log-probabilities";
}

void AnswerFile::ask(std::span<const Request> requests, const OnReply& on_reply) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto found = answers_.find(requests[i].question);
    const auto sample = static_cast<std::size_t>(requests[i].sample);
    if (found == answers_.end() || sample >= found->second.size()) {
      on_reply(i, {.failure = "the file holds no answer to it"});
    } else {
      on_reply(i, {.text = found->second[sample]});
    }
  }
}

}  // namespace rq::eval
