#include "pipeline/kinds/workload.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/format.h"
#include "pipeline/kinds/training.h"

namespace rq::pipeline {

void tell(plan::Workload& work, const train::TrainingConfig& config) {
  work.recompute = static_cast<plan::Recompute>(config.recompute);
  work.has_prediction = config.mtp_weight.first > 0 && work.shape.mtp_layers > 0;
  work.keeps_average = config.ema_decay > 0;
  work.moments = config.optimizer.method == optim::Method::kMuon ? 1 : 2;
}

plan::Workload training_workload(const train::PretrainConfig& config,
                                 const model::ModelConfig& shape) {
  const train::PretrainConfig whole = resolved(config, shape);
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  plan::Workload work{.shape = shape,
                      .tokens = number(whole.tokens),
                      .row_tokens = number(whole.sequence_length),
                      .rows = {.first = number(whole.batch.first),
                               .last = number(whole.batch.last),
                               .ramp_tokens = number(whole.batch.ramp_tokens)},
                      .micro_batch = number(whole.micro_batch)};
  tell(work, config);
  return work;
}

plan::Workload sample_workload(const Recipe& recipe,
                               const model::ModelConfig& shape,
                               const SampleTraining& training) {
  plan::Workload work{.shape = shape};
  tell(work, training.config);
  double samples = 0, tokens = 0;
  for (const auto& [name, times] : training.boxes) {
    const double count = times * documents_in(recipe, name, work);
    samples += count;
    tokens += count * sample_tokens_in(recipe, name, work);
  }
  const double length = samples > 0 ? std::max(tokens / samples, 1.0) : 1;
  work.tokens = static_cast<double>(training.epochs) * tokens;
  work.row_tokens = length;
  work.rows.last = std::max(static_cast<double>(training.step_tokens) / length, 1.0);
  return work;
}

double answer_tokens_of(const Recipe& recipe, const Thing& made, std::int64_t max_tokens) {
  const std::int64_t stated = recipe.answers_of(made).tokens;
  return static_cast<double>(stated > 0 ? std::min(stated, max_tokens) : max_tokens / 2);
}

plan::Generation generation_of(const Recipe& recipe, const Drawing& drawing, plan::Workload& work) {
  const double mean = answer_tokens_of(recipe, drawing.made, drawing.max_tokens);
  const AnswerSettings answers = recipe.answers_of(drawing.made);
  const std::int64_t most =
      answers.most > 0 ? std::min(answers.most, drawing.max_tokens) : drawing.max_tokens;
  work.assumptions.push_back(
      fmt::format("{}: {:.0f} tokens an answer, {} at most{} (plan.answers, plan.answer_tokens)",
                  drawing.made.name,
                  mean,
                  most,
                  answers.kept < 1 ? fmt::format(", {:.0f} % kept", 100 * answers.kept) : ""));
  double questions = 0, programs = 0;
  for (const std::string& box : drawing.prompts) {
    const double count = documents_in(recipe, box, work);
    questions += count;
    programs += count * recipe.programs_in(box);
  }
  return {.prompt_tokens = question_tokens_in(recipe, drawing.prompts, work) +
                           recipe.token_count()(drawing.system),
          .answer_tokens = mean,
          .most_tokens = static_cast<double>(most),
          .programs = questions > 0 ? programs / questions : 0};
}

double question_tokens_in(const Recipe& recipe,
                          const std::vector<std::string>& boxes,
                          plan::Workload& work) {
  constexpr std::int64_t kAssumed = 128;
  const std::int64_t stated = recipe.plan.prompt_tokens;
  double questions = 0, tokens = 0;
  for (const std::string& box : boxes) {
    const double count = documents_in(recipe, box, work);
    const auto counted = stated > 0 ? std::nullopt : recipe.lengths_of(box);
    if (!counted) {
      work.assumptions.push_back(fmt::format("data.{}: {} tokens a question (plan.prompt_tokens)",
                                             box,
                                             stated > 0 ? stated : kAssumed));
    }
    questions += count;
    tokens +=
        count * (counted ? counted->question : static_cast<double>(stated > 0 ? stated : kAssumed));
  }
  return questions > 0 ? tokens / questions : 0;
}

double sample_tokens_in(const Recipe& recipe, const std::string& box, plan::Workload& work) {
  constexpr std::int64_t kAssumed = 512;
  const std::int64_t stated = recipe.plan.sample_tokens;
  if (const auto counted = stated > 0 ? std::nullopt : recipe.lengths_of(box)) {
    return counted->question + counted->answer;
  }
  const std::int64_t length = stated > 0 ? stated : kAssumed;
  work.assumptions.push_back(
      fmt::format("data.{}: {} tokens a conversation (plan.sample_tokens)", box, length));
  return static_cast<double>(length);
}

double rows_of(std::int64_t piece_tokens, double length) {
  return piece_tokens > 0 ? std::max(static_cast<double>(piece_tokens) / length, 1.0) : 0;
}

double documents_in(const Recipe& recipe, const std::string& box, plan::Workload& work) {
  if (const auto count = recipe.count_of(box)) {
    return *count;
  }
  work.assumptions.push_back(
      fmt::format("data.{}: {} documents (plan.documents)", box, recipe.plan.documents));
  return static_cast<double>(recipe.plan.documents);
}

}  // namespace rq::pipeline
