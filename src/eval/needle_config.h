#pragma once
// What a needle test asks: which lengths and depths, of which kind, how often.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rq::eval {

// What stands in the haystack and what of it is asked.
enum class Variant {
  kSingle,       // one fact
  kMultiKey,     // one fact, among others of the same wording that are not asked
  kMultiNeedle,  // several facts, all of them asked
};
constexpr std::array<std::pair<Variant, std::string_view>, 3> enum_names(Variant) {
  return {{{Variant::kSingle, "single"},
           {Variant::kMultiKey, "multi-key"},
           {Variant::kMultiNeedle, "multi-needle"}}};
}

struct NeedleConfig {
  // Of whole prompts in tokens, question and answer included. Empty: the powers of two from 256 up
  // to the model's context, and the context itself.
  std::vector<std::int64_t> lengths = {};
  // Where the asked fact stands, as a share of the haystack before it. Where several are asked,
  // this is the first one's place, and the others' are drawn.
  std::vector<double> depths = {0, 0.25, 0.5, 0.75, 1};
  std::int64_t needles =
      20;  // prompts a cell, each with facts and a part of the haystack of its own
  std::vector<Variant> variants = {Variant::kSingle};
  std::int64_t distractors = 4;  // multi-key: facts that are not asked, at drawn depths
  std::int64_t facts = 3;        // multi-needle: facts that are asked
  std::int64_t seed = 1;
  std::int64_t batch_tokens = 8192;  // short prompts go through the model together, up to so many

  template <typename Visit>
  void each(Visit&& visit) {
    visit("lengths", lengths);
    visit("depths", depths);
    visit("needles", needles);
    visit("variants", variants);
    visit("distractors", distractors);
    visit("facts", facts);
    visit("seed", seed);
    visit("batch_tokens", batch_tokens);
  }

  // Everything in these values that cannot be, a sentence each; empty when they are sound.
  std::vector<std::string> problems() const;
  // Throws one Error with all of them.
  void validate() const;

  // Facts in a prompt, and those of them that are asked: the first ones.
  std::int64_t stated_facts(Variant variant) const;
  std::int64_t asked_facts(Variant variant) const;
};

// The same with the lengths written out, validated; an Error where one exceeds `context`, with both
// numbers.
NeedleConfig resolve(NeedleConfig config, std::int64_t context);

// `count` depths from 0 to 1 at equal distances; one alone is the middle. An Error where count < 1.
std::vector<double> even_depths(std::int64_t count);

}  // namespace rq::eval
