#pragma once
// Floats for loops of whole vectors: they begin on a cache line.

#include "base/huge_memory.h"

namespace rq::kernels::cpu {

using AlignedFloats = HugeFloats;

}  // namespace rq::kernels::cpu
