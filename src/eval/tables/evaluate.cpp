#include "eval/tables/evaluate.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/threads.h"
#include "eval/tables/marking.h"

namespace rq::eval {
namespace {

Record empty_record(const Evaluation& evaluation, const Subject& subject) {
  const Json identity = subject.identity();
  const auto digest = json_value<std::string>(identity, "digest", "", "a model's identity");
  Record record{.making = {.model = evaluation.model,
                           .identity = identity,
                           .engine = subject.engine(),
                           .task = evaluation.task.name,
                           .config = to_json(evaluation.task.config),
                           .task_digest = evaluation.task.digest(),
                           .data_digest = evaluation.set.data_digest,
                           .form = evaluation.form,
                           .rows = evaluation.set.rows}};
  for (const Question& question : evaluation.set.questions) {
    RecordLine line{.id = question.id,
                    .cluster = question.cluster,
                    .group = question.group,
                    .shown = question.shown,
                    .right = question.right};
    for (const Request& request : question.requests) {
      line.keys.push_back(key_of(digest, request));
    }
    line.replies.resize(line.keys.size());
    record.lines.push_back(std::move(line));
  }
  return record;
}

// Fills in the replies: those that are known, and then the others, each asked once.
class Filling {
 public:
  Filling(const Evaluation& evaluation, Record& record, const EvaluationReport& report)
      : log_(evaluation.record), record_(record), report_(report) {
    std::map<std::string, std::size_t> asked;
    for (std::size_t i = 0; i < record.lines.size(); ++i) {
      RecordLine& line = record.lines[i];
      for (std::size_t j = 0; j < line.keys.size(); ++j) {
        ++state_.all;
        if (const Reply* const reply = log_.find(line.keys[j])) {
          line.replies[j] = *reply;
          ++state_.known;
          continue;
        }
        const auto [found, is_new] = asked.emplace(line.keys[j], requests_.size());
        if (is_new) {
          requests_.push_back(evaluation.set.questions[i].requests[j]);
          places_.emplace_back();
        }
        places_[found->second].emplace_back(i, j);
      }
    }
    state_.done = state_.known;
  }

  void ask(Subject& subject) {
    report_(state_);
    if (requests_.empty()) {
      return;
    }
    subject.ask(requests_, [&](std::size_t index, Reply reply) {
      const auto& [line, place] = places_[index].front();
      state_.tokens += reply.tokens;
      if (reply.failure.empty()) {
        log_.add(record_.lines[line].keys[place], reply);
      }
      for (const auto& [i, j] : places_[index]) {
        record_.lines[i].replies[j] = reply;
        ++state_.done;
      }
      report_(state_);
    });
  }

  void finish() { log_.finish(); }

 private:
  ReplyLog log_;
  Record& record_;
  const EvaluationReport& report_;
  std::vector<Request> requests_;
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> places_;  // beside the requests
  EvaluationState state_;
};

}  // namespace

std::string refusal_of(const Subject& subject, const Task& task, Form form) {
  switch (task.config.kind) {
    case TaskKind::kChoice:
      return subject.refusal(Asked::kLikelihood);
    case TaskKind::kPerplexity:
      return subject.refusal(Asked::kPassage);
    case TaskKind::kGeneration:
      return subject.refusal(form == Form::kChat ? Asked::kChat : Asked::kText);
  }
  return {};
}

Record evaluate(const Evaluation& evaluation, Subject& subject, const EvaluationReport& report) {
  const std::string refusal = refusal_of(subject, evaluation.task, evaluation.form);
  check(refusal.empty(),
        "{} cannot be asked {}: {}",
        evaluation.model,
        evaluation.task.name,
        refusal);
  const Marker marker(evaluation.task);
  Record record = empty_record(evaluation, subject);
  Filling filling(evaluation, record, report);
  filling.ask(subject);
  for_each_index(record.lines.size(), threads_for(0), [&](std::size_t i) {
    RecordLine& line = record.lines[i];
    if (line.is_answered()) {
      line.mark = marker(evaluation.set.questions[i], line.replies);
    }
  });
  if (evaluation.contamination != nullptr) {
    evaluation.contamination->note(record);
  }
  write_record(evaluation.record, record);
  filling.finish();
  return record;
}

}  // namespace rq::eval
