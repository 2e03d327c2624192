#include "report/internal/samples.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "report/internal/lines.h"

namespace rq::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestText = 4'000;    // bytes that are shown of an answer
constexpr std::size_t kMostQuestions = 4'000;  // that are kept in mind of each file

// Cut where a character begins.
std::string shortened(std::string text) {
  if (text.size() <= kLongestText) {
    return text;
  }
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + " …";
}

Json member(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found != object.end() ? *found : Json();
}

struct Question {
  std::string prompt = {}, answer = {};
  std::map<std::size_t, Json> answers = {};  // by the process's place in the run; the latest
};

class Gatherer {
 public:
  explicit Gatherer(const Run& run) : run_(run) {
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
      const std::string folder = "work/" + run.steps[i].work_folder;
      each_line(run.folder / folder / "rollouts.jsonl",
                [&](const Json& line) { add_rollout(i, folder + "/rollouts.jsonl", line); });
      each_line(run.folder / folder / "answers.jsonl",
                [&](const Json& line) { add_answer(i, folder + "/answers.jsonl", line); });
    }
  }

  Json most_answered(std::size_t most) const {
    std::vector<const std::pair<const std::string, Question>*> order;
    for (const auto& entry : questions_) {
      order.push_back(&entry);
    }
    std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
      const auto rank = [](const Question& question) {
        return std::pair(question.answers.size(), !question.prompt.empty());
      };
      return rank(a->second) > rank(b->second);
    });
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
      const auto& [id, question] = *order[i];
      Json answers = Json::array();
      for (const auto& [place, answer] : question.answers) {
        answers.push_back(answer);
      }
      list.push_back({{"question", id},
                      {"prompt", question.prompt},
                      {"answer", question.answer},
                      {"answers", answers}});
    }
    return list;
  }

 private:
  Question* find(const std::string& id) {
    if (id.empty() || (!questions_.contains(id) && questions_.size() >= kMostQuestions)) {
      return nullptr;
    }
    return &questions_[id];
  }

  // The first answer of a rollout's group: as good a draw as any other.
  void add_rollout(std::size_t place, const std::string& file, const Json& line) {
    const Json answers = member(line, "answers");
    Question* const question = find(text_at(line, "problem"));
    if (question == nullptr || !answers.is_array() || answers.empty()) {
      return;
    }
    question->prompt = shortened(text_at(line, "prompt"));
    question->answer = shortened(text_at(line, "answer"));
    const Json& answer = answers[0];
    const Json tokens = member(answer, "tokens");
    question->answers[place] = {{"by", run_.steps[place].id},
                                {"file", file},
                                {"step", member(line, "step")},
                                {"text", shortened(text_at(answer, "text"))},
                                {"right", member(answer, "right")},
                                {"reward", member(answer, "reward")},
                                {"tokens", tokens.is_array() ? Json(tokens.size()) : tokens},
                                {"cut", member(answer, "cut")}};
  }

  void add_answer(std::size_t place, const std::string& file, const Json& line) {
    Question* const question = find(text_at(line, "question"));
    if (question == nullptr || question->answers.contains(place)) {
      return;
    }
    question->answers[place] = {{"by", run_.steps[place].id},
                                {"file", file},
                                {"step", Json()},
                                {"text", shortened(text_at(line, "text"))},
                                {"right", Json()},
                                {"reward", Json()},
                                {"tokens", member(line, "tokens")},
                                {"cut", member(line, "cut")}};
  }

  const Run& run_;
  std::map<std::string, Question> questions_;  // by id
};

}  // namespace

Json samples_of(const Run& run, std::size_t most) {
  return Gatherer(run).most_answered(most);
}

}  // namespace rq::report
