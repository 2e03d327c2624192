#pragma once
// The grain of the cache.

#include "kernels/cpu/cached_attention.h"

namespace rq::generate {

using kernels::cpu::kPageTokens;  // positions that a page holds

}  // namespace rq::generate
