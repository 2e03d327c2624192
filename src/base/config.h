#pragma once
// Settings: one aggregate a component, filled from TOML (or JSON), written back whole.
//
//   enum class Scoring { kSigmoid, kSoftmax };
//   constexpr std::array<std::pair<Scoring, std::string_view>, 2> enum_names(Scoring) {
//     return {{{Scoring::kSigmoid, "sigmoid"}, {Scoring::kSoftmax, "softmax"}}};
//   }
//   struct MoeConfig {
//     int64_t experts = 256;
//     Scoring scoring = Scoring::kSigmoid;
//     template <typename Visit> void each(Visit&& visit) { visit("experts", experts);
//     visit("scoring", scoring); }
//   };
//
//   Problems problems;
//   const auto moe = read_config<MoeConfig>(parse_toml(text, "recipe.toml"), "moe", problems);
//   problems.throw_if_any();
//
// An aggregate may have
//   static constexpr std::array<std::string_view, N> kRequired = {"makes"};   keys that must be
//   written std::vector<std::string> problems() const;   or   void validate() const;  what its
//   values cannot be. Each sentence names the keys it is about: where one of them could not be
//   read, the sentence is left out.
// Fields may be bool, integers, double, std::string, enums with enum_names, std::vector,
// std::map<std::string, T>, std::optional (absent: none; so its default must be none), and
// aggregates. An integer may be written 1e6, a double 1.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config_node.h"
#include "base/each.h"
#include "base/json.h"

namespace rq {

// Sentences about wrong input, gathered so that the user sees all of them at once.
class Problems {
 public:
  void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }
  bool empty() const { return sentences_.empty(); }
  std::size_t size() const { return sentences_.size(); }
  const std::vector<std::string>& sentences() const { return sentences_; }
  // One Error with a sentence a line.
  void throw_if_any() const;

  // Notes that the setting at `path` ("model.moe.top_k") is at its default only because what was
  // written could not be read.
  void doubt(std::string path) { doubtful_.push_back(std::move(path)); }
  // Whether a sentence about the values within `path` names a doubtful one, and would thus speak of
  // a default that nobody chose. An empty path is the whole tree.
  bool is_doubtful(std::string_view path, std::string_view sentence) const;

 private:
  std::vector<std::string> sentences_, doubtful_;
};

// Fills a T from a table; `path` is its name in messages ("process.pretrain"). Whatever is wrong
// goes to `problems`: unknown keys with the nearest known one, wrong types with the value, missing
// keys, values that cannot be.
template <typename T>
T read_config(const ConfigNode& node, std::string_view path, Problems& problems);
// The same, throwing all problems as one Error.
template <typename T>
T read_config(const ConfigNode& node, std::string_view path);

// The check for unknown keys alone, for tables that are read piece by piece.
void check_keys(const ConfigNode& table,
                std::string_view path,
                const std::vector<std::string>& known,
                Problems& problems);

// Every key of an aggregate with its value, defaults included. Reading it gives the same aggregate.
template <typename T>
ConfigNode write_config(const T& config);
template <typename T>
  requires HasFields<T>
std::string to_toml(const T& config);
template <typename T>
  requires HasFields<T>
Json to_json(const T& config);

// The name of an enum's value, by its enum_names.
template <typename Enum>
std::string_view enum_name(Enum value);

}  // namespace rq

#include "base/internal/config_read.h"   // IWYU pragma: keep
#include "base/internal/config_write.h"  // IWYU pragma: keep
