#include "eval/tables/task_config.h"

#include <string>
#include <vector>

#include "base/require.h"
#include "eval/tables/marking.h"

namespace rq::eval {
namespace {

void require_choice(const TaskConfig& task, Requirements& all) {
  all.require(
      !task.choice.choices.empty() && !task.choice.right.empty(),
      "choice.choices and choice.right are missing: what is chosen from, and what is right");
  all.require(!task.prompt.question.empty() || !task.choice.contexts.empty(),
              "prompt.question is missing: what stands before the choices");
  all.require(
      task.prompt.form == Form::kText,
      "prompt.form=chat does not go with kind=choice, which scores texts that follow a text");
}

void require_generation(const TaskConfig& task, Requirements& all) {
  const AnswerSettings& answer = task.answer;
  const SamplingSettings& sampling = task.sampling;
  all.require(!task.prompt.question.empty(), "prompt.question is missing");
  const bool is_own = is_graded(answer.compare) || answer.compare == Compare::kProgram;
  all.require(is_own || !answer.right.empty(), "answer.right is missing: what is right");
  all.require((answer.extract == Extract::kPattern) == !answer.pattern.empty(),
              "answer.pattern goes with answer.extract=pattern, and no other");
  all.require((answer.compare == Compare::kProgram) == !answer.program.empty(),
              "answer.program goes with answer.compare=program, and no other");
  all.require_positive("sampling.max_tokens", sampling.max_tokens);
  all.require_positive("sampling.samples", sampling.samples);
  all.require(sampling.pass_at >= 1 && sampling.pass_at <= sampling.samples,
              "sampling.pass_at={} must lie in [1, sampling.samples={}]",
              sampling.pass_at,
              sampling.samples);
  all.require(sampling.temperature >= 0,
              "sampling.temperature={} must not be negative",
              sampling.temperature);
  all.require(sampling.samples == 1 || sampling.temperature > 0,
              "sampling.samples={} at sampling.temperature=0 are {} times the same answer",
              sampling.samples,
              sampling.samples);
  all.require(sampling.top_p > 0 && sampling.top_p <= 1,
              "sampling.top_p={} must lie above 0 and not above 1",
              sampling.top_p);
}

}  // namespace

std::vector<std::string> TaskConfig::problems() const {
  Requirements all;
  all.require(data.source.files.empty() != data.problems.kind.empty(),
              "the rows are either those of files (data.files) or drawn (data.problems.kind)");
  all.require(shots.count >= 0, "shots.count={} must not be negative", shots.count);
  all.require(shots.count == 0 || !prompt.answer.empty() || kind == TaskKind::kPerplexity,
              "shots.count={} needs prompt.answer: how a shot goes on behind its question",
              shots.count);
  if (kind == TaskKind::kChoice) {
    require_choice(*this, all);
  } else if (kind == TaskKind::kGeneration) {
    require_generation(*this, all);
  } else {
    all.require(!text.empty(), "text is missing: the expression of what is scored");
  }
  return all.take();
}

}  // namespace rq::eval
