#include "tokenizer/folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/json.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {
namespace {

// DeepSeek-V3's format: begin, all system prompts, then turns; an assistant's turn ends in the end
// token.
constexpr std::string_view kChatTemplate =
    R"({%- if add_generation_prompt is not defined %}{% set add_generation_prompt = false %}{% endif -%}
{%- set ns = namespace(system='', has_system=false) -%}
{%- for message in messages if message['role'] == 'system' -%}
  {%- set ns.system = ns.system + ('\n\n' if ns.has_system else '') + message['content'] -%}
  {%- set ns.has_system = true -%}
{%- endfor -%}
{{- bos_token + ns.system -}}
{%- for message in messages -%}
  {%- if message['role'] == 'user' -%}
    {{- '<｜User｜>' + message['content'] -}}
  {%- elif message['role'] == 'assistant' -%}
    {{- '<｜Assistant｜>' + message['content'] + eos_token -}}
  {%- elif message['role'] != 'system' -%}
    {{- raise_exception('no such role as ' + message['role'] + ': there are system, user and assistant') -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<｜Assistant｜>' -}}{%- endif -%})";

constexpr std::array<std::pair<const char*, std::string_view>, 3> kNamedTokens = {{
    {"bos_token", kBeginOfSentence},
    {"eos_token", kEndOfSentence},
    {"pad_token", kPad},
}};
constexpr std::array kChatTokens = {kBeginOfSentence, kEndOfSentence, kUser, kAssistant};

Json describe(const Tokenizer& tokenizer) {
  const auto has = [&](std::string_view token) { return tokenizer.id_of(token).has_value(); };
  Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                 {"clean_up_tokenization_spaces", false},
                 {"add_bos_token", false},
                 {"add_eos_token", false}};
  for (const auto& [name, token] : kNamedTokens) {
    if (has(token)) {
      config[name] = token;
    }
  }
  if (std::ranges::all_of(kChatTokens, has)) {
    config["chat_template"] = kChatTemplate;
  }
  return config;
}

}  // namespace

void save_tokenizer_folder(const Tokenizer& tokenizer, const std::filesystem::path& model_dir) {
  tokenizer.save(model_dir / "tokenizer.json");
  write_json(model_dir / "tokenizer_config.json", describe(tokenizer));
}

void copy_tokenizer_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* const name : {"tokenizer.json",
                                 "tokenizer_config.json",
                                 "special_tokens_map.json",
                                 "chat_template.jinja",
                                 "generation_config.json"}) {
    if (std::filesystem::exists(from / name)) {
      write_file(to / name, read_file(from / name));
    }
  }
}

std::string_view chat_template() {
  return kChatTemplate;
}

}  // namespace rq::tokenizer
