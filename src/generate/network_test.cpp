// The network of generation against the one of training, on every shape of model.

#include "generate/network.h"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "model/testing/tiny_models.h"

namespace rq::generate {
namespace {

using model::Model;
using model::ModelConfig;
using Tokens = std::vector<std::int32_t>;
using Rows = std::vector<float>;

constexpr std::int64_t kVocabulary = 20;

ModelConfig with_context(ModelConfig config) {
  config.context = 200;
  return config;
}

struct Shape {
  std::string name;
  Model model;
};
const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = [] {
    ModelConfig v3 = with_context(model::testing::tiny_v3());
    ModelConfig wide = v3;  // widths of whole vectors and past a panel
    wide.attention.kv_rank = 80;
    wide.attention.nope_width = 32;
    wide.attention.value_width = 40;
    wide.attention.heads = 6;
    wide.width = 96;
    ModelConfig no_shared = v3;
    no_shared.moe.shared_experts = 0;
    return std::vector<Shape>{
        {"V3", model::testing::made(v3)},
        {"V3, wide", model::testing::made(wide)},
        {"V3, nothing shared", model::testing::made(no_shared)},
        {"V2", model::testing::made(with_context(model::testing::tiny_v2()))},
        {"grouped", model::testing::made(with_context(model::testing::tiny_grouped()))}};
  }();
  return all;
}

Tokens draw_tokens(std::size_t count, std::uint64_t seed) {
  Rng rng(seed, "tokens");
  Tokens tokens(count);
  for (std::int32_t& token : tokens) {
    token = static_cast<std::int32_t>(rng.below(kVocabulary));
  }
  return tokens;
}

// The first `prompt` tokens expanded, in spans of `cut`; the rest absorbed, one by one. All logits.
struct Reading {
  std::int64_t prompt, cut;
};
class Reader {
 public:
  Reader(Network& network, const Tokens& tokens, Reading how, std::int32_t first_page)
      : network_(network), tokens_(tokens), how_(how), pages_(tokens.size() / kPageTokens + 1) {
    std::iota(pages_.rbegin(), pages_.rend(), first_page);  // any order of pages will do
  }
  Span next() {
    const auto length = static_cast<std::int64_t>(tokens_.size());
    const bool is_prompt = read_ < how_.prompt;
    const std::int64_t count = is_prompt ? std::min(how_.cut, how_.prompt - read_)
                                         : std::min<std::int64_t>(1, length - read_);
    const Span span{.tokens = std::span(tokens_).subspan(static_cast<std::size_t>(read_),
                                                         static_cast<std::size_t>(count)),
                    .first = read_,
                    .pages = pages_,
                    .is_expanded = is_prompt,
                    .wanted = count};
    read_ += count;
    return span;
  }
  bool is_over() const { return read_ == static_cast<std::int64_t>(tokens_.size()); }

 private:
  Network& network_;
  const Tokens& tokens_;
  Reading how_;
  std::vector<std::int32_t> pages_;
  std::int64_t read_ = 0;
};

Rows read_alone(Network& network, const Tokens& tokens, Reading how) {
  Reader reader(network, tokens, how, 0);
  Rows rows;
  while (!reader.is_over()) {
    const Span span = reader.next();
    const auto logits = network(std::span(&span, 1));
    rows.insert(rows.end(), logits.begin(), logits.end());
  }
  return rows;
}

double largest_difference(const Rows& rows, const Tensor& expected) {
  const Tensor got = at::tensor(rows).view({-1, expected.size(1)});
  return (got - expected).abs().max().item<double>();
}

Tensor logits_of(const Model& model, const Tensor& hidden) {
  return at::linear(hidden, model.output_head());
}

Tensor batch_of(std::span<const std::int32_t> tokens) {
  return at::tensor(at::ArrayRef<std::int32_t>(tokens.data(), tokens.size()), at::kInt)
      .to(at::kLong)
      .unsqueeze(0);
}

TEST(Network, GivesTheLogitsOfTheModelExpandedAndAbsorbed) {
  const Tokens tokens = draw_tokens(180, 1);
  for (const Shape& shape : shapes()) {
    Network network(shape.model, 12, 2);
    const at::NoGradGuard no_grad;
    const Tensor expected = logits_of(shape.model, shape.model(batch_of(tokens)).hidden);
    for (const Reading how : {Reading{180, 180}, Reading{0, 1}, Reading{150, 37}}) {
      EXPECT_LT(largest_difference(read_alone(network, tokens, how), expected), 2e-4)
          << shape.name << ", prompt of " << how.prompt;
    }
  }
}

TEST(Network, ARowHasTheSameBitsInAnyCompanyHoweverItsPromptIsCutAndWithAnyNumberOfThreads) {
  for (const Shape& shape : shapes()) {
    const std::vector<Tokens> texts = {draw_tokens(150, 1), draw_tokens(33, 2), draw_tokens(90, 3)};
    const std::vector<Reading> together = {{140, 5}, {20, 3}, {0, 1}};
    Network alone(shape.model, 12, 1), shared(shape.model, 24, 3);
    std::vector<Reader> readers;
    std::vector<Rows> rows(texts.size());
    std::int32_t page = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      readers.emplace_back(shared, texts[i], together[i], page);
      page += static_cast<std::int32_t>(texts[i].size() / kPageTokens + 1);
    }
    while (!readers[0].is_over() || !readers[1].is_over() || !readers[2].is_over()) {
      std::vector<Span> spans;
      std::vector<std::size_t> whose;
      for (std::size_t i = 0; i < readers.size(); ++i) {
        if (!readers[i].is_over()) {
          spans.push_back(readers[i].next());
          whose.push_back(i);
        }
      }
      std::span<const float> logits = shared(spans);
      for (std::size_t i = 0; i < spans.size(); ++i) {
        const std::size_t size = static_cast<std::size_t>(spans[i].wanted) * kVocabulary;
        rows[whose[i]].insert(rows[whose[i]].end(), logits.begin(), logits.begin() + size);
        logits = logits.subspan(size);
      }
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(rows[i], read_alone(alone, texts[i], {together[i].prompt, 64}))
          << shape.name << ", text " << i;
    }
  }
}

TEST(Network, PredictsFurtherAsTheModelDoes) {
  const Tokens tokens = draw_tokens(61, 4);
  const std::span<const std::int32_t> all(tokens);
  for (std::size_t shape = 0; shape < 3; ++shape) {
    const Model& model = shapes()[shape].model;
    Network network(model, 12, 2);
    ASSERT_TRUE(network.predicts());
    const at::NoGradGuard no_grad;
    const Tensor hidden = model(batch_of(all.first(60))).hidden;
    const Tensor expected =
        logits_of(model, model.predict_further(0, hidden, batch_of(all.subspan(1))).hidden);
    const std::vector<std::int32_t> pages = {3, 1, 7, 4};
    Rows rows;
    for (std::int64_t first = 0; first < 60; first += 20) {
      const auto begin = static_cast<std::size_t>(first);
      const bool is_expanded = first < 40;
      // The rows begin in the middle of the walk.
      const Tokens other = draw_tokens(3, 5);
      const std::vector<std::int32_t> others = {9};
      const std::vector<Span> spans = {
          {.tokens = other, .first = 0, .pages = others, .is_expanded = true, .wanted = 0},
          {.tokens = all.subspan(begin, 20),
           .first = first,
           .pages = pages,
           .is_expanded = is_expanded,
           .wanted = 0}};
      network(spans);
      const Span ahead{.tokens = all.subspan(begin + 1, 20),
                       .first = first,
                       .pages = pages,
                       .is_expanded = is_expanded,
                       .wanted = 20};
      const std::int64_t row = 3;
      const auto logits = network.predict(std::span(&ahead, 1), std::span(&row, 1));
      rows.insert(rows.end(), logits.begin(), logits.end());
    }
    EXPECT_LT(largest_difference(rows, expected), 2e-4) << shapes()[shape].name;
  }
}

}  // namespace
}  // namespace rq::generate
