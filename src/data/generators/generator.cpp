#include "data/generators/generator.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "data/generators/worked_mathematics.h"

namespace rq::data {
namespace {

// Adding a generator: one function and one line here.
struct Generator {
  std::string_view name;
  std::string (*write)(Rng& rng);
};
constexpr Generator kGenerators[] = {{"worked-mathematics", &worked_mathematics}};

}  // namespace

std::vector<std::string_view> generator_names() {
  std::vector<std::string_view> names;
  for (const auto& generator : kGenerators) {
    names.push_back(generator.name);
  }
  return names;
}

std::string generate(std::string_view name, std::uint64_t seed, std::int64_t index) {
  for (const auto& generator : kGenerators) {
    if (generator.name == name) {
      Rng rng(seed, fmt::format("data/generator/{}/{}", name, index));
      return generator.write(rng);
    }
  }
  fail("there is no generator \"{}\"", name);
}

}  // namespace rq::data
