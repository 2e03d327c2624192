#include "pipeline/kinds/judges.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/require.h"
#include "data/conversation.h"
#include "generate/answer_all.h"
#include "model/hf_weights.h"
#include "pipeline/kinds/training.h"
#include "plan/flops.h"
#include "reward/answer_text.h"
#include "train/reward_model.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

data::SampleMaker maker_for(const fs::path& folder,
                            const std::string& name,
                            std::int64_t most_tokens) {
  auto vocabulary = load_tokenizer(folder);
  const Chat chat = load_chat(folder, vocabulary, name);
  return {std::move(vocabulary), chat.format, chat.end_tokens.front(), most_tokens};
}

}  // namespace

RewardModel::RewardModel(const fs::path& folder, const std::string& name)
    : model_(model::load_model(folder)), make_(maker_for(folder, name, model_.config.context)) {
  check(model_.score.defined(),
        "reward_model: {} has no score.weight: it is not made by kind = \"reward-model\"",
        folder.string());
}

double RewardModel::worth(std::string_view question, std::string_view answer) const {
  data::SampleMaker make = make_;  // its counts are not for sharing
  const std::vector<data::Sample> samples = make({{{data::Role::kUser, std::string(question)},
                                                   {data::Role::kAssistant, std::string(answer)}}});
  return samples.empty() ? 0 : train::worth_of(model_, samples.back());
}

std::vector<std::string> JudgeConfig::problems() const {
  if (!exists()) {
    return {};
  }
  Requirements all;
  all.require(from.empty() || endpoint.base_url.empty(),
              "judge is either a model (from) or an endpoint (its base_url)");
  all.require(prompt.find("{answer}") != std::string::npos,
              "judge.prompt has no {{answer}}: every answer would be judged alike");
  all.require(most > 0, "judge.most={} must be positive", most);
  all.require_positive("judge.max_tokens", max_tokens);
  return all.take();
}

std::string judge_prompt(const JudgeConfig& config, const QuestionAndAnswer& judged) {
  // In one walk: what is filled in may hold braces of its own.
  const std::string most = fmt::format("{}", config.most);
  const std::vector<std::pair<std::string_view, std::string_view>> parts = {
      {"{question}", judged.question}, {"{answer}", judged.answer}, {"{most}", most}};
  std::string text;
  for (std::string_view rest = config.prompt; !rest.empty();) {
    std::size_t taken = 1;
    std::string_view put = rest.substr(0, 1);
    for (const auto& [name, value] : parts) {
      if (rest.starts_with(name)) {
        taken = name.size();
        put = value;
      }
    }
    text += put;
    rest.remove_prefix(taken);
  }
  return text;
}

std::optional<double> judgement_in(const JudgeConfig& config, std::string_view text) {
  const auto boxed = reward::boxed_answer(text);
  double value = 0;
  if (!boxed || std::from_chars(boxed->begin(), boxed->end(), value).ptr != boxed->end() ||
      boxed->empty() || !(value >= 0 && value <= config.most)) {
    return std::nullopt;
  }
  return value / config.most;
}

// Answers to questions, in order; nothing where none came.
class Judge::Mind {
 public:
  virtual ~Mind() = default;
  virtual std::vector<std::optional<std::string>> answers(const std::vector<Json>& asked) = 0;
};

class Judge::LocalMind : public Judge::Mind {
 public:
  LocalMind(Context& context, const JudgeConfig& config)
      : context_(context),
        folder_(context.place({ThingType::kModel, config.from})),
        vocabulary_(load_tokenizer(folder_)),
        chat_(load_chat(folder_, vocabulary_, config.from)),
        model_(model::load_model(folder_)),
        max_tokens_(config.max_tokens) {}

  std::vector<std::optional<std::string>> answers(const std::vector<Json>& asked) override {
    std::vector<generate::Request> requests;
    for (const Json& messages : asked) {
      requests.push_back({.prompt = vocabulary_.encode(chat_.format.render(messages)),
                          .sampling = {.temperature = 0},
                          .max_tokens = max_tokens_,
                          .end_tokens = chat_.end_tokens});
    }
    std::vector<std::optional<std::string>> texts(asked.size());
    generate::Engine engine(model_, {});
    generate::answer_all(
        engine, std::move(requests), [&](std::size_t i, const generate::Answer& answer) {
          texts[i] = vocabulary_.decode(answer.tokens);
          context_.cost.add_flops(plan::forward_flops(model_.config, max_tokens_) *
                                  static_cast<double>(answer.tokens.size()));
        });
    return texts;
  }

 private:
  Context& context_;
  fs::path folder_;
  tokenizer::Tokenizer vocabulary_;
  Chat chat_;
  model::Model model_;
  std::int64_t max_tokens_;
};

class Judge::DistantMind : public Judge::Mind {
 public:
  DistantMind(const Context& context, const JudgeConfig& config)
      : store_(context.cache / "answers.sqlite"),
        endpoint_(config.endpoint, store_),
        budget_(config.budget),
        sampling_{{"temperature", 0}, {"max_tokens", config.max_tokens}} {}

  std::vector<std::optional<std::string>> answers(const std::vector<Json>& asked) override {
    std::vector<synth::Question> questions;
    for (const Json& messages : asked) {
      questions.push_back({.messages = messages, .sampling = sampling_});
    }
    const synth::EndpointAnswers got = endpoint_.ask(questions, {.budget = budget_});
    check(got.tally.out_of_budget == 0,
          "the judge's budget is spent with {} answers of this step left: raise judge.budget and "
          "run the same command",
          got.tally.out_of_budget);
    std::vector<std::optional<std::string>> texts(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const synth::EndpointAnswer& one = got.answers[i];
      if (one.outcome == synth::Outcome::kAnswered || one.outcome == synth::Outcome::kStored) {
        texts[i] = one.answer.text;
      }
    }
    return texts;
  }

 private:
  synth::AnswerStore store_;
  synth::Endpoint endpoint_;
  synth::Budget budget_;
  Json sampling_;
};

Judge::Judge(Context& context, const JudgeConfig& config) : config_(config) {
  if (config.from.empty()) {
    mind_ = std::make_unique<DistantMind>(context, config);
  } else {
    mind_ = std::make_unique<LocalMind>(context, config);
  }
}

Judge::~Judge() = default;

std::vector<std::optional<double>> Judge::judgements(const std::vector<QuestionAndAnswer>& all) {
  std::vector<Json> asked;
  for (const QuestionAndAnswer& judged : all) {
    asked.push_back(
        data::Conversation{{{data::Role::kUser, judge_prompt(config_, judged)}}}.as_json());
  }
  std::vector<std::optional<double>> values;
  for (const auto& text : mind_->answers(asked)) {
    values.push_back(text ? judgement_in(config_, *text) : std::nullopt);
  }
  return values;
}

}  // namespace rq::pipeline
