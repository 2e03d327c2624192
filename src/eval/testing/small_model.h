#pragma once
// A small random model for the tests of this module, with the vocabulary of small_tokenizer().

#include "model/model.h"

namespace rq::eval::testing {

// Latent attention and experts; a context of 256.
const model::Model& small_model();

}  // namespace rq::eval::testing
