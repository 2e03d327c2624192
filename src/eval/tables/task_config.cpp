#include "eval/tables/task_config.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/require.h"
#include "eval/tables/judging.h"

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
  const bool is_own = answer.compare == Compare::kProblem || answer.compare == Compare::kProgram ||
                      answer.compare == Compare::kJudge || answer.compare == Compare::kInstructions;
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

void require_judge(const JudgeSettings& judge, Requirements& all) {
  const bool compares = !judge.against.empty();
  all.require(
      !judge.verdict.empty(),
      "judge.verdict is missing: the pattern that finds the verdict in what the judge says");
  const auto asks = [&](std::string_view name) {
    return judge.prompt.find(name) != std::string::npos;
  };
  all.require(compares || asks("answer"),
              "judge.prompt has no {{{{ answer }}}}: every answer would be judged alike");
  all.require(
      !compares || (asks("first") && asks("second")),
      "judge.prompt needs {{{{ first }}}} and {{{{ second }}}}: the answers that judge.against "
      "has compared");
  all.require(!compares || !judge.worth.empty(),
              "judge.against needs judge.worth: what each verdict is worth to the first answer");
  for (const auto& [verdict, worth] : judge.worth) {
    all.require(worth >= 0 && worth <= 1, "judge.worth.{}={} must lie in [0, 1]", verdict, worth);
  }
  all.require(judge.least < judge.most,
              "judge.least={} must be below judge.most={}",
              judge.least,
              judge.most);
  all.require_positive("judge.max_tokens", judge.max_tokens);
}

}  // namespace

std::vector<std::string> TaskConfig::problems() const {
  Requirements all;
  all.require(data.source.files.empty() == data.problems.exists(),
              "the rows are either those of files (data.files) or problems (data.problems.kinds or "
              ".files)");
  all.require(shots.count >= 0, "shots.count={} must not be negative", shots.count);
  all.require(shots.count == 0 || !prompt.answer.empty() || kind == TaskKind::kPerplexity,
              "shots.count={} needs prompt.answer: how a shot goes on behind its question",
              shots.count);
  all.require(data.join.source.files.empty() == data.join.on.empty(),
              "data.join.files and data.join.on go together: other rows, and the member in common");
  if (needs_judge(*this)) {
    require_judge(judge, all);
  } else {
    all.require(judge.prompt.empty(),
                "judge.prompt goes with kind=generation and answer.compare=judge, and no other");
  }
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
