#pragma once
// Vectors of floats in and out of memory that is aligned to a float alone. One at a time: compilers
// keep an array of vectors in registers only where nobody takes its address as a whole. Private to
// kernels/cpu.

#include <cstring>

namespace rq::kernels::cpu {

template <typename Vector>
Vector load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename Vector>
void store(Vector vector, float* to) {
  std::memcpy(to, &vector, sizeof vector);
}

// Sets all vectors of an array to zero, in registers.
template <typename Vector, int kCount>
void clear(Vector (&vectors)[kCount]) {
  for (Vector& each : vectors) {
    each = Vector{};
  }
}
template <typename Vector, int kRows, int kCount>
void clear(Vector (&vectors)[kRows][kCount]) {
  for (auto& row : vectors) {
    clear(row);
  }
}

}  // namespace rq::kernels::cpu
