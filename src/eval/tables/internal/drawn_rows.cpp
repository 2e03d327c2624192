#include "eval/tables/internal/drawn_rows.h"

#include <cstdint>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "reward/problem.h"
#include "reward/problem_generator.h"

namespace rq::eval {

std::vector<data::Row> drawn_rows(const DrawnProblems& drawn) {
  std::vector<data::Row> rows;
  for (const std::string& kind : drawn.kinds) {
    reward::ProblemStream stream({.kinds = {kind},
                                  .least_difficulty = static_cast<int>(drawn.least_difficulty),
                                  .most_difficulty = static_cast<int>(drawn.most_difficulty),
                                  .split = reward::Split::kTest,
                                  .seed = static_cast<std::uint64_t>(drawn.seed)});
    for (std::int64_t i = 0; i < drawn.count; ++i) {
      rows.push_back({.members = parse_json(reward::to_line(stream.next()), kind),
                      .origin = fmt::format("{}:{}", kind, i + 1)});
    }
  }
  return rows;
}

}  // namespace rq::eval
