#pragma once
// The only door to ATen: the Tensor type by its short name, and the few helpers that every torch
// module needs. A header that includes this sees ATen/core/Tensor.h and no more; a .cpp may use
// every ATen operator (the shared precompiled header holds <ATen/ATen.h> and the autograd
// function).

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace rq {

using at::Tensor;

// Float32 tensors on the CPU from values; for tests and small constants.
Tensor tensor_from(const std::vector<float>& values, at::IntArrayRef sizes);

// The values of a tensor on any device as a flat vector.
template <typename T>
std::vector<T> to_vector(const Tensor& tensor);

}  // namespace rq
