#include "kernels/cpu/packed_matrix.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "kernels/cpu/vector_math.h"
#include "kernels/cpu/vectors.h"

namespace rq::kernels::cpu {
namespace {

using std::int64_t;

// Floats of a vector, and rows whose sums of a panel fit the registers.
#if defined(__AVX512F__)
constexpr int kLanes = 16;
constexpr int64_t kHeldRows = 12;
#elif defined(__AVX__)
constexpr int kLanes = 8;
constexpr int64_t kHeldRows = 3;
#else
constexpr int kLanes = 4;
constexpr int64_t kHeldRows = 1;
#endif
constexpr int kVectors = kPanel / kLanes;
constexpr int64_t kGates = kPanel / 2;  // of a panel of pack_gate_up()
using Vector = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4)));

// Sums stay in registers from the first k to the last.
template <int kRows>
void multiply_rows(const float* const* x, const float* panel, int64_t inner, float* sums) {
  Vector sum[kRows][kVectors];
  clear(sum);
  const float* in[kRows];
  for (int i = 0; i < kRows; ++i) {
    in[i] = x[i];
  }
  for (int64_t k = 0; k < inner; ++k) {
    Vector weight[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      weight[v] = load<Vector>(panel + k * kPanel + v * kLanes);
    }
    for (int i = 0; i < kRows; ++i) {
      for (int v = 0; v < kVectors; ++v) {
        sum[i][v] += in[i][k] * weight[v];
      }
    }
  }
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      store(sum[i][v], sums + i * kPanel + v * kLanes);
    }
  }
}

using MultiplyRows = void (*)(const float* const*, const float*, int64_t, float*);
template <int... kLess>
constexpr std::array<MultiplyRows, sizeof...(kLess)> for_rows(
    std::integer_sequence<int, kLess...>) {
  return {multiply_rows<kLess + 1>...};
}
constexpr auto kMultiplyRows = for_rows(std::make_integer_sequence<int, kHeldRows>());

// The product of all rows with a panel: calls use(row, sums [kPanel]) for each, tile by tile.
template <typename Use>
void each_row(const PackedMatrix& matrix,
              int64_t panel,
              const float* const* x,
              int64_t rows,
              const Use& use) {
  const float* const weights = matrix.panels.data() + panel * kPanel * matrix.inner;
  const int64_t tiles = (rows + kMostRows - 1) / kMostRows;
  Tile tile;
  for (int64_t i = 0, first = 0; i < tiles; ++i) {
    const int64_t count = (rows - first) / (tiles - i);  // of about equal height
    multiply_tile(x + first, count, weights, matrix.inner, tile);
    for (int64_t row = 0; row < count; ++row) {
      use(first + row, tile[row]);
    }
    first += count;
  }
}

// Where panels take their outputs from: each(n) is the row of weights, or null past the end.
template <typename RowOf>
PackedMatrix pack_outputs(int64_t outputs, int64_t inner, const RowOf& row_of) {
  PackedMatrix packed{.outputs = outputs, .inner = inner, .panels = {}};
  packed.panels.resize(static_cast<std::size_t>(packed.panel_count() * inner * kPanel));
  float* to = packed.panels.data();
  for (int64_t panel = 0; panel < packed.panel_count(); ++panel, to += inner * kPanel) {
    for (int64_t n = 0; n < kPanel; ++n) {
      if (const float* const row = row_of(panel * kPanel + n); row != nullptr) {
        for (int64_t k = 0; k < inner; ++k) {
          to[k * kPanel + n] = row[k];
        }
      }
    }
  }
  return packed;
}

}  // namespace

PackedMatrix pack(const std::vector<WeightRows>& parts, int64_t inner) {
  int64_t outputs = 0;
  for (const WeightRows& part : parts) {
    outputs += part.count;
  }
  return pack_outputs(outputs, inner, [&](int64_t n) -> const float* {
    for (const WeightRows& part : parts) {
      if (n < part.count) {
        return part.data + n * inner;
      }
      n -= part.count;
    }
    return nullptr;
  });
}

PackedMatrix pack_gate_up(const float* gate_up, int64_t width, int64_t inner) {
  const int64_t panels = (width + kGates - 1) / kGates;
  return pack_outputs(panels * kPanel, inner, [&](int64_t n) -> const float* {
    const int64_t f = n / kPanel * kGates + n % kGates;
    const bool is_up = n % kPanel >= kGates;
    return f < width ? gate_up + (is_up ? width + f : f) * inner : nullptr;
  });
}

void multiply_tile(
    const float* const* x, int64_t rows, const float* panel, int64_t inner, Tile& tile) {
  for (int64_t first = 0; first < rows; first += kHeldRows) {
    const int64_t count = std::min(kHeldRows, rows - first);
    kMultiplyRows[static_cast<std::size_t>(count - 1)](x + first, panel, inner, tile[first]);
  }
}

void multiply(const PackedMatrix& matrix, int64_t panel, const Product& product) {
  const int64_t first = panel * kPanel, outputs = std::min(kPanel, matrix.outputs - first);
  each_row(matrix, panel, product.x, product.rows, [&](int64_t row, float* sums) {
    float* const y = product.y + row * product.y_stride + first;
    if (product.bias != nullptr) {
      for (int64_t n = 0; n < outputs; ++n) {
        sums[n] += product.bias[first + n];
      }
    }
    for (int64_t n = 0; n < outputs; ++n) {
      y[n] = product.then == Then::kAdd ? y[n] + sums[n] : sums[n];
    }
  });
}

void multiply_swiglu(const PackedMatrix& gate_up, int64_t panel, const SwigluProduct& product) {
  const int64_t first = panel * kGates, outputs = std::min(kGates, product.width - first);
  each_row(gate_up, panel, product.x, product.rows, [&](int64_t row, float* gate) {
    const float* const up = gate + kGates;
    const float scale = product.scale == nullptr ? 1.0F : product.scale[row];
    for (int64_t f = 0; f < kGates; ++f) {
      gate[f] = gate[f] * fast_sigmoid(gate[f]) * up[f] * scale;
    }
    std::copy_n(gate, outputs, product.h + row * product.h_stride + first);
  });
}

}  // namespace rq::kernels::cpu
