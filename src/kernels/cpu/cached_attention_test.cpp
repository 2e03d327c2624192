#include "kernels/cpu/cached_attention.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/head_panels.h"
#include "kernels/cpu/testing/random.h"

namespace rq::kernels::cpu {
namespace {

using Floats = std::vector<float>;

using testing::random;

// Entries of random numbers on pages in any order, with other layers between them.
struct Cache {
  Floats floats;
  std::vector<std::int32_t> pages;
  CachedEntries entries;

  Cache(std::int64_t positions, std::int64_t width)
      : pages(static_cast<std::size_t>((positions + kPageTokens - 1) / kPageTokens)) {
    std::iota(pages.rbegin(), pages.rend(), 1);
    const std::int64_t stride = 3 * kPageTokens * width;
    floats = random((std::ssize(pages) + 1) * stride, "cache");
    entries = {.layer = floats.data() + kPageTokens * width,
               .page_stride = stride,
               .pages = pages.data(),
               .width = width};
  }
};

// softmax(scale * q . keys) over the first `positions`, times the values; in double.
std::vector<double> attended(const CachedEntries& entries,
                             std::int64_t positions,
                             const CachedHead& head,
                             const float* q) {
  std::vector<double> weights, o(static_cast<std::size_t>(head.value_width));
  double sum = 0;
  for (std::int64_t position = 0; position < positions; ++position) {
    double dot = 0;
    for (std::int64_t w = 0; w < head.key_width; ++w) {
      dot +=
          static_cast<double>(q[w]) * static_cast<double>(entries[position][head.key_offset + w]);
    }
    weights.push_back(std::exp(static_cast<double>(head.scale) * dot));
    sum += weights.back();
  }
  for (std::int64_t position = 0; position < positions; ++position) {
    for (std::size_t u = 0; u < o.size(); ++u) {
      o[u] +=
          weights[static_cast<std::size_t>(position)] / sum *
          static_cast<double>(entries[position][head.value_offset + static_cast<std::int64_t>(u)]);
    }
  }
  return o;
}

void expect_near(const float* got, const std::vector<double>& expected) {
  for (std::size_t u = 0; u < expected.size(); ++u) {
    EXPECT_NEAR(got[u], expected[u], 1e-4);
  }
}

constexpr CachedHead kHeads[] = {
    {.key_offset = 0, .key_width = 80, .value_offset = 0, .value_width = 64, .scale = 0.1F},
    {.key_offset = 3, .key_width = 5, .value_offset = 40, .value_width = 39, .scale = 0.5F},
    {.key_offset = 16, .key_width = 32, .value_offset = 1, .value_width = 70, .scale = 0.2F}};

TEST(CachedAttention, OneTokenSeesEveryEntry) {
  for (const CachedHead& head : kHeads) {
    for (const std::int64_t positions : {1, 16, 17, 300}) {
      const Cache cache(positions, 80);
      constexpr std::int64_t kCount = 6;  // four together, then one by one
      const Floats q = random(kCount * head.key_width, "q");
      Floats o(static_cast<std::size_t>(kCount * head.value_width));
      AlignedFloats scratch;
      attend_cached(cache.entries, positions, head, kCount, q.data(), o.data(), scratch);
      for (std::int64_t h = 0; h < kCount; ++h) {
        expect_near(o.data() + h * head.value_width,
                    attended(cache.entries, positions, head, q.data() + h * head.key_width));
      }
    }
  }
}

TEST(CachedAttention, ManyTokensEachSeeUpToTheirOwn) {
  constexpr std::int64_t kRows = kMostRows;
  for (const CachedHead& head : kHeads) {
    for (const std::int64_t first : {0, 5, 120, 250}) {
      const Cache cache(first + kRows, 80);
      const Floats q = random(kRows * head.key_width, "q");
      Floats o(static_cast<std::size_t>(kRows * head.value_width));
      std::vector<const float*> queries;
      std::vector<float*> results;
      for (std::int64_t i = 0; i < kRows; ++i) {
        queries.push_back(q.data() + i * head.key_width);
        results.push_back(o.data() + i * head.value_width);
      }
      HeadPanels panels;
      panels.take(cache.entries, first + kRows, head);
      attend_panels(panels, first, kRows, head.scale, queries.data(), results.data());
      for (std::size_t i = 0; i < queries.size(); ++i) {
        expect_near(
            results[i],
            attended(cache.entries, first + static_cast<std::int64_t>(i) + 1, head, queries[i]));
      }
    }
  }
}

TEST(CachedAttention, LatentsAreExpandedToKeysAndValues) {
  constexpr std::int64_t kRank = 20, kRope = 6, kNope = 37, kValue = 33, kPositions = 50;
  const Cache cache(kPositions, kRank + kRope);
  const Floats up = random((kNope + kValue) * kRank, "up");
  HeadPanels panels;
  panels.expand(cache.entries, kPositions, pack({{up.data(), kNope + kValue}}, kRank), kNope);
  ASSERT_EQ(panels.key_width, kNope + kRope);
  ASSERT_EQ(panels.value_width, kValue);
  const auto expanded = [&](std::int64_t position, std::int64_t row) {
    double sum = 0;
    for (std::int64_t r = 0; r < kRank; ++r) {
      sum += static_cast<double>(cache.entries[position][r]) *
             static_cast<double>(up[static_cast<std::size_t>(row * kRank + r)]);
    }
    return sum;
  };
  for (std::int64_t position = 0; position < kPositions; ++position) {
    for (std::int64_t w = 0; w < kNope + kRope; ++w) {
      const std::int64_t at =
          (position / kPanel * (kNope + kRope) + w) * kPanel + position % kPanel;
      const double expected = w < kNope
                                  ? expanded(position, w)
                                  : static_cast<double>(cache.entries[position][kRank + w - kNope]);
      EXPECT_NEAR(panels.keys[static_cast<std::size_t>(at)], expected, 1e-4);
    }
    for (std::int64_t u = 0; u < kValue; ++u) {
      const std::int64_t at = (u / kPanel * kPositions + position) * kPanel + u % kPanel;
      EXPECT_NEAR(panels.values[static_cast<std::size_t>(at)], expanded(position, kNope + u), 1e-4);
    }
  }
}

}  // namespace
}  // namespace rq::kernels::cpu
