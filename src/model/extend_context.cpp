#include "model/extend_context.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"

namespace rq::model {
namespace {

double factor_of(const ModelConfig& config, int64_t context) {
  return static_cast<double>(context) / static_cast<double>(original_context(config));
}

}  // namespace

int64_t original_context(const ModelConfig& config) {
  const RopeConfig& rope = config.attention.rope;
  return rope.scaling == RopeScaling::kNone ? config.context : rope.original_context;
}

std::vector<std::string> extension_problems(const ModelConfig& config,
                                            int64_t context,
                                            const ContextExtension& extension) {
  std::vector<std::string> found;
  if (context < config.context) {
    found.push_back(fmt::format(
        "context={} is below the {} that the model has already", context, config.context));
  }
  const double factor = factor_of(config, context);
  if (extension.factor != 0 && std::abs(extension.factor - factor) > 1e-6 * factor) {
    found.push_back(
        fmt::format("rope.factor={} disagrees with the contexts: {} over the original "
                    "{} is {}; leave it out",
                    extension.factor,
                    context,
                    original_context(config),
                    factor));
  }
  if (extension.scaling == RopeScaling::kLlama3) {
    found.emplace_back("rope.scaling=llama3 is read, not trained: use yarn, linear or none");
  }
  if (extension.beta_fast <= extension.beta_slow) {
    found.push_back(fmt::format("rope.beta_fast={} must exceed rope.beta_slow={}",
                                extension.beta_fast,
                                extension.beta_slow));
  }
  return found;
}

ModelConfig extended(ModelConfig config, int64_t context, const ContextExtension& extension) {
  const auto found = extension_problems(config, context, extension);
  check(found.empty(), "{}", fmt::join(found, "; "));
  RopeConfig& rope = config.attention.rope;
  rope.factor = factor_of(config, context);
  rope.original_context = original_context(config);
  rope.scaling = extension.scaling;
  rope.beta_slow = extension.beta_slow;
  rope.beta_fast = extension.beta_fast;
  rope.mscale = extension.mscale;
  rope.mscale_all_dim =
      extension.scaling == RopeScaling::kYarn ? extension.mscale_all_dim : 0;  // YaRN's alone
  config.context = context;
  return config;
}

}  // namespace rq::model
