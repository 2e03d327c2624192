#pragma once
// A model as a Hugging Face folder: config.json, safetensors under the names of DeepSeek-V3's
// checkpoint (of Llama's and Qwen2's for dense models; a reward model's score as transformers'
// classes for sequence classification call it), generation_config.json. The tokenizer's files are
// not this module's.

#include <cstdint>
#include <filesystem>

#include "model/hf_config.h"
#include "model/model.h"

namespace rq::model {

// Reads F32, F16, BF16, and F8_E4M3 with a scale per 128 x 128 block, into float32 on the CPU.
// Experts may be single tensors or transformers 5's stacks. MTP layers that config.json promises
// and no weight belongs to are dropped from the config. One Error lists the tensors that
// are missing, unknown, or of the wrong shape or type (the first dozen, and how many more), before
// memory is taken; where that does not suffice, a MachineError says so.
Model load_model(const std::filesystem::path& folder);

// Writes what load_model() and transformers read, in float32; config.json comes last.
void save_model(const std::filesystem::path& folder,
                const Model& model,
                const SpecialTokenIds& special = {},
                std::uint64_t max_shard_bytes = 5'000'000'000);

}  // namespace rq::model
