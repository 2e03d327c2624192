#pragma once
// Random numbers: every draw comes from a named stream of one seed, and a stream's whole state is a
// counter, so that it can be saved, restored, and entered at any point.
//
//   Rng rng(seed, "data/shuffle/epoch-3");
//   const auto i = rng.below(n);
//
// The generator is SplitMix64 run as a counter (Steele, Lea and Flood, 2014): value k of a stream
// is mix(key + k * golden).

#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace rq {

// 64 well-mixed bits from 64.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

class Rng {
 public:
  Rng(std::uint64_t seed, std::string_view stream) : key_(mix64(seed + 0x9e3779b97f4a7c15ULL)) {
    for (const char c : stream) {
      key_ = mix64(key_ ^ (static_cast<unsigned char>(c) + 0x9e3779b97f4a7c15ULL));
    }
  }

  std::uint64_t next() { return mix64(key_ + ++count_ * 0x9e3779b97f4a7c15ULL); }

  // Uniform in [0, n); n > 0. Exact: rejects the uneven tail.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    std::uint64_t x = next();
    while (x >= limit) {
      x = next();
    }
    return x % n;
  }

  // Uniform in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // Standard normal, by Box and Muller; two draws a call.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  // Fisher and Yates.
  template <typename Sequence>
  void shuffle(Sequence& items) {
    for (auto i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(i)]);
    }
  }

  // How many values were drawn; seek() goes back or on to any point.
  std::uint64_t position() const { return count_; }
  void seek(std::uint64_t position) { count_ = position; }

 private:
  std::uint64_t key_ = 0;
  std::uint64_t count_ = 0;
};

// One of the items, all equally likely.
template <typename Items>
const auto& one_of(Rng& rng, const Items& items) {
  return items[rng.below(items.size())];
}

}  // namespace rq
