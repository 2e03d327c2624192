#include "eval/local_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "eval/internal/ask_engine.h"
#include "generate/engine.h"
#include "model/hf_weights.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kCacheTokens = 32'768;  // or the context, where that is longer
// Of all that decides what the model says.
std::string digest_of(const fs::path& folder, BeginToken begin) {
  std::map<std::string, std::string> digests;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".safetensors" || ending == ".json" || ending == ".jinja") {
      const MappedFile file(entry.path());
      digests[entry.path().filename().string()] = hex64(xxh3(file.bytes()));
    }
  }
  return sha256(Json{{"files", digests}, {"begin_token", static_cast<int>(begin)}}.dump());
}

// The token that tokenizer_config.json calls `name`, as a text or as an object with its content.
std::optional<std::int32_t> named_token(const fs::path& folder,
                                        const tokenizer::Tokenizer& tokenizer,
                                        const char* name) {
  const fs::path path = folder / "tokenizer_config.json";
  if (!fs::exists(path)) {
    return std::nullopt;
  }
  const Json json = read_json(path);
  Json token = json.value(name, Json());
  if (token.is_object()) {
    token = token.value("content", Json());
  }
  return token.is_string() ? tokenizer.id_of(token.get<std::string>()) : std::nullopt;
}

}  // namespace

struct LocalModel::State {
  explicit State(LocalModelConfig given)
      : config(std::move(given)),
        tokenizer(tokenizer::Tokenizer::load(config.folder / "tokenizer.json")),
        chat(tokenizer::ChatFormat::load(config.folder)),
        end_tokens(tokenizer::end_tokens(config.folder, tokenizer)),
        begin(named_token(config.folder, tokenizer, "bos_token")),
        digest(digest_of(config.folder, config.begin_token)) {
    end = named_token(config.folder, tokenizer, "eos_token");
    check(config.begin_token == BeginToken::kNever || begin.has_value(),
          "{}: its tokenizer_config.json names no bos_token",
          config.folder.string());
  }

  generate::Engine& engine() {
    if (!engine_) {
      const model::Model model = model::load_model(config.folder);
      engine_ = std::make_unique<generate::Engine>(
          model,
          generate::EngineConfig{.cache_tokens =
                                     std::max(model.config.context,
                                              std::min(8 * model.config.context, kCacheTokens))});
    }
    return *engine_;
  }

  void drop_engine() { engine_.reset(); }

  // What stands before a text without context; nothing where no file names such a token.
  std::optional<std::int32_t> prefix_token() const {
    const auto last = end_tokens.empty() ? std::nullopt : std::optional(end_tokens.front());
    return begin ? begin : end ? end : last;
  }

  LocalModelConfig config;
  tokenizer::Tokenizer tokenizer;
  std::optional<tokenizer::ChatFormat> chat;
  Tokens end_tokens;
  std::optional<std::int32_t> begin, end;
  std::string digest;

 private:
  std::unique_ptr<generate::Engine> engine_;
};

LocalModel::LocalModel(LocalModelConfig config) {
  check(fs::is_directory(config.folder), "{} is no folder of a model", config.folder.string());
  state_ = std::make_unique<State>(std::move(config));
}

LocalModel::~LocalModel() = default;

Json LocalModel::identity() const {
  Json identity = {
      {"kind", "folder"}, {"path", state_->config.folder.string()}, {"digest", state_->digest}};
  if (state_->config.begin_token == BeginToken::kAlways) {
    identity["begin_token"] = true;
  }
  return identity;
}

std::string LocalModel::engine() const {
  return "rorqual, float32";
}

std::string LocalModel::refusal(Asked asked) const {
  return asked == Asked::kChat && !state_->chat ? "its folder has no chat template" : "";
}

void LocalModel::ask(std::span<const Request> requests, const OnReply& on_reply) {
  State& state = *state_;
  const bool begins = state.config.begin_token == BeginToken::kAlways;
  try {
    ask_engine({.engine = state.engine(),
                .tokenizer = state.tokenizer,
                .chat = state.chat ? &*state.chat : nullptr,
                .end_tokens = state.end_tokens,
                .begin = begins ? state.begin : std::nullopt,
                .prefix = state.prefix_token()},
               requests,
               on_reply);
  } catch (...) {
    state.drop_engine();  // it still knows requests whose listeners are gone
    throw;
  }
}

}  // namespace rq::eval
