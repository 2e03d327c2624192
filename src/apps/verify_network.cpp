// The part of `rorqual verify` that runs a small network: fast against slow, and against itself
// where two ways must agree.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "apps/verify_report.h"
#include "base/rng.h"
#include "base/tensor.h"
#include "model/config.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/testing/slow_model.h"
#include "plan/parameters.h"

namespace rq {
namespace {

using model::Model;
using model::ModelConfig;
using model::Role;
using model::testing::Rows;

constexpr int64_t kRows = verify_batch::kRows, kLength = verify_batch::kLength;
// The parts and constants of `config` at widths that loops can bear.
ModelConfig shrink(ModelConfig config) {
  config.vocab_size = 24;
  config.width = 16;
  config.layers = std::min<int64_t>(config.layers, 3);
  config.dense_layers = std::min<int64_t>(config.dense_layers, 1);
  config.dense_width = 20;
  config.context = 32;
  config.init_std = 0.3;  // so that every part moves the output
  model::AttentionConfig& attention = config.attention;
  attention.kv_heads = std::max<int64_t>(1, 4 * attention.kv_heads / attention.heads);
  attention.kv_heads = attention.kv_heads == 3 ? 2 : attention.kv_heads;
  attention.heads = 4;
  attention.query_rank = attention.query_rank == 0 ? 0 : 10;
  attention.kv_rank = 8;
  attention.nope_width = 6;
  attention.rope_width = 8;
  attention.value_width = 5;
  attention.head_width = 8;
  model::MoeConfig& moe = config.moe;
  if (moe.experts > 0) {
    const bool is_limited = moe.top_groups < moe.groups;
    moe.experts = 8;
    moe.top_k = std::min<int64_t>(moe.top_k, 2);
    moe.shared_experts = std::min<int64_t>(moe.shared_experts, 2);
    moe.expert_width = 10;
    moe.groups = is_limited ? 4 : 1;
    moe.top_groups = is_limited ? 2 : 1;
  }
  return config;
}

// Gains and biases are drawn too, so that leaving one out shows.
Model make_small(const ModelConfig& config) {
  Model model = model::make_model(config);
  model::initialize_(model, 1);
  model::each_tensor(model, [](const std::string& name, Tensor& tensor, Role role) {
    if (role != Role::kMatrix && role != Role::kEmbedding) {
      Rng rng(2, name);
      for (int64_t i = 0; i < tensor.numel(); ++i) {
        tensor[i] += 0.2 * rng.normal();
      }
    }
  });
  return model;
}

double largest(const Tensor& difference) {
  return difference.abs().max().item<double>();
}

double largest_difference(const Tensor& fast, const Rows& slow) {
  const Rows rows = model::testing::to_rows(fast);
  double worst = 0;
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t d = 0; d < rows[t].size(); ++d) {
      const double off = std::abs(rows[t][d] - slow[t][d]);
      worst = off <= worst ? worst : off;  // and not a number goes on to the report
    }
  }
  return worst;
}

void verify_counts(Model& model, VerifyReport& report) {
  int64_t numbers = 0;
  model::each_tensor(model,
                     [&](const std::string&, Tensor& tensor, Role) { numbers += tensor.numel(); });
  report.same("small network: numbers in its tensors, against the plan",
              numbers,
              plan::count_parameters(model.config).total());
}

void verify_forward(const Model& model, VerifyReport& report) {
  const Tensor tokens = verify_batch::draw(model.config, kLength);
  const Tensor hidden = model(tokens).hidden;
  double worst = 0;
  for (int64_t row = 0; row < kRows; ++row) {
    const auto slow = model::testing::slow_forward(model, to_vector<int64_t>(tokens[row]));
    worst =
        std::max(worst, largest_difference(hidden.narrow(0, row * kLength, kLength), slow.hidden));
  }
  report.below("small network: hidden states against loops over doubles", worst, 1e-4);

  model::Cache cache = model.make_cache(kRows, kLength);
  std::vector<Tensor> pieces;
  for (const int64_t count : {kLength / 2, kLength / 2 - 1, int64_t{1}}) {
    pieces.push_back(
        model(tokens.narrow(1, cache.length(), count), &cache).hidden.view({kRows, count, -1}));
  }
  report.below("small network: decoding with a cache against without",
               largest(at::cat(pieces, 1) - hidden.view({kRows, kLength, -1})),
               1e-4);
}

// Position t of the first prediction layer sees the tokens up to t + 1 and none after.
void verify_alignment(const Model& model, VerifyReport& report) {
  const auto predict = [&](const Tensor& tokens) {  // [1, S + 1] -> [S, D]
    const Tensor hidden = model(tokens.narrow(1, 0, kLength)).hidden;
    return model.predict_further(0, hidden, tokens.narrow(1, 1, kLength)).hidden;
  };
  const Tensor tokens = verify_batch::draw(model.config, kLength + 1).narrow(0, 0, 1);
  const Tensor before = predict(tokens);
  double leaked = 0;
  int64_t seen = 0;
  for (int64_t changed = 1; changed <= kLength; ++changed) {
    Tensor other = tokens.clone();
    other[0][changed] = (other[0][changed].item<int64_t>() + 1) % model.config.vocab_size;
    const Tensor moved = (predict(other) - before).abs().amax(1);  // [S]
    seen += moved[changed - 1].item<double>() > 1e-4 ? 1 : 0;
    if (changed >= 2) {
      leaked = std::max(leaked, moved.narrow(0, 0, changed - 1).max().item<double>());
    }
  }
  report.same("MTP: positions that see the token one ahead, of 8", seen, kLength);
  report.below("MTP: what a token two or more ahead changes", leaked, 1e-5);  // rounding alone
}

}  // namespace

void verify_network(const ModelConfig& config, VerifyReport& report) {
  Model model = make_small(shrink(config));
  verify_counts(model, report);
  verify_forward(model, report);
  if (model.config.mtp_layers > 0) {
    verify_alignment(model, report);
  }
  verify_training_step(model, report);
}

}  // namespace rq
