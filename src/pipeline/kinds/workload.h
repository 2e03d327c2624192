#pragma once
// What kinds that train or draw answers tell a plan: operations in tokens, as their boxes have
// them.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/config.h"
#include "pipeline/recipe.h"
#include "plan/workload.h"
#include "train/pretrain.h"

namespace rq::pipeline {

// Of a training on rows, and of all that trainings share.
plan::Workload training_workload(const train::PretrainConfig& config,
                                 const model::ModelConfig& shape);
void tell(plan::Workload& work, const train::TrainingConfig& config);

// Of a training on conversations, each box so many times an epoch.
struct SampleTraining {
  const train::TrainingConfig& config;
  const std::map<std::string, double>& boxes;
  std::int64_t epochs = 1, step_tokens = 0;
};
plan::Workload sample_workload(const Recipe& recipe,
                               const model::ModelConfig& shape,
                               const SampleTraining& training);

// Answers that a process draws to the questions of boxes.
struct Drawing {
  Thing made = {};  // by which [plan] knows the process
  std::vector<std::string> prompts = {};
  std::string system = {};  // before each question
  std::int64_t max_tokens = 0;
};
plan::Generation generation_of(const Recipe& recipe, const Drawing& drawing, plan::Workload& work);

// Of an answer: as [plan] has it, or half of the most.
double answer_tokens_of(const Recipe& recipe, const Thing& made, std::int64_t max_tokens);
// Of the mean question of boxes, and of a conversation in one: counted, or as the recipe assumes,
// which is then noted in `work`; and so a box's documents.
double question_tokens_in(const Recipe& recipe,
                          const std::vector<std::string>& boxes,
                          plan::Workload& work);
double sample_tokens_in(const Recipe& recipe, const std::string& box, plan::Workload& work);
double documents_in(const Recipe& recipe, const std::string& box, plan::Workload& work);
// Rows of that length in a piece of so many tokens: one at least; 0 where there is no limit.
double rows_of(std::int64_t piece_tokens, double length);

}  // namespace rq::pipeline
