#include "pipeline/kinds/rl.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/json.h"
#include "data/conversation.h"
#include "data/store.h"
#include "model/hf_weights.h"
#include "pipeline/kinds/judges.h"
#include "pipeline/kinds/training.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"
#include "plan/flops.h"
#include "reward/grade.h"
#include "reward/manner.h"
#include "rl/grpo.h"
#include "train/metrics.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

// The problems of a training, and how each is put to the model.
struct Questions {
  std::vector<reward::Problem> problems;
  std::vector<rl::Prompt> prompts;  // beside them
};

rl::Reward reward_of(const reward::Problem& problem,
                     std::string_view text,
                     const RewardWeights& weights,
                     const reward::Sandbox& sandbox) {
  reward::Grade grade = reward::grade(problem, text, sandbox);
  rl::Reward reward{.value = weights.right * grade.score,
                    .is_right = grade.is_right,
                    .note = std::move(grade.reason)};
  if (weights.format != 0) {
    reward.value += weights.format * (reward::has_reasoning_form(text) ? 1 : 0);
  }
  if (weights.language != 0) {
    reward.value += weights.language * reward::language_consistency(problem.prompt, text);
  }
  return reward;
}

// All answers of each step, for people to read: work/rollouts.jsonl.
class RolloutFile {
 public:
  RolloutFile(fs::path path, const Questions& questions)
      : path_(std::move(path)), questions_(questions) {}

  void operator()(std::int64_t step, const std::vector<rl::JudgedGroup>& groups) {
    if (!std::exchange(has_begun_, true)) {
      train::keep_steps(path_, step - 1);
    }
    for (const rl::JudgedGroup& group : groups) {
      const reward::Problem& problem = questions_.problems[group.prompt];
      Json answers = Json::array();
      for (const rl::JudgedAnswer& judged : group.answers) {
        answers.push_back({{"text", judged.text},
                           {"reward", judged.reward.value},
                           {"right", judged.reward.is_right},
                           {"note", judged.reward.note},
                           {"advantage", judged.advantage},
                           {"tokens", judged.answer.tokens},
                           {"cut", judged.answer.is_cut}});
      }
      const Json line{{"step", step},
                      {"problem", problem.id},
                      {"domain", name_of(problem.domain)},
                      {"prompt", problem.prompt},
                      {"answer", problem.answer},
                      {"answers", answers}};
      append_line(path_, line.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
  }

 private:
  fs::path path_;
  const Questions& questions_;
  bool has_begun_ = false;
};

class RlProcess : public Process {
 public:
  using Settings = RlSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kModel, settings.makes}; }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs = {{from(), "from"}};
    for (const std::string& name : settings.prompts) {
      inputs.push_back({{ThingType::kData, name}, "prompts"});
    }
    if (!settings.judge.from.empty()) {
      inputs.push_back({{ThingType::kModel, settings.judge.from}, "judge.from"});
    }
    if (!settings.reward_model.empty()) {
      inputs.push_back({{ThingType::kModel, settings.reward_model}, "reward_model"});
    }
    return inputs;
  }

  std::optional<model::ModelConfig> model(const Recipe& recipe) const override {
    return recipe.model_config(settings.from);
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    auto found = content_problems(recipe, settings.prompts, "prompts", data::Content::kProblems);
    for (std::string& sentence : chat_problems(recipe, settings.from)) {
      found.push_back(std::move(sentence));
    }
    return found;
  }

  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    const auto shape = model(recipe);
    if (!shape) {
      return {};
    }
    const rl::RlConfig& train = settings.train;
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    plan::Workload work{.shape = *shape, .models = train.kl_weight > 0 ? 2 : 1};
    tell(work, train);
    work.generation = generation_of(
        recipe,
        {.made = makes(), .prompts = settings.prompts, .max_tokens = train.max_tokens},
        work);
    plan::Generation& drawn = work.generation;
    drawn.at_once = number(train.prompts * train.group);
    drawn.group = number(train.group);
    drawn.temperature = train.temperature;
    drawn.cache_tokens = number(train.cache_tokens);
    drawn.answers = number(train.steps) * drawn.at_once;
    work.row_tokens = drawn.prompt_tokens + drawn.answer_tokens;
    const double learned = recipe.answers_of(makes()).kept;
    work.rows.last = std::max(learned * drawn.at_once / number(train.minibatches), 1.0);
    work.tokens = number(train.epochs) * learned * drawn.answers * work.row_tokens;
    work.micro_batch = rows_of(train.piece_tokens, work.row_tokens);
    work.forward_tokens = train.kl_weight > 0 ? work.tokens : 0;  // of each update's lessons
    return work;
  }

  void run(Context& context) const override {
    const fs::path folder = context.place(from());
    const auto vocabulary = load_tokenizer(folder);
    const Chat chat = load_chat(folder, vocabulary, settings.from);
    model::Model model = model::load_model(folder);
    const Questions questions = read_questions(context, vocabulary, chat, model.config.context);
    const reward::Sandbox sandbox;
    const std::optional<RewardModel> reward_model = load_reward_model(context);
    const std::unique_ptr<Judge> judge =
        settings.judge.exists() ? std::make_unique<Judge>(context, settings.judge) : nullptr;
    const std::int64_t length = static_cast<std::int64_t>(questions.prompts.front().tokens.size()) +
                                settings.train.max_tokens / 2;
    rl::reinforce(
        {.config = settings.train,
         .model = model,
         .reference =
             settings.train.kl_weight > 0 ? std::optional(model::load_model(folder)) : std::nullopt,
         .prompts = questions.prompts,
         .tokenizer = vocabulary,
         .end_tokens = chat.end_tokens,
         .judge =
             [&](std::size_t prompt, std::string_view text) {
               const reward::Problem& problem = questions.problems[prompt];
               rl::Reward reward = reward_of(problem, text, settings.rewards, sandbox);
               if (reward_model) {
                 reward.value += settings.rewards.model * reward_model->worth(problem.prompt, text);
               }
               return reward;
             },
         .judge_all = judge
                          ? [&](std::vector<rl::JudgedGroup>&
                                    groups) { add_judgements(context, questions, *judge, groups); }
                          : std::function<void(std::vector<rl::JudgedGroup>&)>(),
         .on_answers = RolloutFile(context.work / "rollouts.jsonl", questions),
         .seed = context.seed,
         .forward_flops = plan::forward_flops(model.config, length),
         .training_flops = 3 * plan::forward_flops(model.config, length),
         .workplace = workplace(context)});
    write_model(context, model, folder);
  }

 private:
  Thing from() const { return {ThingType::kModel, settings.from}; }

  // To the rewards of a step's answers, what the judge says of them.
  void add_judgements(const Context& context,
                      const Questions& questions,
                      Judge& judge,
                      std::vector<rl::JudgedGroup>& groups) const {
    std::vector<QuestionAndAnswer> asked;
    std::vector<rl::Reward*> rewards;
    for (rl::JudgedGroup& group : groups) {
      for (rl::JudgedAnswer& answer : group.answers) {
        asked.push_back({questions.problems[group.prompt].prompt, answer.text});
        rewards.push_back(&answer.reward);
      }
    }
    const auto judgements = judge.judgements(asked);
    std::size_t silent = 0;
    for (std::size_t i = 0; i < rewards.size(); ++i) {
      if (judgements[i]) {
        rewards[i]->value += settings.rewards.judge * *judgements[i];
      } else {
        rewards[i]->note += rewards[i]->note.empty() ? "no judgement" : "; no judgement";
        ++silent;
      }
    }
    if (silent > 0) {
      context.log(
          fmt::format("the judge gave no number for {} of {} answers; they count as 0 there",
                      silent,
                      rewards.size()));
    }
  }

  std::optional<RewardModel> load_reward_model(const Context& context) const {
    if (settings.reward_model.empty()) {
      return std::nullopt;
    }
    return RewardModel(context.place({ThingType::kModel, settings.reward_model}),
                       settings.reward_model);
  }

  Questions read_questions(const Context& context,
                           const tokenizer::Tokenizer& vocabulary,
                           const Chat& chat,
                           std::int64_t context_length) const {
    Questions questions;
    std::int64_t too_long = 0;
    for (const std::string& name : settings.prompts) {
      const data::DocumentStore box(context.place({ThingType::kData, name}));
      for (std::int64_t i = 0; i < box.size(); ++i) {
        reward::Problem problem = reward::parse_problem(box[i], fmt::format("data.{}", name));
        const data::Conversation asked{{{data::Role::kUser, problem.prompt}}};
        rl::Prompt prompt{.tokens = vocabulary.encode(chat.format.render(asked.as_json())),
                          .domain = std::string(name_of(problem.domain))};
        if (static_cast<std::int64_t>(prompt.tokens.size()) >= context_length) {
          ++too_long;
          continue;
        }
        questions.problems.push_back(std::move(problem));
        questions.prompts.push_back(std::move(prompt));
      }
    }
    if (too_long > 0) {
      context.log(
          fmt::format("{} problems are left out: with the chat format around them they fill "
                      "the model's context of {} tokens",
                      too_long,
                      context_length));
    }
    check(!questions.prompts.empty(),
          "prompts: no problem leaves room for an answer in the context of {} tokens",
          context_length);
    return questions;
  }
};

}  // namespace

std::vector<std::string> RlSettings::problems() const {
  std::vector<std::string> found;
  if (prompts.empty()) {
    found.emplace_back("prompts names no box of problems");
  }
  if ((rewards.model != 0) != !reward_model.empty()) {
    found.push_back(fmt::format(
        "rewards.model={} and reward_model=\"{}\" go together: the weight, and who judges",
        rewards.model,
        reward_model));
  }
  if ((rewards.judge != 0) != judge.exists()) {
    found.push_back(
        fmt::format("rewards.judge={} and judge (its from, or its endpoint) go together: the "
                    "weight, and who judges",
                    rewards.judge));
  }
  for (std::string& sentence : judge.problems()) {
    found.push_back(std::move(sentence));
  }
  if (!(rewards.right != 0 || rewards.format != 0 || rewards.language != 0 || rewards.model != 0 ||
        rewards.judge != 0)) {
    found.emplace_back("rewards weighs nothing: all answers would be worth the same");
  }
  return found;
}

Kind rl_kind() {
  return kind_of<RlProcess>("rl");
}

}  // namespace rq::pipeline
