#pragma once
// Documents that programs of ours write: endless, seeded, and each one independent of the others.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rq::data {

// Names that generate() knows.
std::vector<std::string_view> generator_names();

// Document `index` of the generator `name`: the same seed and index give the same bytes. An unknown
// name is an Error.
std::string generate(std::string_view name, std::uint64_t seed, std::int64_t index);

}  // namespace rq::data
