#pragma once
// A longer context for a trained network (DeepSeek-V3 §4.3): the same weights, other rotary
// frequencies and softmax scale.

#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"

namespace rq::model {

// How positions beyond the trained context are reached. Defaults are DeepSeek-V3's.
struct ContextExtension {
  RopeScaling scaling = RopeScaling::kYarn;  // none and linear are there to compare with
  double factor = 0;                         // s; 0: the new context over the original one
  double beta_slow = 1;                      // YaRN's alpha
  double beta_fast = 32;                     // YaRN's beta
  double mscale = 1;                         // as in RopeConfig
  double mscale_all_dim = 1;                 // as in RopeConfig

  template <typename Visit>
  void each(Visit&& visit) {
    visit("scaling", scaling);
    visit("factor", factor);
    visit("beta_slow", beta_slow);
    visit("beta_fast", beta_fast);
    visit("mscale", mscale);
    visit("mscale_all_dim", mscale_all_dim);
  }
};

// The context that the network was trained at before any extension, in tokens.
int64_t original_context(const ModelConfig& config);

// What makes the extension impossible, a sentence each.
std::vector<std::string> extension_problems(const ModelConfig& config,
                                            int64_t context,
                                            const ContextExtension& extension);

// `config` with positions up to `context`. The frequencies are computed from the *original*
// context, also in a second extension: 4K -> 32K -> 128K has the factors 8 and 32. Throws one Error
// with all problems.
ModelConfig extended(ModelConfig config, int64_t context, const ContextExtension& extension);

}  // namespace rq::model
