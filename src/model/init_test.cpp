// How tensors are drawn, and the helps for short trainings.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/tensor.h"
#include "kernels/rms_norm.h"
#include "kernels/rotary.h"
#include "model/attention.h"
#include "model/config.h"
#include "model/feed_forward.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/rope_frequencies.h"
#include "model/testing/tiny_v3.h"

namespace rq::model {
namespace {

using testing::tiny_v3;

TEST(Initialize, DependsOnTheSeedAndTheNameAlone) {
  const auto drawn = [](const ModelConfig& config, std::uint64_t seed) {
    Model model = make_model(config);
    at::manual_seed(static_cast<std::uint64_t>(seed * 31));  // torch's own generator is not used
    initialize_(model, seed);
    return model;
  };
  ModelConfig deeper = tiny_v3();
  deeper.layers = 5;
  deeper.mtp_layers = 0;
  Model model = drawn(tiny_v3(), 1), same = drawn(deeper, 1), other = drawn(tiny_v3(), 2);
  EXPECT_TRUE(at::equal(model.embedding, same.embedding));
  EXPECT_FALSE(at::equal(model.embedding, other.embedding));
  EXPECT_FALSE(at::equal(model.embedding, model.head));
  const auto& a = std::get<MixtureOfExperts>(model.blocks[2].feed_forward);
  const auto& b = std::get<MixtureOfExperts>(same.blocks[2].feed_forward);
  EXPECT_TRUE(at::equal(a.experts.gate_up, b.experts.gate_up));
}

TEST(Initialize, TheInputEmbeddingMayHaveASpreadOfItsOwn) {
  ModelConfig config = tiny_v3();
  config.embedding_std = 1.0;
  Model model = make_model(config), plain = make_model(tiny_v3());
  initialize_(model, 7);
  initialize_(plain, 7);
  EXPECT_TRUE(at::allclose(model.embedding * config.init_std, plain.embedding));
  EXPECT_TRUE(at::equal(model.head, plain.head));
}

TEST(Initialize, AllInputEmbeddingsMayShareOneVector) {
  ModelConfig config = tiny_v3();
  config.shared_embedding_std = 1.0;
  Model model = make_model(config), plain = make_model(tiny_v3());
  initialize_(model, 7);
  initialize_(plain, 7);
  const Tensor shared = model.embedding - plain.embedding;  // [V, D]
  EXPECT_TRUE(at::allclose(shared, shared[0].expand_as(shared), 1e-5, 1e-6));
  EXPECT_GT(shared[0].std().item<double>(), 0.5);
  EXPECT_TRUE(at::equal(model.head, plain.head));
}

// Shares of attention that the first layer's heads give by position alone, averaged over queries
// and heads: [0] to the token itself, [1] to the one before, and so on.
std::vector<double> looks_of(const Model& model, int64_t length) {
  const AttentionConfig& config = model.config.attention;
  const auto& part = std::get<LatentAttention>(model.blocks.front().attention);
  const auto normed = [](const Tensor& x) {
    return kernels::reference::rms_norm(x, at::ones({x.size(-1)}), 1e-6);
  };
  const kernels::RotaryTable table = rotary_table(config, 0, length);
  const Tensor x = normed(model.embedding.narrow(0, 0, length));  // [S, D], every token once
  const Tensor queries = config.query_rank > 0
                             ? normed(x.mm(part.query_down.t())).mm(part.query_up.t())
                             : x.mm(part.query.t());
  const Tensor q =
      kernels::rotate_tail(queries.view({1, length, config.heads, -1}), table, pair_layout(config))
          .narrow(3, config.nope_width, config.rope_width);
  const Tensor k = kernels::rotate_tail(
      x.mm(part.kv_down.narrow(0, config.kv_rank, config.rope_width).t()).view({1, length, 1, -1}),
      table,
      pair_layout(config));
  const Tensor scores = at::einsum("bqhp,bkgp->hqk", {q, k}) * softmax_scale(config);
  const Tensor shares =
      scores.masked_fill(at::ones({length, length}, at::kBool).triu(1), -INFINITY).softmax(-1);
  std::vector<double> looks;
  for (int64_t back = 0; back < 8; ++back) {
    looks.push_back(
        shares.diagonal(-back, 1, 2).narrow(1, 8, length - 8 - back).mean().item<double>());
  }
  return looks;
}

TEST(Initialize, TheFirstLayerMayBeginByLookingAtTheTokenBefore) {
  for (const int64_t query_rank : {0, 48}) {
    ModelConfig config = tiny_v3();
    config.vocab_size = 64;
    config.width = 96;
    config.init_std = 0.02;
    config.embedding_std = config.shared_embedding_std = 1.0;
    config.attention.query_rank = query_rank;
    config.attention.rope_width = 16;
    Model plain = make_model(config);
    initialize_(plain, 3);
    EXPECT_LT(looks_of(plain, 64)[1], 0.1);
    config.look_back = 20;
    Model model = make_model(config);
    initialize_(model, 3);
    const std::vector<double> looks = looks_of(model, 64);
    EXPECT_GT(looks[1], 0.5) << query_rank;
    EXPECT_EQ(std::ranges::max_element(looks) - looks.begin(), 1);
  }
}

TEST(Initialize, LookingBackNeedsASharedEmbedding) {
  ModelConfig config = tiny_v3();
  config.look_back = 20;
  ASSERT_EQ(config.problems().size(), 1U);
  EXPECT_NE(config.problems()[0].find("look_back=20"), std::string::npos);
}

TEST(Initialize, DrawsMatricesNormallyAndSetsTheRest) {
  Model model = make_model(tiny_v3());
  initialize_(model, 1);
  double sum = 0;
  int64_t count = 0;
  each_tensor(model, [&](const std::string& name, Tensor& tensor, Role role) {
    if (role == Role::kMatrix || role == Role::kEmbedding) {
      sum += tensor.square().sum().item<double>();
      count += tensor.numel();
    } else {
      const double expected = role == Role::kGain ? 1.0 : 0.0;
      EXPECT_TRUE((tensor == expected).all().item<bool>()) << name;
    }
  });
  EXPECT_NEAR(std::sqrt(sum / static_cast<double>(count)), 0.3, 0.01);
}

}  // namespace
}  // namespace rq::model
