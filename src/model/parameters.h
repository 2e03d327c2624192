#pragma once
// One list serves every use of a network's tensors: each part names its tensors in each(visit), and
// each_tensor() walks the parts, handing out dotted names. Names, checkpoints, optimizer groups,
// initialisation and counts all come from it.
//
//   each_tensor(model, [](const std::string& name, Tensor& tensor, Role role) { ... });

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/tensor.h"

namespace rq::model {

// What a tensor is to initialisation and to the optimizer.
enum class Role {
  kMatrix,     // a product's matrix, or a stack of them: decays
  kEmbedding,  // the embedding or the head: decays, its rows are tokens
  kGain,       // a norm's weight: starts at one, does not decay
  kOffset,     // a product's bias: starts at zero, does not decay
  kState,      // not learned by gradients: the experts' selection bias
};

template <typename Use>
class TensorWalk {
 public:
  TensorWalk(Use& use, std::string prefix) : use_(use), prefix_(std::move(prefix)) {}

  // Tensors that this configuration does not have are undefined, and skipped.
  void operator()(std::string_view name, Tensor& tensor, Role role) const {
    if (tensor.defined()) {
      use_(prefix_ + std::string(name), tensor, role);
    }
  }
  template <typename Part>
  void operator()(std::string_view name, Part& part) const {
    part.each(TensorWalk(use_, prefix_ + std::string(name) + "."));
  }
  template <typename Part>
  void operator()(std::string_view name, std::optional<Part>& part) const {
    if (part) {
      (*this)(name, *part);
    }
  }
  template <typename... Parts>
  void operator()(std::string_view name, std::variant<Parts...>& part) const {
    std::visit([&](auto& held) { (*this)(name, held); }, part);
  }
  template <typename Part>
  void operator()(std::string_view name, std::vector<Part>& parts) const {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      (*this)(std::string(name) + "." + std::to_string(i), parts[i]);
    }
  }

 private:
  Use& use_;
  std::string prefix_;
};

// Calls use(name, tensor, role) for every tensor of `root`, in the order in which its parts list
// them.
template <typename Root, typename Use>
void each_tensor(Root& root, Use&& use) {
  root.each(TensorWalk<std::remove_reference_t<Use>>(use, ""));
}

}  // namespace rq::model
