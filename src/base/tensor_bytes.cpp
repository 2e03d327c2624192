#include "base/tensor_bytes.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/safetensors.h"

namespace rq {
namespace {

constexpr std::array<std::pair<Dtype, at::ScalarType>, 12> kTypes{
    {{Dtype::kF64, at::kDouble},
     {Dtype::kF32, at::kFloat},
     {Dtype::kF16, at::kHalf},
     {Dtype::kBf16, at::kBFloat16},
     {Dtype::kF8E4M3, at::kFloat8_e4m3fn},
     {Dtype::kF8E5M2, at::kFloat8_e5m2},
     {Dtype::kI64, at::kLong},
     {Dtype::kI32, at::kInt},
     {Dtype::kI16, at::kShort},
     {Dtype::kI8, at::kChar},
     {Dtype::kU8, at::kByte},
     {Dtype::kBool, at::kBool}}};

}  // namespace

TensorSpec spec_of(const std::string& name, const Tensor& tensor) {
  for (const auto& [dtype, scalar_type] : kTypes) {
    if (scalar_type == tensor.scalar_type()) {
      return {.name = name, .dtype = dtype, .shape = tensor.sizes().vec()};
    }
  }
  fail("tensor \"{}\" is of type {}, which safetensors cannot hold",
       name,
       c10::toString(tensor.scalar_type()));
}

std::span<const std::byte> bytes_of(const Tensor& tensor) {
  assert(tensor.is_contiguous() && tensor.is_cpu());
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

Tensor tensor_of(const TensorInfo& info) {
  for (const auto& [dtype, scalar_type] : kTypes) {
    if (dtype == info.dtype) {
      const Tensor tensor = at::empty(info.shape, at::TensorOptions(scalar_type));
      if (!info.bytes.empty()) {
        std::memcpy(tensor.mutable_data_ptr(), info.bytes.data(), info.bytes.size());
      }
      return tensor;
    }
  }
  fail("tensor \"{}\" is of a type that has no tensor", info.name);
}

}  // namespace rq
