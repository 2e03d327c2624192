#pragma once
// Products of few rows with a matrix that was laid out for them beforehand: what the tokens of one
// step of generation need. Each sum runs over k in ascending order with one running value, so that
// a row's result has the same bits whatever other rows stand beside it. Pointers and sizes only.

#include <cstdint>
#include <vector>

#include "kernels/cpu/aligned.h"

namespace rq::kernels::cpu {

// Outputs that are computed together: a panel of the matrix, [inner, kPanel].
constexpr std::int64_t kPanel = 32;

struct PackedMatrix {
  std::int64_t outputs = 0;  // N
  std::int64_t inner = 0;    // K
  AlignedFloats panels;      // [ceil(N / kPanel), K, kPanel], zero past N

  std::int64_t panel_count() const { return (outputs + kPanel - 1) / kPanel; }
};

// Rows of some matrix: [count, inner], the weights of as many outputs.
struct WeightRows {
  const float* data;
  std::int64_t count;
};

// The matrices one below the other: [sum of counts, inner].
PackedMatrix pack(const std::vector<WeightRows>& parts, std::int64_t inner);
// gate_up [2F, inner] so that each panel holds kPanel / 2 gates and their ups; for multiply_swiglu.
PackedMatrix pack_gate_up(const float* gate_up, std::int64_t width, std::int64_t inner);

// What is done with a product's values.
enum class Then { kStore, kAdd };

// y[i][n] = (or +=) sum_k x[i][k] * matrix[n][k] + bias[n] for the `rows` rows and the outputs n of
// one panel.
struct Product {
  const float* const* x;        // [rows]: where each row of K floats begins
  std::int64_t rows;            //
  float* y;                     // [rows, N], rows y_stride apart
  std::int64_t y_stride;        //
  const float* bias = nullptr;  // [N]
  Then then = Then::kStore;
};
void multiply(const PackedMatrix& matrix, std::int64_t panel, const Product& product);

// h[i][f] = silu(gate[f] . x[i]) * (up[f] . x[i]) * scale[i], for the outputs of one panel of
// pack_gate_up(); h [rows, F], rows h_stride apart; scale [rows], or null for ones.
struct SwigluProduct {
  const float* const* x;
  std::int64_t rows;
  const float* scale;
  float* h;
  std::int64_t h_stride;
  std::int64_t width;  // F
};
void multiply_swiglu(const PackedMatrix& gate_up, std::int64_t panel, const SwigluProduct& product);

// The innermost product, for those who lay out panels themselves: tile[i][n] = sum_k x[i][k] *
// panel[k][n] for up to kMostRows rows.
constexpr std::int64_t kMostRows = 12;
using Tile = float[kMostRows][kPanel];
void multiply_tile(
    const float* const* x, std::int64_t rows, const float* panel, std::int64_t inner, Tile& tile);

}  // namespace rq::kernels::cpu
