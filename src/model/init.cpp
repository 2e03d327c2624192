// Initialisation by role: see initialize_ in model/model.h.

#include <cstdint>
#include <string>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "base/rng.h"
#include "base/tensor.h"
#include "model/model.h"
#include "model/parameters.h"

namespace rq::model {

void initialize_(Model& model, std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  each_tensor(model, [&](const std::string& name, Tensor& tensor, Role role) {
    switch (role) {
      case Role::kMatrix:
      case Role::kEmbedding: {
        const at::Generator generator =
            at::detail::createCPUGenerator(Rng(seed, "init/" + name).next());
        const bool is_input = tensor.is_same(model.embedding);
        const double own_std = is_input ? model.config.embedding_std : 0;
        tensor.normal_(0.0, own_std > 0 ? own_std : model.config.init_std, generator);
        break;
      }
      case Role::kGain:
        tensor.fill_(1.0);
        break;
      case Role::kOffset:
      case Role::kState:
        tensor.zero_();
        break;
    }
  });
}

}  // namespace rq::model
