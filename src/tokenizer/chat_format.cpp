#include "tokenizer/chat_format.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"

namespace rq::tokenizer {
namespace {

namespace fs = std::filesystem;

// An empty object where there is no such file.
Json read_if_there(const fs::path& path) {
  return fs::exists(path) ? read_json(path) : Json::object();
}

// A named token is its text, or an object that has it.
std::optional<std::string> token_text(const Json& config, const std::string& name) {
  if (!config.is_object() || !config.contains(name)) {
    return std::nullopt;
  }
  const Json& token = config[name];
  if (token.is_string()) {
    return token.get<std::string>();
  }
  if (token.is_object() && token.contains("content") && token["content"].is_string()) {
    return token["content"].get<std::string>();
  }
  return std::nullopt;
}

struct Source {
  std::string text, origin;
};

std::optional<Source> find_template(const fs::path& folder, const Json& config) {
  if (const fs::path file = folder / "chat_template.jinja"; fs::exists(file)) {
    return Source{read_file(file), file.string()};
  }
  if (!config.is_object() || !config.contains("chat_template")) {
    return std::nullopt;
  }
  const std::string origin = (folder / "tokenizer_config.json").string() + ", chat_template";
  const Json& found = config["chat_template"];
  if (found.is_string()) {
    return Source{found.get<std::string>(), origin};
  }
  check(found.is_array(), "{} is neither a text nor a list", origin);
  for (const Json& named : found) {
    if (json_value<std::string>(named, "name", "", origin) == "default") {
      return Source{json_value<std::string>(named, "template", "", origin), origin};
    }
  }
  fail("{} has none named \"default\"", origin);
}

}  // namespace

std::optional<ChatFormat> ChatFormat::load(const fs::path& folder) {
  const Json config = read_if_there(folder / "tokenizer_config.json");
  const std::optional<Source> source = find_template(folder, config);
  if (!source) {
    return std::nullopt;
  }
  Json tokens = Json::object();
  for (const char* const name : {"bos_token",
                                 "eos_token",
                                 "unk_token",
                                 "sep_token",
                                 "pad_token",
                                 "cls_token",
                                 "mask_token"}) {
    if (const auto text = token_text(config, name)) {
      tokens[name] = *text;
    }
  }
  return ChatFormat(jinja::Template(source->text, source->origin), std::move(tokens));
}

std::string ChatFormat::render(const Json& messages) const {
  Json variables = tokens_;
  variables["messages"] = messages;
  variables["add_generation_prompt"] = true;
  return template_.render(variables);
}

std::vector<std::int32_t> end_tokens(const fs::path& folder, const Tokenizer& tokenizer) {
  for (const char* const name : {"generation_config.json", "config.json"}) {
    const Json config = read_if_there(folder / name);
    if (!config.is_object() || !config.contains("eos_token_id")) {
      continue;
    }
    const Json& ids = config["eos_token_id"];
    if (ids.is_number_integer()) {
      return {ids.get<std::int32_t>()};
    }
    if (ids.is_array()) {
      return json_value<std::vector<std::int32_t>>(
          config, "eos_token_id", {}, (folder / name).string());
    }
  }
  const auto text = token_text(read_if_there(folder / "tokenizer_config.json"), "eos_token");
  const auto id = text ? tokenizer.id_of(*text) : std::nullopt;
  return id ? std::vector<std::int32_t>{*id} : std::vector<std::int32_t>();
}

}  // namespace rq::tokenizer
