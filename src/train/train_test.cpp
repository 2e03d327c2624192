// The trainer's guard, accumulation and balance, and the files of metrics. The objective itself is
// held to loops over doubles by `rorqual verify`, resuming by tests/resume_test.py.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "model/model.h"
#include "model/parameters.h"
#include "model/recompute.h"
#include "train/metrics.h"
#include "train/objective.h"
#include "train/pretrain.h"
#include "train/trainer.h"

namespace rq::train {
namespace {

namespace fs = std::filesystem;

model::Model small_model() {
  model::ModelConfig config;
  config.vocab_size = 40;
  config.width = 24;
  config.layers = 2;
  config.dense_layers = 1;
  config.dense_width = 32;
  config.context = 16;
  config.init_std = 0.1;
  config.attention.heads = 2;
  config.attention.query_rank = 8;
  config.attention.kv_rank = 8;
  config.attention.nope_width = config.attention.value_width = 8;
  config.attention.rope_width = 4;
  config.moe.experts = 4;
  config.moe.top_k = 2;
  config.moe.groups = config.moe.top_groups = 1;
  config.moe.expert_width = 16;
  model::Model model = model::make_model(config);
  model::initialize_(model, 1);
  return model;
}

PretrainConfig small_config() {
  PretrainConfig config;
  config.sequence_length = 12;
  config.tokens = 1'000'000;
  config.batch.last = 4;
  config.learning_rate.peak = 1e-2;
  return config;
}

Tensor random_rows() {
  at::manual_seed(5);
  return at::randint(0, 40, {4, 14}, at::kLong);  // 12 tokens, and targets for depths 0 and 1
}

TEST(Trainer, LearnsOneBatchByHeart) {
  model::Model model = small_model();
  const PretrainConfig config = small_config();
  Trainer trainer(model, config);
  const Tensor rows = random_rows();
  const double first = train_on_rows(trainer, model, config, rows).next_token;
  StepReport last;
  for (int i = 0; i < 150; ++i) {
    last = train_on_rows(trainer, model, config, rows);
  }
  EXPECT_NEAR(first, std::log(40.0), 0.3);
  EXPECT_LT(last.next_token, 0.1);
  EXPECT_LT(last.mtp, 0.5);
}

// The gradients of one pass over rows, in the order of the model's tensors.
std::vector<Tensor> gradients_of(model::Model model, model::Recompute recompute) {
  std::vector<Tensor> leaves, gradients;
  model::each_tensor(model, [&](const std::string&, Tensor& tensor, model::Role role) {
    if (role != model::Role::kState) {
      tensor = tensor.detach().set_requires_grad(true);
      leaves.push_back(tensor);
    }
  });
  const Losses losses =
      pretraining_losses(model, random_rows(), {.mtp = 0.3, .balance = 1e-2}, recompute);
  losses.total.backward();
  for (const Tensor& leaf : leaves) {
    gradients.push_back(leaf.grad());
  }
  gradients.push_back(losses.total.detach());
  return gradients;
}

model::Model small_grouped_model() {
  model::ModelConfig config = small_model().config;
  config.attention.kind = model::AttentionKind::kGqa;
  config.attention.heads = 4;
  config.attention.kv_heads = 2;
  config.attention.head_width = 8;
  model::Model model = model::make_model(config);
  model::initialize_(model, 1);
  return model;
}

TEST(Recompute, GivesTheSameBitsAsKeeping) {
  for (const model::Model& model : {small_model(), small_grouped_model()}) {
    const auto kept = gradients_of(model, model::Recompute::kNone);
    for (const auto recompute : {model::Recompute::kNorms, model::Recompute::kLayer}) {
      const auto again = gradients_of(model, recompute);
      ASSERT_EQ(again.size(), kept.size());
      for (std::size_t i = 0; i < kept.size(); ++i) {
        EXPECT_TRUE(again[i].defined() && at::equal(again[i], kept[i])) << "tensor " << i;
      }
    }
  }
}

TEST(Trainer, MicroBatchesGiveTheStepOfTheWholeBatch) {
  model::Model whole = small_model(), parts = small_model();
  PretrainConfig config = small_config();
  Trainer one(whole, config), two(parts, config);
  const StepReport a = train_on_rows(one, whole, config, random_rows());
  config.micro_batch = 3;  // 3 rows, then 1
  const StepReport b = train_on_rows(two, parts, config, random_rows());
  EXPECT_NEAR(a.next_token, b.next_token, 1e-5);
  EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-4);
  EXPECT_TRUE(a.loads[0].equal(b.loads[0]));
}

// Both depths are asked for the tokens that have a weight, of each sequence on its own.
TEST(SampleLosses, AreThoseOfEachSequenceAlone) {
  const model::Model model = small_model();
  at::manual_seed(6);
  const std::vector<int64_t> lengths = {9, 1, 12, 2};
  const Samples samples{.tokens = at::randint(0, 40, {24}, at::kLong),
                        .lengths = lengths,
                        .weights = at::rand({24}) * at::rand({24}).gt(0.4)};
  const Losses together = sample_losses(model, samples, {.mtp = 0.5, .balance = 0});
  double next_token = 0, mtp = 0;
  int64_t first = 0;
  for (const int64_t length : lengths) {
    const Tensor tokens = samples.tokens.narrow(0, first, length).unsqueeze(0);
    const model::Output output = model(tokens);
    const auto sum_up = [&](const Tensor& hidden, int64_t places) {
      double sum = 0;
      for (int64_t t = 0; t + places < length; ++t) {
        const Tensor scores = hidden[t].matmul(model.output_head().t()).log_softmax(-1);
        sum -= scores[samples.tokens[first + t + places]].item<double>() *
               samples.weights[first + t + places].item<double>();
      }
      return sum;
    };
    next_token += sum_up(output.hidden, 1);
    if (length > 1) {
      const Tensor seen = output.hidden.narrow(0, 0, length - 1);
      mtp += sum_up(model.predict_further(0, seen, tokens.narrow(1, 1, length - 1)).hidden, 2);
    }
    first += length;
  }
  EXPECT_NEAR(together.next_token.item<double>(), next_token, 1e-4);
  EXPECT_NEAR(together.mtp.item<double>(), mtp, 1e-4);
  EXPECT_NEAR(together.total.item<double>(), next_token + 0.5 * mtp, 1e-4);
  EXPECT_GT(mtp, 1);
}

TEST(Trainer, ALossThatIsNotFiniteIsCountedAndNotSteppedOn) {
  model::Model model = small_model();
  const PretrainConfig config = small_config();
  Trainer trainer(model, config);
  {
    const at::NoGradGuard no_grad;
    model.norm.fill_(std::numeric_limits<float>::quiet_NaN());
  }
  const Tensor before = model.embedding.detach().clone();
  EXPECT_TRUE(train_on_rows(trainer, model, config, random_rows()).is_skipped);
  EXPECT_EQ(trainer.skipped_steps(), 1);
  EXPECT_EQ(trainer.tokens(), 48);
  EXPECT_TRUE(model.embedding.detach().equal(before));
}

TEST(Trainer, TheAverageIsWhatIsLeftWhereOneIsKept) {
  model::Model model = small_model();
  const Tensor start = model.embedding.detach().clone();
  PretrainConfig config = small_config();
  config.ema_decay = 0.75;
  Trainer trainer(model, config);
  train_on_rows(trainer, model, config, random_rows());
  const Tensor stepped = model.embedding.detach().clone();
  trainer.adopt_average_();
  EXPECT_TRUE(at::allclose(model.embedding.detach(), 0.75 * start + 0.25 * stepped, 1e-5, 1e-7));
}

TEST(Balance, ExpertsBelowTheMeanLoadGainAndThoseAboveItLose) {
  model::Model model = small_model();
  const Tensor load = at::tensor({7, 1, 4, 4}, at::kLong);
  update_selection_bias_(model, {load, load}, 0.001);
  const auto& mixture = std::get<model::MixtureOfExperts>(model.blocks[1].feed_forward);
  EXPECT_TRUE(at::allclose(mixture.router.selection_bias,
                           at::tensor({-0.001, 0.001, 0.0, 0.0}, at::kFloat)));
}

class MetricsFiles : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_metrics_test";
};

TEST_F(MetricsFiles, StepsThatAreRepeatedAfterAKillStandOnce) {
  {
    Metrics metrics(folder_, 0);
    metrics.write(1, {{"loss", 3.0}});
    metrics.write(2, {{"loss", 2.0}});
  }
  std::ofstream(folder_ / "metrics.jsonl", std::ios::app) << "{\"step\":3,\"lo";  // cut by the kill
  Metrics(folder_, 1).write(2, {{"loss", 2.5}});
  std::ifstream file(folder_ / "metrics.jsonl");
  std::string first, second, third;
  std::getline(file, first);
  std::getline(file, second);
  EXPECT_EQ(Json::parse(second)["loss"], 2.5);
  EXPECT_FALSE(std::getline(file, third));
}

// The bytes of TensorFlow's own writer for the header with wall time 0: length 24, its masked CRC,
// and the version string.
TEST_F(MetricsFiles, AnEventRecordIsFramedByItsLength) {
  const std::string header = event_file_header(0.0);
  std::uint64_t length = 0;
  std::memcpy(&length, header.data(), sizeof(length));
  EXPECT_EQ(length, 24U);
  EXPECT_EQ(header.size(), 8 + 4 + 24 + 4);
  EXPECT_EQ(header.substr(8, 4), "\xa3\x7f\x4b\x22");
  EXPECT_EQ(header.substr(23, 13), "brain.Event:2");
}

}  // namespace
}  // namespace rq::train
