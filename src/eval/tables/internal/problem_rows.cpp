#include "eval/tables/internal/problem_rows.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/format.h"
#include "base/json.h"
#include "reward/problem.h"
#include "reward/problem_files.h"
#include "reward/problem_generator.h"

namespace rq::eval {

std::vector<data::Row> problem_rows(const ProblemSource& source,
                                    const std::filesystem::path& folder) {
  std::vector<data::Row> rows;
  const auto add = [&](const reward::Problem& problem, const std::string& from, std::int64_t i) {
    rows.push_back({.members = parse_json(reward::to_line(problem), from),
                    .origin = fmt::format("{}:{}", from, i + 1)});
  };
  for (const std::string& kind : source.kinds) {
    reward::ProblemStream stream({.kinds = {kind},
                                  .least_difficulty = static_cast<int>(source.least_difficulty),
                                  .most_difficulty = static_cast<int>(source.most_difficulty),
                                  .split = reward::Split::kTest,
                                  .seed = static_cast<std::uint64_t>(source.seed)});
    for (std::int64_t i = 0; i < source.count; ++i) {
      add(stream.next(), kind, i);
    }
  }
  for (const std::string& file : source.files) {
    const std::vector<reward::Problem> problems = reward::read_problems(folder / file).problems;
    for (std::int64_t i = 0; i < std::ssize(problems); ++i) {
      add(problems[static_cast<std::size_t>(i)], file, i);
    }
  }
  return rows;
}

}  // namespace rq::eval
