#include "eval/needle_report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/config.h"
#include "base/format.h"
#include "eval/interval.h"

namespace rq::eval {
namespace {

using Hits = std::int64_t NeedleCell::*;

const NeedleCell& cell_at(const NeedleMap& map,
                          std::size_t variant,
                          std::size_t length,
                          std::size_t depth) {
  const auto lengths = map.config.lengths.size(), depths = map.config.depths.size();
  return map.cells.at((variant * lengths + length) * depths + depth);
}

std::string table_of(const NeedleMap& map, std::size_t variant, Hits hits, std::string_view how) {
  std::string text = fmt::format("{}, found by {}, % of {} prompts a cell\n{:>8}",
                                 enum_name(map.config.variants[variant]),
                                 how,
                                 map.config.needles,
                                 "depth");
  for (const std::int64_t length : map.config.lengths) {
    text += fmt::format("{:>9}", length);
  }
  text += "\n";
  for (std::size_t depth = 0; depth < map.config.depths.size(); ++depth) {
    text += fmt::format("{:>6.0f} %", 100 * map.config.depths[depth]);
    for (std::size_t length = 0; length < map.config.lengths.size(); ++length) {
      const NeedleCell& cell = cell_at(map, variant, length, depth);
      text += fmt::format("{:>9}", percent(cell.*hits, cell.trials));
    }
    text += "\n";
  }
  return text;
}

Json json_of(std::int64_t hits, std::int64_t trials) {
  const Interval interval = wilson_interval(hits, trials);
  return {{"hits", hits},
          {"share", static_cast<double>(hits) / static_cast<double>(trials)},
          {"low", interval.low},
          {"high", interval.high}};
}

}  // namespace

std::string to_table(const NeedleMap& map) {
  std::string text;
  for (std::size_t variant = 0; variant < map.config.variants.size(); ++variant) {
    const std::string by_generation =
        table_of(map, variant, &NeedleCell::hits_by_generation, "generation");
    text += (variant == 0 ? "" : "\n") + by_generation;
    const bool differ = std::any_of(map.cells.begin(), map.cells.end(), [&](const auto& cell) {
      return cell.place.variant == map.config.variants[variant] &&
             cell.hits_by_probability != cell.hits_by_generation;
    });
    text += differ
                ? "\n" + table_of(map, variant, &NeedleCell::hits_by_probability, "log-probability")
                : "By log-probability as many in every cell.\n";
  }
  return text;
}

Json to_json(const NeedleMap& map) {
  Json cells = Json::array();
  for (const NeedleCell& cell : map.cells) {
    cells.push_back({{"variant", enum_name(cell.place.variant)},
                     {"length", cell.place.length},
                     {"depth", cell.place.depth},
                     {"mean_depth", cell.mean_depth},
                     {"trials", cell.trials},
                     {"by_probability", json_of(cell.hits_by_probability, cell.trials)},
                     {"by_generation", json_of(cell.hits_by_generation, cell.trials)}});
  }
  return {{"config", rq::to_json(map.config)}, {"cells", cells}};
}

}  // namespace rq::eval
