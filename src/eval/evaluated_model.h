#pragma once
// A model as people name it for an evaluation.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "eval/tables/subject.h"
#include "synth/endpoint.h"

namespace rq::eval {

enum class ModelKind { kFolder, kChat, kCompletions, kAnswers, kPublished };

// "models/base", "tiny=runs/tiny/models/base", "chat:MODEL@URL", "completions:MODEL@URL",
// "answers:FILE", "published:DeepSeek-V3-Base", each with NAME= before it or not.
struct EvaluatedModel {
  ModelKind kind = ModelKind::kFolder;
  std::string name = {};   // of its column
  std::string where = {};  // folder, address, or what is published
  std::string endpoint_model = {};
  std::string written = {};  // as it was named
};

EvaluatedModel read_evaluated_model(std::string_view text);
// The same of one that is to judge answers: an Error where it cannot be talked to.
EvaluatedModel read_judge(std::string_view text);

struct SubjectSettings {
  synth::EndpointConfig endpoint = {};  // but for address and model
  std::filesystem::path answers = {};   // where answers of chat endpoints are kept
  bool has_begin_token = false;
};
// REQUIRES a model that is not only published.
std::unique_ptr<Subject> make_subject(const EvaluatedModel& model, const SubjectSettings& settings);

}  // namespace rq::eval
