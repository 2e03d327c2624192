// The network against loops over doubles (model/testing/slow_model.h), and against itself where two
// ways must agree.

#include "model/model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/rng.h"
#include "base/tensor.h"
#include "model/config.h"
#include "model/feed_forward.h"
#include "model/parameters.h"
#include "model/testing/slow_model.h"
#include "model/testing/tiny_models.h"

namespace rq::model {
namespace {

using testing::made;
using testing::Rows;
using testing::tiny_grouped;
using testing::tiny_v2;
using testing::tiny_v3;
using testing::Tokens;

Tokens draw_tokens(int64_t count, std::uint64_t seed) {
  Rng rng(seed, "tokens");
  Tokens tokens;
  for (int64_t i = 0; i < count; ++i) {
    tokens.push_back(static_cast<int64_t>(rng.below(20)));
  }
  return tokens;
}

Tensor one_batch(const Tokens& tokens) {
  return at::tensor(tokens, at::kLong).unsqueeze(0);
}

double difference(const Tensor& fast, const Rows& slow) {
  const Rows rows = testing::to_rows(fast);
  EXPECT_EQ(rows.size(), slow.size());
  double largest = 0;
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t d = 0; d < rows[t].size(); ++d) {
      largest = std::max(largest, std::abs(rows[t][d] - slow.at(t).at(d)));
    }
  }
  return largest;
}

double difference(const Tensor& a, const Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Model, GivesTheHiddenStatesOfTheSlowReference) {
  for (const ModelConfig& config : {tiny_v3(), tiny_v2(), tiny_grouped()}) {
    const Model model = made(config);
    const Tokens first = draw_tokens(9, 1), second = draw_tokens(9, 2);
    const Tensor batch = at::cat({one_batch(first), one_batch(second)});
    const Tensor hidden = model(batch).hidden;  // [18, 12]
    EXPECT_LT(difference(hidden.narrow(0, 0, 9), testing::slow_forward(model, first).hidden), 2e-5);
    EXPECT_LT(difference(hidden.narrow(0, 9, 9), testing::slow_forward(model, second).hidden),
              2e-5);
    EXPECT_GT(hidden.abs().max().item<double>(), 0.5);  // the comparison is of something
  }
}

TEST(Model, DecodesWithACacheAsWithout) {
  for (const ModelConfig& config : {tiny_v3(), tiny_v2(), tiny_grouped()}) {
    const Model model = made(config);
    const Tensor tokens = at::cat({one_batch(draw_tokens(12, 3)), one_batch(draw_tokens(12, 4))});
    const Tensor whole = model(tokens).hidden.view({2, 12, -1});
    Cache cache = model.make_cache(2, 12);
    std::vector<Tensor> pieces;
    // A prefill, single tokens, and several at once on top of the cache.
    for (const int64_t count : {5, 1, 1, 3, 1, 1}) {
      const Tensor piece = tokens.narrow(1, cache.length(), count);
      pieces.push_back(model(piece, &cache).hidden.view({2, count, -1}));
    }
    EXPECT_EQ(cache.length(), 12);
    EXPECT_LT(difference(at::cat(pieces, 1), whole), 1e-4);
    EXPECT_THROW(model(tokens.narrow(1, 0, 1), &cache), Error);  // the cache is full
  }
}

TEST(Model, RefusesMorePositionsThanItsContext) {
  EXPECT_THROW(made(tiny_v3())(one_batch(draw_tokens(17, 1))), Error);
}

TEST(PredictFurther, GivesTheHiddenStatesOfTheSlowReference) {
  const Model model = made(tiny_v3());
  const Tokens tokens = draw_tokens(9, 5), input(tokens.begin(), tokens.end() - 1),
               ahead(tokens.begin() + 1, tokens.end());
  const Tensor fast =
      model.predict_further(0, model(one_batch(input)).hidden, one_batch(ahead)).hidden;
  EXPECT_LT(difference(fast,
                       testing::slow_predict_further(
                           model, 0, testing::slow_forward(model, input).hidden, ahead)
                           .hidden),
            2e-5);
}

// Position t of the prediction layer knows the tokens up to t + 1, and predicts t + 2.
TEST(PredictFurther, KnowsTheNextTokenAndNoneAfterIt) {
  const Model model = made(tiny_v3());
  const auto predict = [&](const Tokens& tokens) {
    const Tokens input(tokens.begin(), tokens.end() - 1), ahead(tokens.begin() + 1, tokens.end());
    return model.predict_further(0, model(one_batch(input)).hidden, one_batch(ahead)).hidden;
  };
  const Tokens tokens = draw_tokens(9, 6);
  const Tensor before = predict(tokens);  // [8, 12]
  for (int64_t changed = 1; changed < 9; ++changed) {
    Tokens other = tokens;
    other[changed] = (other[changed] + 1) % 20;
    const Tensor moved = (predict(other) - before).abs().amax(1);  // [8]
    for (int64_t t = 0; t < 8; ++t) {
      if (t + 1 < changed) {
        EXPECT_LT(moved[t].item<double>(), 1e-5) << "token " << changed << ", position " << t;
      } else if (t + 1 == changed) {
        EXPECT_GT(moved[t].item<double>(), 1e-3) << "token " << changed;
      }
    }
  }
}

TEST(EachTensor, NamesEveryTensorOnce) {
  for (const ModelConfig& config : {tiny_v3(), tiny_v2(), tiny_grouped()}) {
    Model model = make_model(config);
    std::set<std::string> names;
    std::set<const void*> memory;
    int64_t tensors = 0;
    each_tensor(model, [&](const std::string& name, Tensor& tensor, Role) {
      names.insert(name);
      memory.insert(tensor.const_data_ptr());
      ++tensors;
    });
    EXPECT_EQ(static_cast<int64_t>(names.size()), tensors);
    EXPECT_EQ(static_cast<int64_t>(memory.size()), tensors);
  }
}

TEST(EachTensor, SkipsWhatAConfigDoesNotHave) {
  Model model = make_model(tiny_grouped());
  each_tensor(model, [](const std::string& name, Tensor&, Role) {
    EXPECT_NE(name, "head");
    EXPECT_EQ(name.find("router"), std::string::npos) << name;
  });
  EXPECT_EQ(&model.output_head(), &model.embedding);
}

TEST(MakeModel, HasTheParametersOfItsShapes) {
  const auto count = [](const ModelConfig& config) {
    Model model = make_model(config);
    int64_t total = 0;
    each_tensor(model, [&](const std::string&, Tensor& tensor, Role) { total += tensor.numel(); });
    return total;
  };
  // Attention: query 7x12 + 7 + 30x7, latent 12x12 + 6 + 27x6, output 12x15.
  const int64_t latent = 84 + 7 + 210 + 144 + 6 + 162 + 180;
  // Feed-forward: dense 3x12x16; mixture 5 experts of 3x12x8, centroids and biases 4x13.
  const int64_t dense = 576, mixture = 5 * 288 + 52;
  EXPECT_EQ(count(tiny_v3()),
            2 * 240 + 12 + (latent + 24 + dense) + 2 * (latent + 24 + mixture) +
                (288 + 36 + latent + 24 + mixture));
  // Query 24x12, key and value 12x12, biases, output 12x24 with one.
  const int64_t grouped = 288 + 24 + 2 * (144 + 12) + 288 + 12;
  EXPECT_EQ(count(tiny_grouped()), 240 + 12 + 3 * (grouped + 24 + dense));
}

TEST(Model, SequencesOfOneRowAreAsEachOnItsOwn) {
  const std::vector<int64_t> lengths = {7, 1, 12};
  const Tensor all = one_batch(draw_tokens(20, 9));
  for (const ModelConfig& config : {tiny_v3(), tiny_grouped()}) {
    const Model model = made(config);
    const Tensor together = model(all, nullptr, Recompute::kNone, lengths).hidden;
    int64_t first = 0;
    for (const int64_t length : lengths) {
      const Tensor alone = model(all.narrow(1, first, length)).hidden;
      EXPECT_TRUE(at::allclose(together.narrow(0, first, length), alone, 1e-4, 1e-5));
      first += length;
    }
  }
}

}  // namespace
}  // namespace rq::model
