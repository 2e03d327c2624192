#include "data/generators/generator.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "data/generators/copying.h"
#include "data/generators/recall_lists.h"
#include "data/generators/worked_mathematics.h"

namespace rq::data {
namespace {

// Adding a generator: one function and one line here.
struct Generator {
  std::string_view name;
  std::string (*write)(Rng& rng, Sizes sizes);
  Sizes sizes;  // its own; {0, 0}: it takes none
};
constexpr Generator kGenerators[] = {
    {.name = "worked-mathematics",
     .write = [](Rng& rng, Sizes) { return worked_mathematics(rng); },
     .sizes = {}},
    {.name = "copying", .write = &copying, .sizes = kCopyingSizes},
    {.name = "recall", .write = &recall_lists, .sizes = kRecallSizes},
};

const Generator& find(std::string_view name) {
  for (const auto& generator : kGenerators) {
    if (generator.name == name) {
      return generator;
    }
  }
  fail("there is no generator \"{}\"", name);
}

}  // namespace

std::vector<std::string_view> generator_names() {
  std::vector<std::string_view> names;
  for (const auto& generator : kGenerators) {
    names.push_back(generator.name);
  }
  return names;
}

Sizes own_sizes(std::string_view name) {
  return find(name).sizes;
}

std::string generate(std::string_view name, std::uint64_t seed, std::int64_t index, Sizes sizes) {
  const Generator& generator = find(name);
  Rng rng(seed, fmt::format("data/generator/{}/{}", name, index));
  return generator.write(rng, sizes.most == 0 ? generator.sizes : sizes);
}

}  // namespace rq::data
