#pragma once
// Tensors and the bytes that safetensors files hold of them.

#include <cstddef>
#include <span>
#include <string>

#include "base/safetensors.h"
#include "base/tensor.h"

namespace rq {

// What a file's header says of `tensor`; an Error naming it where the format has no such element
// type.
TensorSpec spec_of(const std::string& name, const Tensor& tensor);

// The bytes of a contiguous tensor on the CPU; they live as long as it.
std::span<const std::byte> bytes_of(const Tensor& tensor);

// A copy in memory of its own, of the file's type and shape.
Tensor tensor_of(const TensorInfo& info);

}  // namespace rq
