#include "eval/tables/evaluate.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "base/threads.h"

namespace rq::eval {
namespace {

std::string digest_of(const Subject& subject) {
  return json_value<std::string>(subject.identity(), "digest", "", "a model's identity");
}

Record empty_record(const Evaluation& evaluation, const Subject& subject) {
  const Json identity = subject.identity();
  const std::string digest = digest_of(subject);
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
      line.keys.push_back(
          key_of(subject.knows_questions() ? digest + "/" + question.id : digest, request));
    }
    line.replies.resize(line.keys.size());
    record.lines.push_back(std::move(line));
  }
  return record;
}

// A reply that is wanted, under its key, and where it is to be put.
struct Wanted {
  const std::string& key;
  const Request& request;
  Reply& reply;
};

// Gets the replies: those that are known, and then the others, each asked once.
class Filling {
 public:
  Filling(std::vector<Wanted> wanted, ReplyLog& log, const EvaluationReport& report)
      : wanted_(std::move(wanted)), log_(log), report_(report) {
    std::map<std::string, std::size_t> asked;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (const Reply* const reply = log_.find(wanted_[i].key)) {
        wanted_[i].reply = *reply;
        ++state_.known;
        continue;
      }
      const auto [found, is_new] = asked.emplace(wanted_[i].key, requests_.size());
      if (is_new) {
        requests_.push_back(wanted_[i].request);
        places_.emplace_back();
      }
      places_[found->second].push_back(i);
    }
    state_.all = std::ssize(wanted_);
    state_.done = state_.known;
  }

  void ask(Subject& subject) {
    report_(state_);
    if (requests_.empty()) {
      return;
    }
    subject.ask(requests_, [&](std::size_t index, const Reply& reply) {
      state_.tokens += reply.tokens;
      if (reply.failure.empty()) {
        log_.add(wanted_[places_[index].front()].key, reply);
      }
      for (const std::size_t place : places_[index]) {
        wanted_[place].reply = reply;
        ++state_.done;
      }
      report_(state_);
    });
  }

 private:
  std::vector<Wanted> wanted_;
  ReplyLog& log_;
  const EvaluationReport& report_;
  std::vector<Request> requests_;
  std::vector<std::vector<std::size_t>> places_;  // beside the requests: of those that want it
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

Examination::Examination(const Evaluation& evaluation)
    : evaluation_(evaluation), marker_(evaluation.task), log_(evaluation.record) {}

void Examination::ask(Subject& subject, const EvaluationReport& report) {
  const std::string refusal = refusal_of(subject, evaluation_.task, evaluation_.form);
  check(refusal.empty(),
        "{} cannot be asked {}: {}",
        evaluation_.model,
        evaluation_.task.name,
        refusal);
  record_ = empty_record(evaluation_, subject);
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < record_.lines.size(); ++i) {
    RecordLine& line = record_.lines[i];
    for (std::size_t j = 0; j < line.keys.size(); ++j) {
      wanted.push_back({line.keys[j], evaluation_.set.questions[i].requests[j], line.replies[j]});
    }
  }
  Filling(std::move(wanted), log_, report).ask(subject);
}

void Examination::judge(const std::string& name, Subject& judge, const EvaluationReport& report) {
  record_.making.judge = {
      {"model", name}, {"identity", judge.identity()}, {"engine", judge.engine()}};
  const std::string digest = digest_of(judge);
  std::vector<std::vector<Request>> requests(record_.lines.size());
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < record_.lines.size(); ++i) {
    RecordLine& line = record_.lines[i];
    if (line.is_answered()) {
      requests[i] = marker_.to_judge(evaluation_.set.questions[i], line.replies);
    }
    for (const Request& request : requests[i]) {
      line.judge_keys.push_back(key_of(digest, request));
    }
    line.judgements.resize(requests[i].size());
    for (std::size_t j = 0; j < requests[i].size(); ++j) {
      wanted.push_back({line.judge_keys[j], requests[i][j], line.judgements[j]});
    }
  }
  Filling(std::move(wanted), log_, report).ask(judge);
}

Record Examination::finish() {
  for_each_index(record_.lines.size(), threads_for(0), [&](std::size_t i) {
    RecordLine& line = record_.lines[i];
    if (line.is_answered()) {
      line.mark = marker_(evaluation_.set.questions[i], line.replies, line.judgements);
    }
  });
  if (evaluation_.contamination != nullptr) {
    evaluation_.contamination->note(record_);
  }
  write_record(evaluation_.record, record_);
  log_.finish();
  return std::move(record_);
}

}  // namespace rq::eval
