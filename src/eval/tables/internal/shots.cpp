#include "eval/tables/internal/shots.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/rng.h"

namespace rq::eval {

Shots::Shots(const Task& task,
             const CompiledTask& compiled,
             TaskRows& reader,
             const std::vector<data::Row>& rows)
    : settings_(task.config.shots), compiled_(compiled) {
  if (settings_.count == 0) {
    return;
  }
  is_own_ = settings_.source.files.empty();
  const std::vector<data::Row> others =
      is_own_ ? std::vector<data::Row>()
              : reader.read(settings_.source,
                            compiled.shot_where,
                            settings_.needs.empty() ? task.config.data.needs : settings_.needs);
  for (const data::Row& row : is_own_ ? rows : others) {
    at_row(row, [&] {
      by_group_[compiled.shot_group.text(row.members)].push_back(
          {row.origin, {compiled.question(row.members), compiled.answer(row.members)}});
    });
  }
}

std::vector<const Shots::Shot*> Shots::of(const data::Row& row) const {
  std::vector<const Shot*> chosen;
  if (settings_.count == 0) {
    return chosen;
  }
  const auto found = by_group_.find(compiled_.shot_group.text(row.members));
  std::vector<const Shot*> pool;
  if (found != by_group_.end()) {
    for (const Placed& placed : found->second) {
      if (!is_own_ || placed.origin != row.origin) {
        pool.push_back(&placed.shot);
      }
    }
  }
  const auto count = static_cast<std::size_t>(settings_.count);
  check(pool.size() >= count,
        "{}: {} shots are wanted and {} rows are there to be one",
        row.origin,
        count,
        pool.size());
  if (settings_.select == Select::kDrawn) {
    Rng(static_cast<std::uint64_t>(settings_.seed),
        "shots/" + row.members.dump(-1, ' ', false, Json::error_handler_t::replace))
        .shuffle(pool);
  }
  pool.resize(count);
  return pool;
}

}  // namespace rq::eval
