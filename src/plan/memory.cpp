#include "plan/memory.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "plan/flops.h"
#include "plan/parameters.h"

namespace rq::plan {
namespace {

using model::AttentionKind;
using model::ModelConfig;

double number(int64_t value) {
  return static_cast<double>(value);
}

// Bytes a token of what attention keeps, its input not counted.
double attention_bytes(const ModelConfig& config, Recompute recompute, const Formats& formats) {
  const model::AttentionConfig& attention = config.attention;
  const double heads = number(attention.heads), queries = heads * number(attention.key_width()),
               mixed = heads * number(attention.value_head_width());
  const double output = mixed * formats.attention_output + 4 * heads;  // and each row's logarithm
  if (attention.kind == AttentionKind::kGqa) {
    const double keys = 2 * number(attention.kv_heads * attention.head_width);
    return (queries + keys) * formats.attention_input + output;
  }
  const double latents = number(attention.kv_rank + attention.rope_width + attention.query_rank),
               normed = number(attention.kv_rank + attention.query_rank);
  const double keys_and_values =
      heads * number(attention.nope_width + attention.value_width + attention.key_width());
  const bool forgets = recompute == Recompute::kNorms;
  double bytes = latents * formats.residual + output;
  bytes += forgets && formats.recomputes_queries ? 0 : queries * formats.attention_input;
  bytes += forgets ? 0 : keys_and_values * formats.attention_input;
  bytes += forgets && formats.recomputes_queries ? 0 : normed * formats.product_input;
  return bytes;
}

// Bytes a token of what the feed-forward part keeps, its input not counted.
double feed_forward_bytes(const ModelConfig& config, bool is_moe, const Formats& formats) {
  const auto swiglu = [&](double width, bool keeps_result) {
    return (2 + (keeps_result ? 1 : 0)) * width * formats.product_input;
  };
  if (!is_moe) {
    return swiglu(number(config.dense_width), formats.keeps_swiglu);
  }
  const model::MoeConfig& moe = config.moe;
  const double visits = number(moe.top_k), width = number(moe.expert_width);
  return swiglu(visits * width, false) +
         swiglu(number(moe.shared_experts) * width, formats.keeps_swiglu) +
         (formats.keeps_dispatched ? visits * number(config.width) * formats.dispatched : 0) +
         4 * (number(moe.experts) + 3 * visits);
}

// Bytes a token of one block while gradients go back through it, freed behind it. Of a mixture,
// when most is there: the visits' gradients and inputs, those of SwiGLU's result and of its input.
double passing_bytes(const ModelConfig& config, bool is_moe, const Formats& formats) {
  const double width = number(config.width);
  const double inner =
      is_moe ? number(config.moe.top_k) * (2 * width + 3 * number(config.moe.expert_width))
             : 3 * number(config.dense_width);
  return (inner + 2 * width) * formats.passing;
}

// Parameters of one rank of a stage.
struct Held {
  double experts = 0, others = 0, tables = 0;  // the embedding and the head

  double total() const { return experts + others + tables; }
};

bool is_moe_block(const ModelConfig& config, int64_t block) {
  return config.moe.experts > 0 && (block >= config.layers || config.is_moe_layer(block));
}

// A stage's blocks with the embedding and the head where it has them.
Held held_by(const Workload& work, const Mesh& mesh, int64_t stage) {
  const ModelConfig& config = work.shape;
  const int64_t depths = config.mtp_layers;  // they are there, whether run or not
  const auto counts = blocks_by_stage(config, depths, mesh.pipeline);
  int64_t block = 0;
  for (int64_t i = 0; i < stage; ++i) {
    block += counts[static_cast<std::size_t>(i)];
  }
  const double width = number(config.width);
  const double expert = 3 * width * number(config.moe.expert_width);
  const double attention = number(attention_parameters(config.attention, config.width)) + 2 * width;
  Held held;
  for (const int64_t end = block + counts[static_cast<std::size_t>(stage)]; block < end; ++block) {
    held.others += attention;
    if (is_moe_block(config, block)) {
      const double routed = number(config.moe.experts) * expert;
      held.experts += routed / number(mesh.expert);
      held.others += number(mixture_parameters(config.moe, config.width)) - routed;
    } else {
      held.others += 3 * width * number(config.dense_width);
    }
    held.others += block >= config.layers ? 2 * width * width + 3 * width : 0;
  }
  const double vocabulary = number(config.vocab_size) * width;
  const bool is_last = stage + 1 == mesh.pipeline;
  held.tables += stage == 0 ? vocabulary : 0;
  held.tables += is_last && !(config.has_tied_embeddings && mesh.pipeline == 1) ? vocabulary : 0;
  return held;
}

// Bytes a token that the blocks of a stage keep, and the largest that one of them needs meanwhile.
struct Kept {
  double a_token = 0, passing_a_token = 0;
};

Kept kept_by(const Workload& work, const Mesh& mesh, const Formats& formats, int64_t stage) {
  const ModelConfig& config = work.shape;
  const int64_t depths = work.has_prediction ? config.mtp_layers : 0;
  const auto counts = blocks_by_stage(config, depths, mesh.pipeline);
  int64_t block = 0;
  for (int64_t i = 0; i < stage; ++i) {
    block += counts[static_cast<std::size_t>(i)];
  }
  Kept kept;
  for (const int64_t end = block + counts[static_cast<std::size_t>(stage)]; block < end; ++block) {
    const bool is_moe = is_moe_block(config, block);
    kept.a_token += kept_bytes(config, is_moe, work.recompute, formats);
    double passing = passing_bytes(config, is_moe, formats);
    if (work.recompute == Recompute::kLayer) {  // all of it is there again while it is worked on
      passing += kept_bytes(config, is_moe, Recompute::kNone, formats);
    }
    kept.passing_a_token = std::max(kept.passing_a_token, passing);
    // The joined inputs of a prediction layer, their norms, and its own output's.
    kept.a_token += block >= config.layers ? 5 * number(config.width) * formats.residual : 0;
  }
  if (stage + 1 == mesh.pipeline) {  // the last norm and the head's gradient, at each depth
    kept.a_token += number(1 + depths) * 3 * number(config.width) * formats.residual;
  }
  return kept;
}

// Bytes of masters, moments and the average, of what this rank updates.
double optimizer_bytes(const Workload& work,
                       const Mesh& mesh,
                       const Formats& formats,
                       const Held& held) {
  const double same = number(mesh.data * mesh.context);
  const double a_table = formats.master + 2 * formats.moment +  // AdamW's, whatever matrices have
                         (work.keeps_average ? formats.average : 0);
  const double a_matrix = a_table - number(2 - work.moments) * formats.moment;
  if (!formats.is_sharded) {
    return (held.experts + held.others) * a_matrix + held.tables * a_table;
  }
  return (held.experts * number(mesh.expert) + held.others) / same * a_matrix +
         held.tables / same * a_table;
}

// The logits; where they are made chunk by chunk, also the head's gradient, which is then made on
// the way forward, at each depth, and once more scaled.
double head_workspace(const Workload& work, const Formats& formats, double tokens) {
  const double logits = number(work.shape.vocab_size) * tokens * formats.logit;
  if (formats.most_logit_bytes == 0) {
    return logits;
  }
  const int64_t depths = work.has_prediction ? work.shape.mtp_layers : 0;
  const double gradient = number(work.shape.vocab_size * work.shape.width) * formats.gradient;
  return std::min(logits, formats.most_logit_bytes) + number(2 * (1 + depths)) * gradient;
}

// What a rank has to do with: its stages (two with DualPipe), the tokens of a micro-batch, and how
// many micro-batches' activations it holds.
struct Load {
  std::vector<int64_t> stages;
  double tokens = 0, under_way = 0;
};

Memory rank_memory(const Workload& work,
                   const Mesh& mesh,
                   const Formats& formats,
                   const Load& load) {
  Memory memory;
  const double copies = number(static_cast<int64_t>(load.stages.size())), tokens = load.tokens;
  double head_bytes = 0;
  for (const int64_t stage : load.stages) {
    const Held held = held_by(work, mesh, stage);
    const Kept kept = kept_by(work, mesh, formats, stage);
    memory.weights += held.total() * formats.weight;
    memory.gradients += held.total() * formats.gradient;
    // Of two copies of a stage each rank keeps half the masters.
    memory.optimizer += optimizer_bytes(work, mesh, formats, held) / copies;
    memory.activations += kept.a_token * tokens * load.under_way / copies;
    memory.workspace = std::max(memory.workspace, kept.passing_a_token * tokens);
    if (stage + 1 == mesh.pipeline) {
      head_bytes = head_workspace(work, formats, tokens);
    }
  }
  memory.workspace += head_bytes;
  return memory;
}

}  // namespace

double kept_bytes(const ModelConfig& config,
                  bool is_moe,
                  Recompute recompute,
                  const Formats& formats) {
  const double width = number(config.width);
  if (recompute == Recompute::kLayer) {
    return width * formats.residual;
  }
  const double normed = recompute == Recompute::kNorms ? 0 : 2 * width * formats.product_input;
  return 2 * width * formats.residual + normed + attention_bytes(config, recompute, formats) +
         feed_forward_bytes(config, is_moe, formats);
}

Memory training_memory(const Workload& work,
                       const Mesh& mesh,
                       const Formats& formats,
                       const MicroBatches& batches) {
  const double tokens = batches.rows * work.row_tokens / number(mesh.context);
  Memory fullest;
  for (int64_t stage = 0; stage < mesh.pipeline; ++stage) {
    const bool is_dual = mesh.schedule == Schedule::kDualPipe;
    const std::vector<int64_t> stages = is_dual
                                            ? std::vector<int64_t>{stage, mesh.pipeline - 1 - stage}
                                            : std::vector<int64_t>{stage};
    const double under_way =
        std::min(batches.count, number(is_dual ? mesh.pipeline + 1 : mesh.pipeline - stage));
    const Memory memory = rank_memory(work, mesh, formats, {stages, tokens, under_way});
    fullest = memory.total() > fullest.total() ? memory : fullest;
  }
  const double visits = number(work.shape.moe.experts > 0 ? work.shape.moe.top_k : 0);
  const bool has_two_under_way = mesh.schedule == Schedule::kDualPipe;
  if (mesh.expert > 1) {
    fullest.buffers = (has_two_under_way ? 2 : 1) * tokens * visits * number(work.shape.width) *
                      (formats.dispatched + formats.passing);
  }
  if (mesh.pipeline > 1) {
    fullest.buffers += 4 * tokens * number(work.shape.width) * formats.passing;
  }
  fullest.buffers += formats.idle_share * (fullest.activations + fullest.workspace);
  fullest.weights *= 1 + number(work.models - 1) * formats.read_weight / formats.weight;
  return fullest;
}

Memory generation_memory(const Workload& work,
                         const Formats& formats,
                         double ranks,
                         double answers) {
  const ParameterCount count = count_parameters(work.shape);
  const Generation& generation = work.generation;
  double entries = answers * (generation.prompt_tokens + generation.most_tokens);
  if (generation.cache_tokens > 0) {
    entries =
        std::min(answers * (generation.prompt_tokens / generation.group + generation.answer_tokens),
                 generation.cache_tokens);
  }
  return {.weights = number(count.total()) * (formats.read_weight + formats.packed_weight) / ranks,
          .caches = entries * number(cache_bytes(work.shape, 1)) * formats.cached / ranks};
}

std::optional<std::string> first_that_does_not_fit(const Memory& memory, double bytes) {
  double sum = 0;
  std::optional<std::string> found;
  Memory copy = memory;  // each() is written for those who change
  copy.each([&](std::string_view part, double size) {
    sum += size;
    if (!found && sum > bytes) {
      found = fmt::format("{}: with {:.1f} GB of them {:.1f} GB are taken, and there are {:.1f}",
                          part,
                          size / 1e9,
                          sum / 1e9,
                          bytes / 1e9);
    }
  });
  return found;
}

}  // namespace rq::plan
