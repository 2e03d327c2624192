#include "model/hf_weights.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/json.h"
#include "base/safetensors.h"
#include "base/safetensors_folder.h"
#include "base/tensor_bytes.h"
#include "model/internal/hf_names.h"

namespace rq::model {
namespace {

namespace fs = std::filesystem;
using internal::HfTensor;

constexpr std::int64_t kScaleBlock = 128;  // rows and columns that share one scale of an FP8 matrix
constexpr std::string_view kScaleSuffix = "_scale_inv";
constexpr std::size_t kShownProblems = 12;  // of what may be thousands

std::int64_t scale_count(std::int64_t size) {
  return (size + kScaleBlock - 1) / kScaleBlock;
}

bool has_shape(const TensorInfo& info, at::IntArrayRef sizes) {
  return sizes.equals(info.shape);
}

// What is wrong with the tensor that `part` is read from; empty where nothing is.
std::string problem_of(const HfTensor& part, const SafetensorsFolder& weights) {
  const TensorInfo* const info = weights.find(part.name);
  if (info == nullptr) {
    return part.is_copy ? "" : fmt::format("{} is missing", part.name);
  }
  if (!has_shape(*info, part.view.sizes())) {
    return fmt::format("{} has the shape [{}], config.json says [{}]",
                       part.name,
                       fmt::join(info->shape, ", "),
                       fmt::join(part.view.sizes(), ", "));
  }
  if (part.is_copy || info->dtype == Dtype::kF32 || info->dtype == Dtype::kF16 ||
      info->dtype == Dtype::kBf16) {
    return "";
  }
  if (info->dtype != Dtype::kF8E4M3 || part.view.dim() != 2) {
    return fmt::format("{} is of type {}; F32, F16, BF16, and F8_E4M3 for matrices, are read",
                       part.name,
                       dtype_name(info->dtype));
  }
  const std::string scale_name = part.name + std::string(kScaleSuffix);
  const TensorInfo* const scale = weights.find(scale_name);
  const std::vector<std::int64_t> blocks{scale_count(part.view.size(0)),
                                         scale_count(part.view.size(1))};
  if (scale == nullptr || scale->dtype != Dtype::kF32 || scale->shape != blocks) {
    return fmt::format(
        "{} needs {}, F32 of shape [{}]", part.name, scale_name, fmt::join(blocks, ", "));
  }
  return "";
}

// Missing, unknown and misshapen tensors, all of them.
std::vector<std::string> problems_of(const std::vector<HfTensor>& parts,
                                     const SafetensorsFolder& weights,
                                     const ModelConfig& config) {
  std::vector<std::string> problems;
  std::unordered_set<std::string> known;
  for (const HfTensor& part : parts) {
    known.insert(part.name);
    known.insert(part.name + std::string(kScaleSuffix));
    if (std::string problem = problem_of(part, weights); !problem.empty()) {
      problems.push_back(std::move(problem));
    }
  }
  for (const TensorInfo* const info : weights.tensors()) {
    if (!known.contains(info->name) && !internal::is_ignorable(info->name, config)) {
      problems.push_back(fmt::format("{} is unknown", info->name));
    }
  }
  return problems;
}

// Every block of 128 x 128 times its scale.
Tensor unscale(const Tensor& quantised, const Tensor& scale) {
  const Tensor rows = scale.repeat_interleave(kScaleBlock, 0).narrow(0, 0, quantised.size(0));
  const Tensor all = rows.repeat_interleave(kScaleBlock, 1).narrow(1, 0, quantised.size(1));
  return quantised.to(at::kFloat) * all;
}

void read_into(Tensor view, const TensorInfo& info, const SafetensorsFolder& weights) {
  if (info.dtype == Dtype::kF32 && view.is_contiguous()) {
    if (!info.bytes.empty()) {
      std::memcpy(view.mutable_data_ptr(), info.bytes.data(), info.bytes.size());
    }
  } else if (info.dtype == Dtype::kF8E4M3) {
    const TensorInfo& scale = *weights.find(info.name + std::string(kScaleSuffix));
    view.copy_(unscale(tensor_of(info), tensor_of(scale)));
  } else {
    view.copy_(tensor_of(info));
  }
}

// MTP layers that are promised, and of which not one tensor is there, are not there.
void drop_absent_predictions(ModelConfig& config, const SafetensorsFolder& weights) {
  const std::string prefix = internal::layer_prefix(config.layers);
  for (const TensorInfo* const info : weights.tensors()) {
    if (info->name.starts_with(prefix)) {
      return;
    }
  }
  config.mtp_layers = 0;
}

// The counts that a wrong config.json could make boundless are those of the weights: nothing below
// lists more tensors than there are.
void check_extent(const ModelConfig& config,
                  const SafetensorsFolder& weights,
                  const fs::path& folder) {
  const TensorInfo* const embedding = weights.find("model.embed_tokens.weight");
  check(embedding != nullptr, "{}: model.embed_tokens.weight is missing", folder.string());
  check(has_shape(*embedding, {config.vocab_size, config.width}),
        "{}: model.embed_tokens.weight has the shape [{}], config.json says [{}, {}]",
        folder.string(),
        fmt::join(embedding->shape, ", "),
        config.vocab_size,
        config.width);
  const auto check_last = [&](const std::string& name, std::int64_t count, const char* of_what) {
    check(weights.find(name) != nullptr,
          "{}: {} is missing, config.json says {} {}",
          folder.string(),
          name,
          count,
          of_what);
  };
  const std::string last = internal::layer_prefix(config.layers - 1);
  check_last(last + "input_layernorm.weight", config.layers, "layers");
  if (config.mtp_layers > 0) {
    check_last(internal::layer_prefix(config.layers + config.mtp_layers - 1) + "eh_proj.weight",
               config.mtp_layers,
               "MTP layers");
  }
  const std::string experts = last + "mlp.experts.";
  if (config.is_moe_layer(config.layers - 1) && weights.find(experts + "gate_up_proj") == nullptr) {
    check_last(fmt::format("{}{}.gate_proj.weight", experts, config.moe.experts - 1),
               config.moe.experts,
               "experts");
  }
}

// A network of the config's shape, with the score of a reward model where the weights have one.
Model make_for(const ModelConfig& config,
               const SafetensorsFolder& weights,
               c10::Device device = c10::kCPU) {
  Model model = make_model(config, device);
  if (weights.find("score.weight") != nullptr) {
    model.score = at::empty({1, config.width}, model.norm.options());
  }
  return model;
}

std::vector<HfTensor> parts_of(const Model& model, const SafetensorsFolder& weights) {
  return internal::hf_tensors(
      model, [&](const std::string& name) { return weights.find(name) != nullptr; });
}

// Compares shapes, without taking memory.
void check_weights(const ModelConfig& config,
                   const SafetensorsFolder& weights,
                   const fs::path& folder) {
  check_extent(config, weights, folder);
  std::vector<std::string> problems;
  try {
    problems =
        problems_of(parts_of(make_for(config, weights, c10::kMeta), weights), weights, config);
  } catch (const c10::Error&) {
    fail("{}: config.json describes tensors that no memory holds", folder.string());
  }
  const std::size_t shown = std::min(problems.size(), kShownProblems),
                    left = problems.size() - shown;
  check(problems.empty(),
        "{}: the weights do not fit config.json: {}{}",
        folder.string(),
        fmt::join(problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(shown), "; "),
        left == 0 ? "" : fmt::format("; and {} more", left));
}

// The model's own memory, once config and weights are known to agree.
Model take_memory(const ModelConfig& config,
                  const SafetensorsFolder& weights,
                  const fs::path& folder) {
  try {
    return make_for(config, weights);
  } catch (const c10::Error& error) {
    throw MachineError(fmt::format("{}: not enough memory for the weights in float32: {}",
                                   folder.string(),
                                   error.what_without_backtrace()));
  }
}

void write_generation_config(const fs::path& path, const SpecialTokenIds& special) {
  Json json{{"_from_model_config", true}};
  const auto put = [&](const char* key, const std::optional<std::int64_t>& id) {
    if (id) {
      json[key] = *id;
    }
  };
  put("bos_token_id", special.begin);
  put("eos_token_id", special.end);
  put("pad_token_id", special.pad);
  write_json(path, json);
}

}  // namespace

Model load_model(const fs::path& folder) {
  ModelConfig config = read_hf_config(folder / "config.json");
  const SafetensorsFolder weights(folder);
  drop_absent_predictions(config, weights);
  check_weights(config, weights, folder);
  const Model model = take_memory(config, weights, folder);
  const c10::NoGradGuard no_grad;
  for (const HfTensor& part : parts_of(model, weights)) {
    if (!part.is_copy) {
      read_into(part.view, *weights.find(part.name), weights);
    }
  }
  return model;
}

void save_model(const fs::path& folder,
                const Model& model,
                const SpecialTokenIds& special,
                std::uint64_t max_shard_bytes) {
  const auto parts = internal::hf_tensors(model, [](const std::string&) { return false; });
  std::vector<TensorSpec> specs;
  for (const HfTensor& part : parts) {
    specs.push_back({.name = part.name, .dtype = Dtype::kF32, .shape = part.view.sizes().vec()});
  }
  Tensor written;  // keeps the bytes alive between fetches
  write_safetensors_folder(folder, specs, max_shard_bytes, [&](std::size_t i) {
    written = parts[i].view.cpu().to(at::kFloat).contiguous();
    return bytes_of(written);
  });
  write_generation_config(folder / "generation_config.json", special);
  write_hf_config(model.config, folder / "config.json", special);
}

}  // namespace rq::model
