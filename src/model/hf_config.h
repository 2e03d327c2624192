#pragma once
// config.json of a Hugging Face model folder <-> ModelConfig: deepseek_v3, deepseek_v2, llama and
// qwen2, with the meaning that transformers 5 gives to every key. What we do not compute is refused
// by name, never ignored.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "model/config.h"

namespace rq::model {

// Token ids that generation needs to know; absent where the tokenizer has none.
struct SpecialTokenIds {
  std::optional<std::int64_t> begin, end, pad;
};

// Reads old (`rope_scaling`) and new (`rope_parameters`) spellings. An Error names the file and all
// problems of the shapes.
ModelConfig read_hf_config(const std::filesystem::path& config_json);

// The special tokens of a config.json; of several end tokens the first.
SpecialTokenIds read_special_token_ids(const std::filesystem::path& config_json);

// Writes what read_hf_config() reads back, and transformers loads; an Error where no model_type
// computes this network.
void write_hf_config(const ModelConfig& config,
                     const std::filesystem::path& config_json,
                     const SpecialTokenIds& special = {});

}  // namespace rq::model
