// Claim: causal attention, forward and backward, takes no more time than torch's
// scaled_dot_product_attention on the same tensors, from 256 to 32,768 positions, with key and
// value widths that differ as MLA's do and with equal ones.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/format.h"
#include "bench/benches.h"
#include "bench/peer.h"
#include "kernels/attention.h"
#include "kernels/machine_limit.h"

namespace rq::bench {
namespace {

struct Widths {
  std::int64_t key, value;
};
constexpr std::array kWidths{Widths{48, 32}, Widths{192, 128}, Widths{64, 64}};
constexpr std::array<std::int64_t, 5> kLengths{256, 1024, 4096, 16384, 32768};
constexpr std::int64_t kHeads = 4;
constexpr std::int64_t kTokens = 4096;         // at least so many in a batch
constexpr double kTolerance = 2e-4;            // of outputs and gradients that are about 1 at most
constexpr double kSecondsToRepeatWithin = 10;  // both sides together; three repeats at least

using Attend = std::function<Tensor(const Tensor& q, const Tensor& k, const Tensor& v)>;

// [B, S, H, W] as ours; torch wants the heads first, and equal widths for its fast path on the CPU,
// so values are padded with zeros up to the keys' width, as its users do.
Tensor torch_attention(const Tensor& q, const Tensor& k, const Tensor& v, double scale) {
  const std::int64_t missing = k.size(3) - v.size(3);
  const Tensor padded = missing == 0 ? v : at::constant_pad_nd(v, {0, missing});
  const Tensor o = at::scaled_dot_product_attention(q.transpose(1, 2),
                                                    k.transpose(1, 2),
                                                    padded.transpose(1, 2),
                                                    std::nullopt,
                                                    0.0,
                                                    /*is_causal=*/true,
                                                    scale);
  return o.transpose(1, 2).narrow(3, 0, v.size(3));
}

struct Inputs {
  Tensor q, k, v, d_o;
};

Inputs random_inputs(std::int64_t length, Widths widths) {
  at::manual_seed(1);
  const std::int64_t batch = std::max<std::int64_t>(1, kTokens / length);
  const auto draw = [&](std::int64_t width) { return at::randn({batch, length, kHeads, width}); };
  Inputs inputs{draw(widths.key), draw(widths.key), draw(widths.value), draw(widths.value)};
  for (Tensor* const leaf : {&inputs.q, &inputs.k, &inputs.v}) {
    leaf->set_requires_grad(true);
  }
  return inputs;
}

// The output and the gradients of q, k and v.
std::vector<Tensor> forward_and_backward(const Inputs& inputs, const Attend& attend) {
  const Tensor o = attend(inputs.q, inputs.k, inputs.v);
  o.backward(inputs.d_o);
  std::vector<Tensor> results{o.detach()};
  for (const Tensor& leaf : {inputs.q, inputs.k, inputs.v}) {
    results.push_back(leaf.grad());
    leaf.mutable_grad() = Tensor();
  }
  return results;
}

void check_same(const Inputs& inputs, const Attend& ours, const Attend& theirs) {
  const auto one = forward_and_backward(inputs, ours), other = forward_and_backward(inputs, theirs);
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double difference = (one[i] - other[i]).abs().max().item<double>();
    check(difference < kTolerance,
          "attention over {} positions: result {} differs from torch's by {}",
          inputs.q.size(1),
          i,
          difference);
  }
}

double seconds_of(const Inputs& inputs, const Attend& attend) {
  const auto began = std::chrono::steady_clock::now();
  forward_and_backward(inputs, attend);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// Products of both ways: scores and outputs; then scores again, and the gradients of weights,
// values, keys and queries. Half of the square is seen.
double flops_of(const Inputs& inputs, Widths widths) {
  const auto length = static_cast<double>(inputs.q.size(1));
  const double seen = static_cast<double>(inputs.q.size(0) * kHeads) * length * (length + 1) / 2;
  return seen * 2 * static_cast<double>(4 * widths.key + 3 * widths.value);
}

void print_row(std::int64_t length, Widths widths, double limit) {
  const double scale = 1 / std::sqrt(static_cast<double>(widths.key));
  const Attend ours = [&](const Tensor& q, const Tensor& k, const Tensor& v) {
    return kernels::attention(q, k, v, scale);
  };
  const Attend theirs = [&](const Tensor& q, const Tensor& k, const Tensor& v) {
    return torch_attention(q, k, v, scale);
  };
  const Inputs inputs = random_inputs(length, widths);
  check_same(inputs, ours, theirs);
  std::vector<double> our_seconds, their_seconds;
  for (double spent = 0; our_seconds.size() < 3 || spent < kSecondsToRepeatWithin;) {
    our_seconds.push_back(seconds_of(inputs, ours));
    their_seconds.push_back(seconds_of(inputs, theirs));
    spent += our_seconds.back() + their_seconds.back();
  }
  const double flops = flops_of(inputs, widths), our_median = median(our_seconds);
  fmt::print("  {:6} {:4} {:4} {:10.1f} ms {:5.0f}%  {:10.1f} ms {:5.0f}%  {:6.2f}x\n",
             length,
             widths.key,
             widths.value,
             1000 * our_median,
             100 * flops / our_median / limit,
             1000 * median(their_seconds),
             100 * flops / median(their_seconds) / limit,
             median(their_seconds) / our_median);
}

}  // namespace

void bench_attention(std::span<const std::string> arguments) {
  check(arguments.empty(), "bench attention takes no argument, got {}", fmt::join(arguments, " "));
  const double limit = kernels::measure_matmul_flops_per_s();
  fmt::print(
      "Forward and backward of {} heads, {} tokens or one sequence; % of {:.0f} GFLOP/s, the "
      "machine's limit; medians\n"
      "  length  key value        rorqual             torch, values padded   ratio\n",
      kHeads,
      kTokens,
      limit / 1e9);
  for (const Widths widths : kWidths) {
    for (const std::int64_t length : kLengths) {
      print_row(length, widths, limit);
    }
  }
  fmt::print("  outputs and gradients agree within {}; x: torch's time over rorqual's\n",
             kTolerance);
}

}  // namespace rq::bench
