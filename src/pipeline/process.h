#pragma once
// What a process is to the runner. Each kind is one file in kinds/ with an aggregate of settings
// and a Process on top of it:
//
//   struct TokenizerSettings { std::vector<std::string> from; std::string makes; ... each(),
//   problems() }; class TokenizerProcess : public Process { public: using Settings =
//   TokenizerSettings; Settings settings; ... }; Kind tokenizer_kind() { return
//   kind_of<TokenizerProcess>("tokenizer"); }
//
// and stands in the list of kinds/kinds.cpp. Processes check and run; the runner knows order,
// hashes, folders and costs.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "data/config.h"
#include "model/config.h"
#include "pipeline/cost.h"
#include "pipeline/lengths.h"
#include "pipeline/thing.h"
#include "plan/workload.h"

namespace rq::pipeline {

struct Recipe;

// Something that a process reads, and the setting that names it ("from", "mixture").
struct Input {
  Thing thing = {};
  std::string key = {};
};

// What a process will take, where that is known before it runs; 0 where not.
struct Estimate {
  double tokens = 0;
  double flops = 0;
};

// What a running process works with.
struct Context {
  const Recipe& recipe;    // architectures and other settings by name
  std::uint64_t seed = 0;  // of the recipe; name your streams after yourself
  std::filesystem::path
      output;  // the folder to make the thing in; may hold what an earlier attempt left
  std::filesystem::path work;      // own folder: checkpoints/, metrics.jsonl, log; kept over kills
                                   // while settings and inputs stay
  std::filesystem::path replaced;  // what the work folder held before settings or inputs changed;
                                   // need not exist
  std::filesystem::path cache;     // shared by all runs: fetched packages
  CostMeter& cost;                 // told of tokens and FLOPs as they are spent
  std::function<std::filesystem::path(const Thing&)>
      place;                                  // the folder (or file, if so given) of an input
  std::function<void(std::string_view)> log;  // a line for work/log and the terminal
};

// Thrown by run() where the work waits for people: what they are to do, as a sentence. The run goes
// on with all that does not need it.
class Waiting : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Process {
 public:
  virtual ~Process() = default;

  // All settings, defaults included; together with the inputs they decide whether finished work
  // still stands.
  virtual ConfigNode config() const = 0;
  virtual std::vector<Input> inputs() const = 0;
  virtual Thing makes() const = 0;

  // What its settings and those of its inputs make impossible together, a sentence each that names
  // the keys it is about. Called where all inputs are known; their own values may be unsound.
  virtual std::vector<std::string> problems(const Recipe& /*recipe*/) const { return {}; }
  // What of the outside world it lacks (files of a source); asked only where it is to run.
  virtual std::vector<std::string> missing(const Recipe& /*recipe*/) const { return {}; }
  // A digest of what it reads that no settings describe (files of a source): a change makes it run
  // again. Nothing where that is not there now; what was made of it then stands.
  virtual std::optional<std::string> outside(const Recipe& /*recipe*/) const { return ""; }
  // The shape of the model that it makes, where it makes one and nothing is amiss with its inputs.
  virtual std::optional<model::ModelConfig> model(const Recipe& /*recipe*/) const { return {}; }
  // What the data that it makes hold, where it makes any.
  virtual std::optional<data::Content> content() const { return {}; }
  // How many at most, where that is known.
  virtual std::optional<double> documents(const Recipe& /*recipe*/) const { return {}; }
  // How long they are, likewise.
  virtual std::optional<Lengths> lengths(const Recipe& /*recipe*/) const { return {}; }
  // What there is to compute, for a plan; nothing where that is not worth one.
  virtual std::optional<plan::Workload> workload(const Recipe& /*recipe*/) const { return {}; }
  virtual Estimate estimate(const Recipe& recipe) const;
  // Raised when the same settings come to mean another result.
  virtual int format_version() const { return 1; }
  // Whether the recipe's seed changes the result.
  virtual bool depends_on_seed() const { return true; }

  // Does the work, from where an earlier attempt in the same folders left off. Looks at
  // stop_requested() at least every few seconds and then saves and throws Interrupted. When it
  // returns, the thing is complete in context.output; where people must act first, it throws
  // Waiting.
  virtual void run(Context& context) const = 0;
};

inline Estimate Process::estimate(const Recipe& recipe) const {
  try {
    const auto work = workload(recipe);
    return work ? Estimate{.tokens = plan::all_tokens(*work), .flops = plan::model_flops(*work)}
                : Estimate{};
  } catch (const Error&) {
    return {};  // an existing model that is no longer there: what was made of it stands
  }
}

struct Kind {
  std::string name;  // "pretrain"
  // From the [process.X] table without its `kind`; what is wrong goes to `problems`.
  std::function<std::unique_ptr<Process>(
      const ConfigNode& table, std::string_view path, Problems& problems)>
      read;
};
using Registry = std::vector<Kind>;

// The kind of [evaluation.NAME], which no [process.NAME] has.
inline constexpr std::string_view kEvaluationKind = "evaluation";

template <typename AnyProcess>
Kind kind_of(std::string name) {
  return {std::move(name), [](const ConfigNode& table, std::string_view path, Problems& problems) {
            auto process = std::make_unique<AnyProcess>();
            process->settings = read_config<typename AnyProcess::Settings>(table, path, problems);
            return process;
          }};
}

}  // namespace rq::pipeline
