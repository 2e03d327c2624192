#pragma once
// One random model with V3's parts for the tests of this module.

#include "model/model.h"
#include "model/testing/tiny_models.h"

namespace rq::generate::testing {

// 50 tokens, a context of 40.
inline const model::Model& small_model() {
  static const model::Model model = [] {
    model::ModelConfig config = model::testing::tiny_v3();
    config.vocab_size = 50;
    config.width = 32;
    config.context = 40;
    return model::testing::made(config);
  }();
  return model;
}

}  // namespace rq::generate::testing
