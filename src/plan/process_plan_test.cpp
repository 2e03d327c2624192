// The plan's formulas against numbers worked out by hand, and what it refuses.

#include <cmath>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "plan/device.h"
#include "plan/flops.h"
#include "plan/mesh.h"
#include "plan/parameters.h"
#include "plan/search.h"
#include "plan/whole_plan.h"

namespace rq::plan {
namespace {

template <typename Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Two layers, the second of which has experts, and no prediction.
model::ModelConfig small_shape() {
  model::ModelConfig config;
  config.vocab_size = 100;
  config.width = 8;
  config.layers = 2;
  config.dense_layers = 1;
  config.dense_width = 16;
  config.context = 64;
  config.mtp_layers = 0;
  config.attention.heads = 2;
  config.attention.query_rank = 0;
  config.attention.kv_rank = 4;
  config.attention.nope_width = config.attention.value_width = 4;
  config.attention.rope_width = 2;
  config.moe.experts = 4;
  config.moe.shared_experts = 1;
  config.moe.top_k = 2;
  config.moe.expert_width = 6;
  config.moe.groups = config.moe.top_groups = 1;
  return config;
}

Workload small_work() {
  Workload work{.name = "small", .kind = "pretrain", .shape = small_shape()};
  work.tokens = 64'000;
  work.row_tokens = 64;
  work.rows.last = 10;
  work.has_prediction = false;
  return work;
}

Device processor() {
  return {.title = "a processor",
          .fp32_tflops = 1e-3,
          .memory_gb = 1,
          .dollars_per_hour = 2,
          .program_gb = 0.1};
}

TEST(FlopsByPart, AddUpToTheOperationsOfTraining) {
  const model::ModelConfig v3 = model::deepseek_v3();
  const FlopsByPart parts = forward_flops_by_part(v3, 4096);
  EXPECT_DOUBLE_EQ(3 * parts.total(), training_flops(v3, 4096));
  // 58 layers of 8 experts out of three 7168 x 2048 matrices.
  EXPECT_DOUBLE_EQ(parts.experts, 2.0 * 58 * 8 * 3 * 7168 * 2048);
  EXPECT_DOUBLE_EQ(parts.scores, 2.0 * 61 * 128 * 320 * 4097 / 2);
  EXPECT_DOUBLE_EQ(parts.head, 2.0 * 129280 * 7168);
}

TEST(PassSeconds, NarrowProductsRunAtTheNarrowPeakAndTheOthersAtTheWideOne) {
  Device device = processor();
  device.bf16_tflops = 1;
  device.fp8_tflops = 2;
  const Workload work = small_work();
  const FlopsByPart parts = forward_flops_by_part(work.shape, 64);
  const double narrow = parts.projections + parts.dense + parts.experts + parts.shared,
               wide = parts.router + parts.head;
  const PassSeconds seconds = pass_seconds(work, device, 0.5);
  EXPECT_NEAR(seconds.forward, (narrow / 2 + wide + parts.scores) / 0.5e12, 1e-18);
  EXPECT_NEAR(seconds.weights, (narrow / 2 + wide) / 0.5e12, 1e-18);
  EXPECT_NEAR(seconds.inputs, (narrow / 2 + wide + 2.5 * parts.scores) / 0.5e12, 1e-18);
}

TEST(PassSeconds, RecomputingALayerRepeatsItsWayForward) {
  Workload work = small_work();
  const Device device = processor();
  const PassSeconds kept = pass_seconds(work, device, 1);
  work.recompute = Recompute::kLayer;
  const FlopsByPart parts = forward_flops_by_part(work.shape, 64);
  EXPECT_NEAR(pass_seconds(work, device, 1).inputs - kept.inputs,
              (parts.total() - parts.head) / 1e9,
              1e-12);
}

TEST(StepSeconds, BubblesAreThoseOfDeepSeeksTable) {
  Workload work = small_work();
  work.rows.last = 64;
  work.micro_batch = 1;
  const Device device = processor();
  const Formats formats = formats_of(device);
  Mesh mesh{.pipeline = 8};
  const PassSeconds token = pass_seconds(work, device, 1);
  const double a_stage = 64.0 / 8, forward = a_stage * token.forward,
               weights = a_stage * token.weights, back = a_stage * (token.inputs + token.weights);
  Device linked = device;
  linked.node_gb_per_s = linked.network_gb_per_s = 1e9;
  const Machine machine{linked, formats, 1};
  EXPECT_NEAR(step_seconds(work, mesh, machine, 64).bubble, 7 * (forward + back), 1e-9);
  mesh.schedule = Schedule::kDualPipe;
  EXPECT_NEAR(step_seconds(work, mesh, machine, 64).bubble,
              3 * (forward + back + back - 3 * weights),
              1e-9);
}

TEST(StepSeconds, AStepWaitsForALinkThatIsSlowerThanItsWork) {
  Workload work = small_work();
  Device device = processor();
  device.node_gb_per_s = device.network_gb_per_s = 1e-4;
  device.devices_a_node = 8;
  const Formats formats = formats_of(device);
  const Mesh mesh{.data = 2, .expert = 2};
  const StepSeconds step = step_seconds(work, mesh, {device, formats, 1}, 10);
  const LinkSeconds links =
      link_seconds(step_traffic(work, mesh, device, formats, 10), mesh, device);
  EXPECT_GT(links.beside, step.work);
  EXPECT_NEAR(step.total(), links.beside + links.after, 1e-9);
}

TEST(KeptBytes, OfAMixtureAreThoseOfItsTensors) {
  Formats formats;  // float32
  formats.keeps_dispatched = false;
  formats.keeps_swiglu = true;
  formats.recomputes_queries = false;
  // Two residuals and two norms' results of 8; query 2 heads of 6, latents 4 + 2, the normed 4,
  // keys 2 x 6, values and keys as expanded 2 x 8, output 2 x 4 and 2 sums; two visits of 12, a
  // shared 18; 4 scores and 3 numbers a visit.
  const double numbers = 4 * 8 + 12 + 6 + 4 + 12 + 16 + 8 + 2 + 24 + 18 + 4 + 6;
  EXPECT_EQ(kept_bytes(small_shape(), true, Recompute::kNone, formats), 4 * numbers);
  EXPECT_EQ(kept_bytes(small_shape(), true, Recompute::kNorms, formats),
            4 * (numbers - 2 * 8 - 12 - 16));
  EXPECT_EQ(kept_bytes(small_shape(), true, Recompute::kLayer, formats), 4 * 8);
}

TEST(TrainingMemory, HoldsEveryParameterOfOneDevice) {
  const Workload work = small_work();
  const Memory memory = training_memory(work, {}, formats_of(processor()), {10, 1});
  const auto parameters = static_cast<double>(count_parameters(work.shape).total());
  const double biases = 4;  // which are counted and not trained: at most these are apart
  EXPECT_NEAR(memory.weights / 4, parameters, 8 + biases);  // and the last norm
  EXPECT_NEAR(memory.optimizer, 2 * memory.weights, 1e-9);
  EXPECT_NEAR(memory.buffers, (memory.activations + memory.workspace) / 8, 1e-6) << "idle blocks";
}

TEST(TrainingMemory, IsSharedOutByAxes) {
  Workload work{.shape = model::deepseek_v3()};
  work.row_tokens = 4096;
  work.rows.last = 64;
  const Formats formats = formats_of(parse_cluster("h800", known_devices()).device);
  const Mesh one{.pipeline = 16, .data = 64}, experts{.pipeline = 16, .data = 64, .expert = 64};
  const Memory whole = training_memory(work, one, formats, {1, 16}),
               spread = training_memory(work, experts, formats, {1, 16});
  EXPECT_GT(whole.weights, 10 * spread.weights);
  // Of the optimizer's numbers each is held once however the experts are spread.
  EXPECT_NEAR(whole.optimizer, spread.optimizer, 0.05 * whole.optimizer);
}

TEST(BlocksByStage, AreEvenAndTheEndsHoldTheFewer) {
  model::ModelConfig config;
  const auto counts = blocks_by_stage(config, 1, 16);
  EXPECT_EQ(counts.front(), 3);
  EXPECT_EQ(counts.back(), 3);
  int64_t sum = 0;
  for (const int64_t count : counts) {
    EXPECT_LE(count, 4);
    sum += count;
  }
  EXPECT_EQ(sum, 62);
}

TEST(PlanProcess, OnOneDeviceTakesItsOperationsOverThePeak) {
  const Workload work = small_work();
  const Cluster cluster{.name = "this", .device = processor()};
  const ProcessPlan plan = plan_process(work, cluster, {}, 0.5);
  const FlopsByPart parts = forward_flops_by_part(work.shape, 64);
  EXPECT_NEAR(plan.flops, 3 * 64'000 * parts.total(), 1);
  EXPECT_NEAR(plan.seconds, 64'000 * (3 * parts.total() + 0.5 * parts.scores) / 0.5e9, 1e-6);
  EXPECT_NEAR(plan.dollars, plan.seconds / 3600 * 2, 1e-12);
  EXPECT_EQ(plan.bubble_share, 0);
}

TEST(PlanProcess, NamesTheFirstPartThatDoesNotFit) {
  Cluster cluster{.name = "this", .device = processor()};
  Workload work = small_work();
  EXPECT_FALSE(plan_process(work, cluster, {}, 1).misfit.has_value());
  work.shape.vocab_size = 20'000'000;
  const auto misfit = plan_process(work, cluster, {}, 1).misfit;
  ASSERT_TRUE(misfit.has_value());
  EXPECT_EQ(misfit->substr(0, 8), "weights:") << *misfit;
}

TEST(PlanProcess, GenerationReadsTheWeightsOnceForAllAnswersAtOnce) {
  Workload work{.shape = model::deepseek_v3()};
  work.generation = {
      .answers = 512, .at_once = 512, .prompt_tokens = 1, .answer_tokens = 100, .most_tokens = 100};
  work.row_tokens = 101;
  const Cluster cluster = parse_cluster("h200:8", known_devices());
  const GenerationPlan plan = plan_process(work, cluster, {.data = 8, .expert = 8}, 1).generation;
  EXPECT_EQ(plan.groups, 1);
  EXPECT_EQ(plan.ranks, 8);  // 683 GB in FP8 on 8 of 141
  EXPECT_EQ(plan.at_once, 512);
  // All experts are visited by 4,096 visits; 671 GB and the caches over 8 x 4.8 TB/s.
  EXPECT_NEAR(plan.token_s, (671.0e9 + 512 * 51 * 70272.0) / (8 * 4.8e12), 2e-5);
}

TEST(Search, GivesUpDevicesThatWouldWait) {
  Workload work{.shape = model::deepseek_v3()};
  work.row_tokens = 4096;
  work.micro_batch = 1;
  work.recompute = Recompute::kNorms;
  work.rows.last = 512;  // 2,048 devices would have four rows each pipeline of 16
  work.tokens = 1e9;
  const Cluster cluster = parse_cluster("h800:2048", known_devices());
  const ProcessPlan plan = best_plan(work, cluster, 0.3);
  EXPECT_LT(plan.mesh.devices(), 2048);
  EXPECT_FALSE(plan.misfit.has_value());
}

TEST(Search, MeshesUseAllDevicesAndDivideWhatTheySplit) {
  Workload work{.shape = model::deepseek_v3()};
  work.row_tokens = 32768;
  work.rows.last = 1920;
  work.micro_batch = 1;
  for (const Mesh& mesh : possible_meshes(work, 256)) {
    EXPECT_EQ(mesh.devices(), 256);
    EXPECT_EQ((mesh.data * mesh.context) % mesh.expert, 0);
    EXPECT_EQ(work.shape.moe.experts % mesh.expert, 0);
    EXPECT_LE(mesh.context, 8);  // 4,096 tokens a rank
  }
}

TEST(Search, AMeshThatCannotBeIsRefusedWithItsNumbers) {
  const Workload work = small_work();
  const Cluster cluster{.name = "this", .device = processor()};
  const std::string sentence =
      refusal([&] { best_plan(work, cluster, 1, parse_mesh("pipeline=16")); });
  EXPECT_NE(sentence.find("no mesh of 1 devices"), std::string::npos) << sentence;
  EXPECT_NE(refusal([] { parse_mesh("pipelines=16"); }).find("pipeline"), std::string::npos);
  EXPECT_NE(refusal([] { parse_mesh("schedule=zigzag"); }).find("dualpipe"), std::string::npos);
  EXPECT_NE(refusal([] { parse_mesh("data=-1"); }).find("data=-1"), std::string::npos);
}

TEST(Devices, AreKnownWithTheirSourcesAndUnknownOnesNameTheNearest) {
  const auto devices = known_devices();
  EXPECT_EQ(devices.size(), 5);
  for (const NamedDevice& known : devices) {
    EXPECT_FALSE(known.device.source.empty()) << known.name;
  }
  const Cluster cluster = parse_cluster("h800:2048", devices);
  EXPECT_EQ(cluster.devices, 2048);
  EXPECT_NE(refusal([&] { parse_cluster("h8000:8", devices); }).find("did you mean h800"),
            std::string::npos);
  EXPECT_NE(refusal([&] { parse_cluster("h800:many", devices); }).find("many is no number"),
            std::string::npos);
  EXPECT_NE(refusal([&] { parse_cluster("h800:0", devices); }).find("no number"),
            std::string::npos);
  EXPECT_NE(refusal([] {
              read_devices("[device.x]\ntitle = \"x\"\nmemory_gb = 8", "x.toml");
            }).find("fp32_tflops=0"),
            std::string::npos);
}

TEST(WholePlan, TellsAllProcessesAndWritesThemDown) {
  WholePlan whole{.name = "small", .cluster = {.name = "this", .device = processor()}};
  whole.processes.push_back({small_work(), 0.5, {}});
  plan_all(whole);
  const std::string text = summary_text(whole);
  EXPECT_NE(text.find("small on 1 x a processor"), std::string::npos) << text;
  EXPECT_NE(details_text(whole.processes[0], whole.cluster.device).find("workspace"),
            std::string::npos);
  const Json json = as_json(whole);
  EXPECT_EQ(json["processes"].size(), 1);
  EXPECT_NEAR(json["sensitivity"][0]["seconds"].get<double>() / whole.totals().seconds, 1.25, 1e-6);
  EXPECT_TRUE(json["processes"][0]["fits"].get<bool>());
}

}  // namespace
}  // namespace rq::plan
