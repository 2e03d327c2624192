#include "plan/formats.h"

namespace rq::plan {
namespace {

// Mixed precision: bfloat16 to compute with, float32 for sums and masters.
Formats bfloat16() {
  return {.weight = 2,
          .gradient = 4,
          .master = 4,
          .moment = 4,
          .average = 0,
          .residual = 2,
          .product_input = 2,
          .attention_input = 2,
          .attention_output = 2,
          .passing = 2,
          .dispatched = 2,
          .logit = 4,
          .cached = 2,
          .read_weight = 2};
}

// DeepSeek-V3 §3.3: inputs of products are kept and dispatched in E4M3 with a scale for each 128,
// attention's output as E5M6, moments in bfloat16; §3.2.3: the average lies in the host's memory.
// The weights count as bfloat16 with an E4M3 copy of each, which the paper does not say and which
// is the larger reading.
Formats fp8() {
  constexpr double kE4M3 = 1 + 4.0 / 128, kE5M6 = 1.5;
  Formats formats = bfloat16();
  formats.weight = 3;
  formats.moment = 2;
  formats.product_input = kE4M3;
  formats.attention_output = kE5M6;
  formats.dispatched = kE4M3;
  formats.read_weight = 1;
  return formats;
}

}  // namespace

Formats formats_of(const Device& device) {
  if (device.fp8_tflops > 0) {
    return fp8();
  }
  if (device.bf16_tflops > 0) {
    return bfloat16();
  }
  return {
      .is_sharded = true,
      .keeps_dispatched = false,
      .keeps_swiglu = true,
      .recomputes_queries = false,
      .most_logit_bytes = 16 << 20,  // the head works through chunks
      .packed_weight = 4,
      .idle_share = 0.125};  // base/block_cache.h: sizes in eighths, and blocks between two uses
}

}  // namespace rq::plan
