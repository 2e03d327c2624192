#pragma once
// Private to hf_weights: which tensor of a checkpoint is which part of the network. One list serves
// reading and writing.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.h"
#include "model/model.h"

namespace rq::model::internal {

struct HfTensor {
  std::string name;
  Tensor view;  // the part of the network, contiguous, of the checkpoint's shape
  bool is_copy =
      false;  // repeats another tensor or is empty: written, but may be absent and is not read
};

// The prefix of layer `layer`; the MTP layers follow the others.
std::string layer_prefix(std::int64_t layer);

// Every tensor of the checkpoint of `model`. Where `has_stack(name)` says so, the experts of a
// layer are one tensor of that name.
std::vector<HfTensor> hf_tensors(const Model& model,
                                 const std::function<bool(const std::string& name)>& has_stack);

// Tensors that some writers add and that hold nothing: rotary buffers, a tied head, copies for MTP.
bool is_ignorable(const std::string& name, const ModelConfig& config);

}  // namespace rq::model::internal
