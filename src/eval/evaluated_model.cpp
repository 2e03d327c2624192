#include "eval/evaluated_model.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "eval/local_model.h"
#include "eval/tables/answer_file.h"
#include "eval/tables/endpoint_models.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

// Takes `prefix` off, where the text begins with it.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

EvaluatedModel read_endpoint(ModelKind kind, std::string_view text) {
  const std::size_t at = text.rfind('@');
  check(at != std::string_view::npos && at > 0 && at + 1 < text.size(),
        "{} is not like MODEL@http://host:port/v1",
        text);
  EvaluatedModel model{.kind = kind, .where = std::string(text.substr(at + 1))};
  model.endpoint_model = text.substr(0, at);
  model.name = model.endpoint_model;
  return model;
}

EvaluatedModel read_model(std::string_view text) {
  if (take(text, "chat:")) {
    return read_endpoint(ModelKind::kChat, text);
  }
  if (take(text, "completions:")) {
    return read_endpoint(ModelKind::kCompletions, text);
  }
  if (take(text, "answers:")) {
    return {.kind = ModelKind::kAnswers,
            .name = fs::path(text).stem().string(),
            .where = std::string(text)};
  }
  if (take(text, "published:")) {
    return {.kind = ModelKind::kPublished, .name = std::string(text), .where = std::string(text)};
  }
  check(text.find("://") == std::string_view::npos,
        "{}: an endpoint is named chat:MODEL@URL or completions:MODEL@URL",
        text);
  fs::path folder = fs::path(text).lexically_normal();
  folder = folder.has_filename() ? folder : folder.parent_path();
  return {.kind = ModelKind::kFolder, .name = folder.filename().string(), .where = folder.string()};
}

}  // namespace

EvaluatedModel read_evaluated_model(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0 ||
      text.substr(0, sign).find_first_of("/:@") != std::string_view::npos) {
    EvaluatedModel model = read_model(text);
    model.written = text;
    return model;
  }
  EvaluatedModel model = read_model(text.substr(sign + 1));
  model.written = text;
  check(model.kind != ModelKind::kPublished, "{}: published figures keep their own names", text);
  model.name = text.substr(0, sign);
  return model;
}

EvaluatedModel read_judge(std::string_view text) {
  EvaluatedModel model = read_evaluated_model(text);
  check(
      model.kind == ModelKind::kFolder || model.kind == ModelKind::kChat,
      "{} cannot judge answers, as it cannot be talked to: name a folder with a chat template, or "
      "chat:MODEL@URL",
      text);
  return model;
}

std::unique_ptr<Subject> make_subject(const EvaluatedModel& model,
                                      const SubjectSettings& settings) {
  if (model.kind == ModelKind::kFolder) {
    return std::make_unique<LocalModel>(LocalModelConfig{
        .folder = model.where,
        .begin_token = settings.has_begin_token ? BeginToken::kAlways : BeginToken::kNever});
  }
  if (model.kind == ModelKind::kAnswers) {
    return std::make_unique<AnswerFile>(model.where);
  }
  synth::EndpointConfig endpoint = settings.endpoint;
  endpoint.base_url = model.where;
  endpoint.model = model.endpoint_model;
  if (model.kind == ModelKind::kChat) {
    return std::make_unique<ChatModel>(endpoint, settings.answers);
  }
  return std::make_unique<CompletionsModel>(endpoint);
}

}  // namespace rq::eval
