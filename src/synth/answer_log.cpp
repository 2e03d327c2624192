#include "synth/answer_log.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/json.h"

namespace rq::synth {

AnswerLog::AnswerLog(std::filesystem::path path) : path_(std::move(path)) {
  std::string sound;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) {
      break;
    }
    answers_[{json.at("question").get<std::string>(), json.at("sample").get<std::int64_t>()}] = {
        .text = json.at("text").get<std::string>(),
        .tokens = json.at("tokens").get<std::int64_t>(),
        .is_right = false,
        .is_cut = json.at("cut").get<bool>()};
    sound += line + "\n";
  }
  write_file(path_, sound);
}

const Candidate* AnswerLog::find(std::string_view question, std::int64_t sample) const {
  const auto found = answers_.find(std::pair(std::string(question), sample));
  return found == answers_.end() ? nullptr : &found->second;
}

void AnswerLog::add(std::string_view question, std::int64_t sample, Candidate answer) {
  const Json line = {{"question", question},
                     {"sample", sample},
                     {"text", answer.text},
                     {"tokens", answer.tokens},
                     {"cut", answer.is_cut}};
  append_line(path_, line.dump(-1, ' ', false, Json::error_handler_t::replace));
  answers_[{std::string(question), sample}] = std::move(answer);
}

}  // namespace rq::synth
