#include "base/tensor_memory.h"

#include <gtest/gtest.h>

#include "base/tensor.h"

namespace rq {
namespace {

TEST(TensorMemory, ALargeTensorTakesTheBlockOfOneThatIsGone) {
  cache_tensor_memory();
  const void* first = nullptr;
  {
    const Tensor gone = at::full({1024, 512}, 2.0);
    first = gone.data_ptr();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 64, 0U);
    EXPECT_EQ(gone.sum().item<double>(), 2.0 * 1024 * 512);
  }
  const Tensor next = at::full({1024, 512}, 3.0);
  EXPECT_EQ(next.data_ptr(), first);
  EXPECT_EQ(next.sum().item<double>(), 3.0 * 1024 * 512);
}

TEST(TensorMemory, WhatLiesIdleGoesBackAndWhatIsInUseStays) {
  cache_tensor_memory();
  const Tensor kept = at::full({1024, 512}, 2.0);
  {
    const Tensor gone = at::full({1024, 512}, 3.0);
  }
  release_idle_memory();
  EXPECT_EQ(kept.sum().item<double>(), 2.0 * 1024 * 512);
}

TEST(TensorMemory, SmallTensorsAndEmptyOnesAreTorchsOwn) {
  cache_tensor_memory();
  EXPECT_EQ(at::ones({3}).sum().item<double>(), 3.0);
  EXPECT_EQ(at::empty({0}).numel(), 0);
}

}  // namespace
}  // namespace rq
