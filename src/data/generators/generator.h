#pragma once
// Documents that programs of ours write: endless, seeded, and each one independent of the others.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/generators/sizes.h"

namespace rq::data {

// Names that generate() knows.
std::vector<std::string_view> generator_names();

// What a document's size is drawn from where nothing else is said; {0, 0} where a generator takes
// no sizes. An unknown name is an Error.
Sizes own_sizes(std::string_view name);

// Document `index` of the generator `name`: the same seed, index and sizes give the same bytes.
// Sizes {0, 0} are its own. An unknown name is an Error.
std::string generate(std::string_view name,
                     std::uint64_t seed,
                     std::int64_t index,
                     Sizes sizes = {});

}  // namespace rq::data
