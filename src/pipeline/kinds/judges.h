#pragma once
// Who says what an answer is worth where no program can, in kind = "rl": a reward model by a score
// (DeepSeek-V3 §5.2.1), or a judge that reasons in words first. A judge may be any model that
// chats, the one in training as it began among them (§5.4.2, self-rewarding), or an endpoint.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/samples.h"
#include "model/model.h"
#include "pipeline/process.h"
#include "synth/endpoint.h"

namespace rq::pipeline {

// Any thread may ask.
class RewardModel {
 public:
  // `name` is the recipe's. An Error where the model has no score.
  RewardModel(const std::filesystem::path& folder, const std::string& name);
  double worth(std::string_view question, std::string_view answer) const;

 private:
  model::Model model_;
  data::SampleMaker make_;
};

struct JudgeConfig {
  std::string from = {};                // a model of the recipe
  synth::EndpointConfig endpoint = {};  // or this is
  synth::Budget budget = {};            // of the endpoint, over all runs
  // What it is asked; {question}, {answer} and {most} are filled in.
  std::string prompt =
      "Judge an answer.\n\nQuestion: {question}\n\nAnswer: {answer}\n\nSay first what is right and "
      "what is wrong about it, step by step. Then end with \\boxed{N}: N is from 0, useless, to "
      "{most}, as good as can be.";
  double most = 10;
  int64_t max_tokens = 512;  // of the judgement

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("endpoint", endpoint);
    visit("budget", budget);
    visit("prompt", prompt);
    visit("most", most);
    visit("max_tokens", max_tokens);
  }
  bool exists() const { return !from.empty() || !endpoint.base_url.empty(); }
  // Sentences that begin with "judge".
  std::vector<std::string> problems() const;
};

struct QuestionAndAnswer {
  std::string question, answer;
};

// What the judge is asked.
std::string judge_prompt(const JudgeConfig& config, const QuestionAndAnswer& judged);
// What it said, from 0 to 1: the number in its last box, over `most`. Nothing where there is none,
// or none from 0 to `most`.
std::optional<double> judgement_in(const JudgeConfig& config, std::string_view text);

class Judge {
 public:
  // An Error where the model cannot chat, or the endpoint's key is missing. The context must
  // outlive the judge.
  Judge(Context& context, const JudgeConfig& config);
  ~Judge();

  // Beside what is to be judged. At temperature 0: the same again to the same again.
  std::vector<std::optional<double>> judgements(const std::vector<QuestionAndAnswer>& all);

 private:
  class Mind;
  class LocalMind;
  class DistantMind;
  JudgeConfig config_;
  std::unique_ptr<Mind> mind_;
};

}  // namespace rq::pipeline
