#pragma once
// How a model's folder says that conversations become text, and where its answers end.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "tokenizer/jinja/template.h"
#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {

// The folder's chat template: chat_template.jinja, or "chat_template" in tokenizer_config.json (of
// a list, the one that is named "default").
class ChatFormat {
 public:
  // Nothing where the folder has no template; an Error where it has one that cannot be used.
  static std::optional<ChatFormat> load(const std::filesystem::path& folder);

  // The text that the model continues with its answer. `messages` is an array of objects with
  // "role" and "content"; an Error says what the template does not take.
  std::string render(const Json& messages) const;

 private:
  ChatFormat(jinja::Template chat, Json tokens)
      : template_(std::move(chat)), tokens_(std::move(tokens)) {}

  jinja::Template template_;
  Json tokens_;  // bos_token and the other named ones, as templates see them
};

// The tokens that end an answer: "eos_token_id" of generation_config.json, else of config.json,
// else "eos_token" of tokenizer_config.json; none where no file names one.
std::vector<std::int32_t> end_tokens(const std::filesystem::path& folder,
                                     const Tokenizer& tokenizer);

}  // namespace rq::tokenizer
