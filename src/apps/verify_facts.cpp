// The facts of `rorqual verify` that DeepSeek-V3 published, or that follow from what it published.

#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "apps/verify_report.h"
#include "base/format.h"
#include "base/rng.h"
#include "base/tensor.h"
#include "kernels/route.h"
#include "model/config.h"
#include "model/feed_forward.h"
#include "model/rope_frequencies.h"
#include "model/testing/slow_router.h"
#include "optim/schedule.h"
#include "plan/parameters.h"
#include "plan/published.h"

namespace rq {
namespace {

void verify_counts(VerifyReport& report) {
  for (const plan::PublishedModel& published : plan::published_models()) {
    report.same(fmt::format("parameters of {}", published.name),
                plan::count_parameters(published.config).stored.total(),
                published.parameters);
  }
  const model::ModelConfig v3 = model::deepseek_v3();
  const plan::ParameterCount count = plan::count_parameters(v3);
  report.same("V3: parameters a token activates", count.activated.total(), plan::kV3Activated);
  report.same("V3: parameters a token activates, without the embedding",
              count.activated.total() - count.activated.embedding,
              plan::kV3ActivatedWithoutEmbedding);
  report.same("V3: parameters of a layer's attention",
              plan::attention_parameters(v3.attention, v3.width),
              plan::kV3AttentionOfALayer);
  report.same("V3: parameters of a layer's mixture",
              plan::mixture_parameters(v3.moe, v3.width),
              plan::kV3MixtureOfALayer);
  report.same("V3: parameters of its prediction layer", count.prediction, plan::kV3Prediction);
  report.same(
      "V3: numbers a token leaves in a layer's cache", v3.attention.cache_width(), int64_t{576});
}

// The extension to 128K: YaRN with s = 40, alpha = 1, beta = 32.
void verify_yarn(VerifyReport& report) {
  model::AttentionConfig attention;
  const double plain_scale = model::softmax_scale(attention);
  const auto plain = model::rope_frequencies(attention.rope, 64);
  attention.rope.scaling = model::RopeScaling::kYarn;
  attention.rope.factor = 40;
  const auto range = model::yarn_correction_range(attention.rope, 64);
  report.same("YaRN: last pair that keeps its frequency, of 32", range.low, 10.0);
  report.same("YaRN: first pair that is interpolated in full", range.high, 23.0);
  const auto stretched = model::rope_frequencies(attention.rope, 64);
  report.near("YaRN: frequency of pair 10 over the plain one", stretched[10] / plain[10], 1, 1e-9);
  report.near("YaRN: of pair 16", stretched[16] / plain[16], 7.0 / 13 + 6.0 / 13 / 40, 1e-9);
  report.near("YaRN: of pair 23", stretched[23] / plain[23], 1.0 / 40, 1e-9);
  const double growth = model::softmax_scale(attention) / plain_scale;
  report.near("YaRN: growth of the softmax scale", growth, 1.87385, 5e-6);
  report.near("YaRN: its root, sqrt(t) = 0.1 ln s + 1", std::sqrt(growth), 1.36889, 5e-6);
  report.near("YaRN: scale of cos and sin", model::rope_magnitude(attention.rope), 1.0, 1e-12);
}

// Four nodes of two experts; the best expert of all stands on a node whose two best sum to less.
void verify_choice_by_hand(VerifyReport& report) {
  const Tensor scores =
      tensor_from({0.90F, 0.10F, 0.50F, 0.60F, 0.80F, 0.35F, 0.20F, 0.20F}, {1, 8});
  const kernels::SelectionRules rules{.top_k = 3, .groups = 4, .top_groups = 2, .by_top_two = true};
  const auto chosen = [&](const Tensor& bias) {
    return fmt::format(
        "{}", fmt::join(to_vector<int64_t>(kernels::select_experts(scores, bias, rules)), " "));
  };
  report.same<std::string>("router: choice among the two best nodes of four", chosen({}), "4 3 2");
  Tensor bias = at::zeros({8});
  bias[1] = 0.2;
  report.same<std::string>(
      "router: the choice when a bias lifts another node", chosen(bias), "0 4 5");
}

// V3's 256 experts on 8 nodes, against the slow choice.
void verify_choice_at_size(VerifyReport& report) {
  const model::MoeConfig config;
  constexpr int64_t kTokens = 200, kWidth = 16;
  Rng rng(1, "verify/router");
  const auto draw = [&](int64_t rows, int64_t columns, float scale) {
    std::vector<float> values;
    for (int64_t i = 0; i < rows * columns; ++i) {
      values.push_back(scale * static_cast<float>(rng.normal()));
    }
    return tensor_from(values, {rows, columns});
  };
  const model::Router router{.centroids = draw(config.experts, kWidth, 0.3F),
                             .selection_bias = draw(1, config.experts, 0.1F)[0]};
  const model::Routing routing = router(draw(kTokens, kWidth, 1), config);
  const auto scores = model::testing::to_rows(routing.scores);
  const auto bias = model::testing::to_rows(router.selection_bias)[0];
  const auto chosen = to_vector<int64_t>(routing.chosen);
  const auto weights = to_vector<float>(routing.weights);
  int64_t differing = 0, most_nodes = 0;
  double worst_weight = 0;
  for (int64_t t = 0; t < kTokens; ++t) {
    const auto slow = model::testing::slow_choice(scores[t], bias, config);
    std::set<int64_t> nodes;
    double sum = 0;
    for (const int64_t expert : slow) {
      sum += scores[t][expert];
    }
    for (int64_t k = 0; k < config.top_k; ++k) {
      const int64_t expert = chosen[t * config.top_k + k];
      differing += expert == slow[k] ? 0 : 1;
      nodes.insert(expert / (config.experts / config.groups));
      worst_weight = std::max(worst_weight,
                              std::abs(static_cast<double>(weights[t * config.top_k + k]) -
                                       2.5 * scores[t][expert] / sum));
    }
    most_nodes = std::max<int64_t>(most_nodes, static_cast<int64_t>(nodes.size()));
  }
  report.same(
      "router: choices of 200 tokens that differ from the slow ones", differing, int64_t{0});
  report.same("router: most nodes that a token visits, of 8", most_nodes, int64_t{4});
  report.below("router: weights, 2.5 times the unbiased scores over their sum", worst_weight, 1e-5);
}

// §4.2, by trained tokens.
void verify_schedules(VerifyReport& report) {
  constexpr int64_t kBillion = 1'000'000'000, kTrillion = 1000 * kBillion;
  constexpr int64_t kStep = 15360 * 4096;
  const optim::LearningRateSchedule rate{.peak = 2.2e-4,
                                         .warmup_tokens = int64_t{2000} * 3072 * 4096,
                                         .constant_until = 10 * kTrillion,
                                         .decayed_at = 14'300 * kBillion,
                                         .decayed = 2.2e-5,
                                         .last_from = 14'633 * kBillion,
                                         .last = 7.3e-6};
  report.near("learning rate after 1,000 warm-up steps",
              rate.at(int64_t{999} * 3072 * 4096, 3072 * 4096),
              1.1e-4,
              1e-10);
  report.near("learning rate at 9.9T tokens", rate.at(9'900 * kBillion, kStep), 2.2e-4, 1e-12);
  report.near("learning rate halfway down, at 12.15T",
              rate.at(12'150 * kBillion, kStep),
              (2.2e-4 + 2.2e-5) / 2,
              1e-10);
  report.near("learning rate at 14.3T", rate.at(14'300 * kBillion, kStep), 2.2e-5, 1e-12);
  report.near("learning rate of the last 167B", rate.at(14'633 * kBillion, kStep), 7.3e-6, 1e-12);
  const optim::BatchRamp batch{
      .first = 3072, .last = 15360, .ramp_tokens = 469 * kBillion, .multiple = 1};
  report.same("sequences a step at the start", batch.at(0), int64_t{3072});
  report.same("sequences a step halfway up", batch.at(469 * kBillion / 2), int64_t{9216});
  report.same("sequences a step after 469B tokens", batch.at(469 * kBillion), int64_t{15360});
  const optim::Step gamma{.first = 1e-3, .until = 14'300 * kBillion, .then = 0};
  const optim::Step lambda{.first = 0.3, .until = 10 * kTrillion, .then = 0.1};
  report.same("bias step before 14.3T", gamma.at(14'300 * kBillion - 1), 1e-3);
  report.same("bias step from 14.3T", gamma.at(14'300 * kBillion), 0.0);
  report.same("MTP weight before 10T", lambda.at(10 * kTrillion - 1), 0.3);
  report.same("MTP weight from 10T", lambda.at(10 * kTrillion), 0.1);
}

}  // namespace

void verify_published_facts(VerifyReport& report) {
  verify_counts(report);
  verify_yarn(report);
  verify_choice_by_hand(report);
  verify_choice_at_size(report);
  verify_schedules(report);
}

}  // namespace rq
