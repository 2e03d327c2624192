// Every operator against its reference, forward and backward: the reference runs in double, the
// fast path in float32.

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/check.h"
#include "base/tensor.h"
#include "kernels/attention.h"
#include "kernels/cross_entropy.h"
#include "kernels/experts.h"
#include "kernels/rms_norm.h"
#include "kernels/rotary.h"
#include "kernels/route.h"
#include "kernels/swiglu.h"

namespace rq::kernels {
namespace {

using Tensors = std::vector<Tensor>;
using Function = std::function<Tensor(const Tensors&)>;

Tensor random(at::IntArrayRef sizes) {
  return at::randn(sizes, at::kFloat);
}

// The output and the gradients of sum(output * pattern) with respect to each input.
Tensors output_and_gradients(const Function& function, const Tensors& inputs) {
  Tensors leaves;
  for (const Tensor& input : inputs) {
    leaves.push_back(input.detach().clone().set_requires_grad(true));
  }
  const Tensor output = function(leaves);
  const Tensor pattern = at::linspace(-1, 1, output.numel(), output.options()).view(output.sizes());
  Tensors result = torch::autograd::grad({(output * pattern).sum()}, leaves);
  result.insert(result.begin(), output.detach());
  return result;
}

// Compares at 1e-4 of the largest value, which is what float32 sums of these lengths leave.
void expect_equal(const Function& fast, const Function& slow, const Tensors& inputs) {
  Tensors wide;
  for (const Tensor& input : inputs) {
    wide.push_back(input.to(at::kDouble));
  }
  const Tensors got = output_and_gradients(fast, inputs),
                expected = output_and_gradients(slow, wide);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].sizes(), expected[i].sizes()) << "of result " << i;
    const double difference = (got[i].to(at::kDouble) - expected[i]).abs().max().item<double>();
    EXPECT_LT(difference, 1e-4 * (1 + expected[i].abs().max().item<double>())) << "of result " << i;
  }
}

class Kernels : public testing::Test {
 protected:
  void SetUp() override { at::manual_seed(7); }
};

TEST_F(Kernels, RmsNormEqualsItsReference) {
  for (const std::int64_t width : {1, 7, 64, 257}) {
    expect_equal([](const Tensors& in) { return rms_norm(in[0], in[1], 1e-6); },
                 [](const Tensors& in) { return reference::rms_norm(in[0], in[1], 1e-6); },
                 {random({33, width}), random({width})});
  }
}

TEST_F(Kernels, RmsNormTakesASliceOfWiderRows) {
  expect_equal(
      [](const Tensors& in) { return rms_norm(in[0].narrow(1, 0, 24), in[1], 1e-6); },
      [](const Tensors& in) { return reference::rms_norm(in[0].narrow(1, 0, 24), in[1], 1e-6); },
      {random({9, 40}), random({24})});
}

TEST_F(Kernels, SwiGluEqualsItsReference) {
  expect_equal([](const Tensors& in) { return swiglu(in[0]); },
               [](const Tensors& in) { return reference::swiglu(in[0]); },
               {random({37, 66}) * 4});
}

TEST_F(Kernels, SwiGluIsFiniteAtExtremes) {
  const Tensor x = tensor_from({-1e4F, 1e4F, 90.0F, 2.0F, 2.0F, 2.0F}, {1, 6});
  EXPECT_TRUE(at::isfinite(swiglu(x)).all().item<bool>());
  EXPECT_NEAR(swiglu(x).select(1, 1).item<float>(), 2e4F, 1.0F);
}

struct AttentionCase {
  std::int64_t batch, queries, keys, heads, groups, key_width, value_width;
};
class AttentionTest : public testing::TestWithParam<AttentionCase> {};

TEST_P(AttentionTest, EqualsItsReference) {
  at::manual_seed(7);
  const AttentionCase c = GetParam();
  expect_equal([](const Tensors& in) { return attention(in[0], in[1], in[2], 0.3); },
               [](const Tensors& in) { return reference::attention(in[0], in[1], in[2], 0.3); },
               {random({c.batch, c.queries, c.heads, c.key_width}),
                random({c.batch, c.keys, c.groups, c.key_width}),
                random({c.batch, c.keys, c.groups, c.value_width})});
}

INSTANTIATE_TEST_SUITE_P(Shapes,
                         AttentionTest,
                         testing::Values(AttentionCase{1, 1, 1, 1, 1, 8, 8},
                                         AttentionCase{2, 65, 65, 2, 2, 48, 32},
                                         AttentionCase{1, 300, 300, 4, 2, 16, 8},
                                         AttentionCase{1, 5, 600, 2, 1, 16, 24},
                                         AttentionCase{1, 64, 321, 3, 3, 5, 7}));

TEST_F(Kernels, SequencesOfOneRowAttendToThemselvesAlone) {
  const std::vector<std::int64_t> lengths = {70, 1, 300, 29};
  expect_equal(
      [&](const Tensors& in) { return attention(in[0], in[1], in[2], 0.3, lengths); },
      [&](const Tensors& in) { return reference::attention(in[0], in[1], in[2], 0.3, lengths); },
      {random({1, 400, 4, 16}), random({1, 400, 2, 16}), random({1, 400, 2, 8})});
  EXPECT_THROW(attention(random({1, 5, 1, 4}), random({1, 5, 1, 4}), random({1, 5, 1, 4}), 1, {2}),
               Error);
}

TEST_F(Kernels, AttentionRefusesMoreQueriesThanKeys) {
  EXPECT_THROW(attention(random({1, 3, 1, 4}), random({1, 2, 1, 4}), random({1, 2, 1, 4}), 1.0),
               Error);
}

TEST_F(Kernels, AttentionTakesSlicesOfWiderTensors) {
  const auto slice = [](const Tensor& x) { return x.narrow(3, 4, 8); };
  expect_equal(
      [&](const Tensors& in) { return attention(slice(in[0]), slice(in[1]), slice(in[2]), 1.0); },
      [&](const Tensors& in) {
        return reference::attention(slice(in[0]), slice(in[1]), slice(in[2]), 1.0);
      },
      {random({2, 20, 2, 16}), random({2, 20, 2, 16}), random({2, 20, 2, 16})});
}

TEST_F(Kernels, RotationEqualsItsReferenceInBothLayouts) {
  const Tensor angles = random({11, 4}) * 3;
  const RotaryTable table{angles.cos(), angles.sin()};
  for (const auto layout : {PairLayout::kInterleaved, PairLayout::kHalves}) {
    expect_equal([&](const Tensors& in) { return rotate_tail(in[0], table, layout); },
                 [&](const Tensors& in) { return reference::rotate_tail(in[0], table, layout); },
                 {random({2, 11, 3, 13})});
  }
}

TEST_F(Kernels, RotationKeepsTheLengthOfEveryPair) {
  const Tensor angles = random({5, 3});
  const Tensor x = random({1, 5, 1, 6});
  const Tensor y = rotate_tail(x, {angles.cos(), angles.sin()}, PairLayout::kInterleaved);
  EXPECT_TRUE(at::allclose(
      x.unflatten(3, {3, 2}).norm(2, -1), y.unflatten(3, {3, 2}).norm(2, -1), 1e-5, 1e-6));
}

TEST_F(Kernels, SelectionEqualsItsReference) {
  for (const std::int64_t top_groups : {1, 2, 4}) {
    for (const bool by_top_two : {true, false}) {
      const SelectionRules rules{
          .top_k = 3, .groups = 4, .top_groups = top_groups, .by_top_two = by_top_two};
      const Tensor scores = random({200, 16}).sigmoid(), bias = random({16});
      EXPECT_TRUE(select_experts(scores, bias, rules)
                      .equal(reference::select_experts(scores, bias, rules)));
      EXPECT_TRUE(select_experts(scores, Tensor(), rules)
                      .equal(reference::select_experts(scores, Tensor(), rules)));
    }
  }
}

TEST_F(Kernels, TiesGoToTheLowerExpert) {
  const Tensor chosen = select_experts(at::ones({1, 6}), Tensor(), {.top_k = 3});
  EXPECT_EQ(to_vector<std::int64_t>(chosen), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Kernels, ExpertsOutsideTheBestGroupsAreNotChosen) {
  // Groups {0,1} and {2,3}: the sums of two are 1.0 and 1.1, though expert 0 is the best of all.
  const Tensor scores = tensor_from({0.9F, 0.1F, 0.6F, 0.5F}, {1, 4});
  const Tensor chosen =
      select_experts(scores, Tensor(), {.top_k = 2, .groups = 2, .top_groups = 1});
  EXPECT_EQ(to_vector<std::int64_t>(chosen), (std::vector<std::int64_t>{2, 3}));
}

TEST_F(Kernels, GroupedExpertsEqualTheirReference) {
  const Tensor chosen =
      select_experts(random({50, 5}), tensor_from({9, 0, 0, 0, -9}, {5}), {.top_k = 2});
  const auto with = [&](auto function) {
    return [=](const Tensors& in) {
      return function(in[0], chosen, in[1], ExpertWeights{in[2], in[3]});
    };
  };
  expect_equal(with(grouped_experts),
               with(reference::grouped_experts),
               {random({50, 12}), random({50, 2}), random({5, 14, 12}), random({5, 12, 7})});
}

TEST_F(Kernels, LoadCountsEveryVisit) {
  EXPECT_EQ(
      to_vector<std::int64_t>(expert_load(at::tensor({0, 2, 2, 2}, at::kLong).view({2, 2}), 4)),
      (std::vector<std::int64_t>{1, 0, 3, 0}));
}

TEST_F(Kernels, CrossEntropyEqualsItsReference) {
  Tensor targets = at::randint(0, 50, {70}, at::kLong);
  targets[3] = -1;
  const Tensor weights = at::rand({70});
  expect_equal(
      [&](const Tensors& in) { return cross_entropy(in[0], in[1], targets, weights).total; },
      [&](const Tensors& in) {
        return reference::cross_entropy(in[0], in[1], targets, weights.to(at::kDouble)).total;
      },
      {random({70, 16}), random({50, 16})});
  const Tensor hidden = random({70, 16}), head = random({50, 16});
  EXPECT_TRUE(at::allclose(cross_entropy(hidden, head, targets, weights).losses,
                           reference::cross_entropy(hidden, head, targets, weights).losses,
                           1e-5,
                           1e-5));
}

TEST_F(Kernels, CrossEntropyWorksInSeveralChunks) {
  const Tensor targets = at::randint(0, 30000, {300}, at::kLong), weights = at::ones({300});
  expect_equal(
      [&](const Tensors& in) { return cross_entropy(in[0], in[1], targets, weights).total; },
      [&](const Tensors& in) {
        return reference::cross_entropy(in[0], in[1], targets, weights.to(at::kDouble)).total;
      },
      {random({300, 4}), random({30000, 4})});
}

TEST_F(Kernels, CrossEntropyKeepsALongTailBesideAPeak) {
  constexpr std::int64_t kVocabulary = 60'000;
  Tensor head = at::full({kVocabulary, 1}, -17.0);  // each too small to change a float of 1
  head[0] = 0;
  const double exact = std::log1p((kVocabulary - 1) * std::exp(-17.0));
  const Tensor losses =
      cross_entropy(at::ones({1, 1}), head, at::zeros({1}, at::kLong), at::ones({1})).losses;
  EXPECT_NEAR(losses.item<double>(), exact, 1e-6);
}

// Through several chunks, with gradients that differ from token to token.
TEST_F(Kernels, LogProbabilitiesAreThoseOfTheSoftmax) {
  const Tensor targets = at::randint(0, 30000, {300}, at::kLong);
  const Tensor slopes = at::randn({300});
  expect_equal(
      [&](const Tensors& in) {
        return (log_probabilities(in[0], in[1], targets) * slopes.to(in[0].dtype())).sum();
      },
      [&](const Tensors& in) {
        const Tensor all = in[0].matmul(in[1].t()).log_softmax(-1);
        return (all.gather(1, targets.unsqueeze(1)).squeeze(1) * slopes).sum();
      },
      {random({300, 4}), random({30000, 4})});
}

TEST_F(Kernels, CrossEntropyRefusesATargetPastTheVocabulary) {
  EXPECT_THROW(
      cross_entropy(random({1, 4}), random({5, 4}), at::tensor({5}, at::kLong), at::ones({1})),
      Error);
}

}  // namespace
}  // namespace rq::kernels
