#include "pipeline/internal/attempt.h"

#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/files.h"
#include "base/progress.h"
#include "base/signals.h"
#include "pipeline/cost.h"
#include "pipeline/process.h"

namespace rq::pipeline::internal {

namespace fs = std::filesystem;

namespace {

std::string utc_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// Unique among the attempts of one run folder, whose lock admits one process at a time.
std::string attempt_id() {
  return fmt::format("{}-{}",
                     std::chrono::system_clock::now().time_since_epoch().count(),
                     static_cast<std::int64_t>(::getpid()));
}

void write_log(const Workplace& workplace, const Node& node, std::string_view text) {
  append_line(workplace.folder.work(node.work_folder) / "log",
              fmt::format("{} {}", utc_time(), text));
}

// Where a thing lies: where the recipe says, or in the run folder.
fs::path place(const Workplace& workplace, const Thing& thing) {
  if (thing.type == ThingType::kModel || thing.type == ThingType::kTokenizer) {
    const Recipe& recipe = workplace.recipe;
    for (const auto& box : thing.type == ThingType::kModel ? recipe.models : recipe.tokenizers) {
      if (box.name == thing.name) {
        return recipe.resolve(box.value.path);
      }
    }
  }
  return workplace.folder.root() / place_of(thing);
}

void work(const Node& node, const Workplace& workplace, CostMeter& meter) {
  const auto log = [&](std::string_view text) {
    write_log(workplace, node, text);
    workplace.say(text);
  };
  Context context{.recipe = workplace.recipe,
                  .seed = static_cast<std::uint64_t>(workplace.recipe.seed),
                  .output = workplace.folder.output(node),
                  .work = workplace.folder.work(node.work_folder),
                  .replaced = workplace.folder.replaced_work(node.work_folder),
                  .cache = workplace.cache,
                  .cost = meter,
                  .place = [&](const Thing& thing) { return place(workplace, thing); },
                  .log = log};
  node.process->run(context);
  check(fs::exists(context.output), "it ended without making {}", context.output.string());
  workplace.folder.finish(node);
}

}  // namespace

void attempt(const Node& node,
             const Prediction& prediction,
             const Ledger& ledger,
             const Workplace& workplace) {
  const fs::path heartbeat = workplace.folder.heartbeat(node.work_folder);
  CostMeter meter({.id = attempt_id(),
                   .node = node.id,
                   .kind = node.kind,
                   .hash = node.hash,
                   .began = utc_time(),
                   .predicted_wall_s = prediction.wall_s,
                   .predicted_peak_memory_bytes = prediction.peak_memory_bytes},
                  heartbeat);
  const auto record = [&](Outcome outcome, const std::string& text) {
    ledger.append(meter.finish(outcome));
    fs::remove(heartbeat);
    write_log(workplace, node, text);
  };
  // Where the disk is full not even this can be written. The failure is what the user must hear of;
  // the heartbeat stays, and the next run settles it.
  const auto try_to_record = [&](Outcome outcome, const std::string& text) {
    try {
      record(outcome, text);
    } catch (const std::exception&) {
    }
  };
  try {
    work(node, workplace, meter);
  } catch (const Interrupted& interrupted) {
    try_to_record(Outcome::kStopped, interrupted.what());
    throw;
  } catch (const Waiting& waiting) {
    try_to_record(Outcome::kWaiting, waiting.what());
    throw Waiting(fmt::format("{}: {}", node.id, waiting.what()));
  } catch (const MachineError& error) {
    try_to_record(Outcome::kFailed, error.what());
    throw MachineError(fmt::format("{}: {}", node.id, error.what()), error.where());
  } catch (const Error& error) {
    try_to_record(Outcome::kFailed, error.what());
    throw Error(fmt::format("{}: {}", node.id, error.what()), error.where());
  } catch (const std::exception& error) {
    try_to_record(Outcome::kFailed, error.what());
    throw;
  }
  const std::string text = fmt::format("done in {}", format_duration(meter.cost().wall_s));
  record(Outcome::kDone, text);
  workplace.say(fmt::format("{}: {}", node.id, text));
}

}  // namespace rq::pipeline::internal
