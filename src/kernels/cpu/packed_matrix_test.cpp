#include "kernels/cpu/packed_matrix.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/testing/random.h"

namespace rq::kernels::cpu {
namespace {

using Floats = std::vector<float>;

using testing::random;

std::vector<const float*> rows_of(const Floats& values, std::int64_t count, std::int64_t width) {
  std::vector<const float*> rows;
  for (std::int64_t i = 0; i < count; ++i) {
    rows.push_back(values.data() + i * width);
  }
  return rows;
}

double dot(const float* a, const float* b, std::int64_t count) {
  double sum = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
  }
  return sum;
}

// Shapes within, at and past a panel and a tile.
constexpr std::int64_t kOutputs[] = {1, 31, 32, 70};
constexpr std::int64_t kInners[] = {1, 7, 300};
constexpr std::int64_t kRowCounts[] = {1, 2, 5, 12, 13, 40};

template <typename Test>
void each_shape(const Test& test) {
  for (const std::int64_t outputs : kOutputs) {
    for (const std::int64_t inner : kInners) {
      for (const std::int64_t rows : kRowCounts) {
        test(outputs, inner, rows);
      }
    }
  }
}

void multiply_all(const PackedMatrix& matrix, const Product& product) {
  for (std::int64_t panel = 0; panel < matrix.panel_count(); ++panel) {
    multiply(matrix, panel, product);
  }
}

TEST(PackedMatrix, MultipliesAddsAndBiases) {
  each_shape([](std::int64_t outputs, std::int64_t inner, std::int64_t rows) {
    const Floats top = random(2 * inner, "top"), rest = random(outputs * inner, "rest");
    const Floats x = random(rows * inner, "x"), bias = random(outputs + 2, "bias");
    const std::vector<const float*> x_rows = rows_of(x, rows, inner);
    const PackedMatrix matrix = pack({{top.data(), 2}, {rest.data(), outputs}}, inner);
    ASSERT_EQ(matrix.outputs, outputs + 2);
    const std::int64_t stride = outputs + 5;
    Floats y(static_cast<std::size_t>(rows * stride), -3);
    Product product{.x = x_rows.data(), .rows = rows, .y = y.data(), .y_stride = stride};
    multiply_all(matrix, product);
    product.bias = bias.data();
    product.then = Then::kAdd;
    multiply_all(matrix, product);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t n = 0; n < stride; ++n) {
        const float got = y[static_cast<std::size_t>(i * stride + n)];
        if (n >= outputs + 2) {
          EXPECT_EQ(got, -3) << "beside the outputs";
          continue;
        }
        const float* const weights = n < 2 ? &top[static_cast<std::size_t>(n * inner)]
                                           : &rest[static_cast<std::size_t>((n - 2) * inner)];
        const double expected = 2 * dot(x_rows[static_cast<std::size_t>(i)], weights, inner) +
                                static_cast<double>(bias[static_cast<std::size_t>(n)]);
        EXPECT_NEAR(got, expected, 1e-3);
      }
    }
  });
}

TEST(PackedMatrix, GatesUpsAndScales) {
  each_shape([](std::int64_t width, std::int64_t inner, std::int64_t rows) {
    const Floats gate_up = random(2 * width * inner, "gate_up");
    const Floats x = random(rows * inner, "x"), scale = random(rows, "scale");
    const std::vector<const float*> x_rows = rows_of(x, rows, inner);
    const PackedMatrix matrix = pack_gate_up(gate_up.data(), width, inner);
    Floats h(static_cast<std::size_t>(rows * (width + 1)), -3);
    for (std::int64_t panel = 0; panel < matrix.panel_count(); ++panel) {
      multiply_swiglu(matrix,
                      panel,
                      {.x = x_rows.data(),
                       .rows = rows,
                       .scale = scale.data(),
                       .h = h.data(),
                       .h_stride = width + 1,
                       .width = width});
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      const auto row = static_cast<std::size_t>(i);
      for (std::int64_t f = 0; f < width; ++f) {
        const double gate = dot(x_rows[row], &gate_up[static_cast<std::size_t>(f * inner)], inner);
        const double up =
            dot(x_rows[row], &gate_up[static_cast<std::size_t>((width + f) * inner)], inner);
        const double expected = gate / (1 + std::exp(-gate)) * up * static_cast<double>(scale[row]);
        EXPECT_NEAR(h[static_cast<std::size_t>(i * (width + 1) + f)],
                    expected,
                    1e-3 * (1 + std::abs(expected)));
      }
      EXPECT_EQ(h[static_cast<std::size_t>(i * (width + 1) + width)], -3);
    }
  });
}

TEST(PackedMatrix, ARowsBitsDoNotDependOnItsCompany) {
  constexpr std::int64_t kWidth = 70, kInner = 300, kRows = 40;
  const Floats weights = random(kWidth * kInner, "weights"), x = random(kRows * kInner, "x");
  const std::vector<const float*> x_rows = rows_of(x, kRows, kInner);
  const PackedMatrix matrix = pack({{weights.data(), kWidth}}, kInner);
  Floats together(kRows * kWidth), alone(kRows * kWidth);
  multiply_all(matrix,
               {.x = x_rows.data(), .rows = kRows, .y = together.data(), .y_stride = kWidth});
  for (std::int64_t i = 0; i < kRows; ++i) {
    multiply_all(
        matrix,
        {.x = x_rows.data() + i, .rows = 1, .y = alone.data() + i * kWidth, .y_stride = kWidth});
  }
  EXPECT_EQ(together, alone);
}

}  // namespace
}  // namespace rq::kernels::cpu
