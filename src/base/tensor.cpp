#include "base/tensor.h"

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

namespace rq {

Tensor tensor_from(const std::vector<float>& values, at::IntArrayRef sizes) {
  return at::tensor(values, at::kFloat).reshape(sizes);
}

template <typename T>
std::vector<T> to_vector(const Tensor& tensor) {
  const Tensor flat = tensor.detach().cpu().to(c10::CppTypeToScalarType<T>::value).contiguous();
  const T* const first = flat.const_data_ptr<T>();
  return {first, first + flat.numel()};
}

template std::vector<float> to_vector(const Tensor&);
template std::vector<double> to_vector(const Tensor&);
template std::vector<int> to_vector(const Tensor&);
template std::vector<std::int64_t> to_vector(const Tensor&);

}  // namespace rq
