#include "eval/tables/internal/task_rows.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/hash.h"
#include "base/rng.h"

namespace rq::eval {

std::vector<data::Row> TaskRows::read(const data::RowSource& source,
                                      const Expression& where,
                                      const std::vector<std::string>& needs) {
  return keep(data::read_rows(folder_, source), where, needs);
}

std::vector<data::Row> TaskRows::own() const {
  std::vector<data::Row> rows = data::read_rows(folder_, task_.config.data.source);
  const JoinSettings& join = task_.config.data.join;
  if (join.on.empty()) {
    return rows;
  }
  const auto key_of = [&](const data::Row& row) {
    check(row.members.contains(join.on),
          "{}: there is no member \"{}\", which data.join.on names",
          row.origin,
          join.on);
    return row.members[join.on].dump();
  };
  std::map<std::string, Json> others;
  for (data::Row& other : data::read_rows(folder_, join.source)) {
    others.emplace(key_of(other), std::move(other.members));
  }
  for (data::Row& row : rows) {
    const auto found = others.find(key_of(row));
    check(found != others.end(),
          "{}: no row of {} has the same {}",
          row.origin,
          fmt::join(join.source.files, ", "),
          join.on);
    row.members["joined"] = found->second;
  }
  return rows;
}

std::vector<data::Row> TaskRows::keep(std::vector<data::Row> all,
                                      const Expression& where,
                                      const std::vector<std::string>& needs) {
  std::vector<data::Row> rows;
  for (data::Row& row : all) {
    for (const std::string& name : needs) {
      check(row.members.contains(name),
            "{}: there is no member \"{}\", which the task {} needs",
            row.origin,
            name,
            task_.name);
    }
    const bool is_wanted = at_row(row, [&] {
      extend(row.members);
      return where.empty() || is_true(where(row.members));
    });
    if (is_wanted) {
      digests_ += row.members.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string TaskRows::digest() const {
  return sha256(digests_);
}

void TaskRows::extend(Json& members) const {
  for (const auto& [name, expression] : compiled_.set) {
    members[name] = expression(members);
  }
  if (compiled_.shuffle.empty()) {
    return;
  }
  const Json options = compiled_.shuffle(members);
  check(options.is_array() && !options.empty(), "data.shuffle is no list of choices");
  std::vector<std::size_t> order(options.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  Rng(static_cast<std::uint64_t>(task_.config.sampling.seed), "shuffle/" + options.dump())
      .shuffle(order);
  members["options"] = Json::array();
  for (std::size_t i = 0; i < order.size(); ++i) {
    members["options"].push_back(options[order[i]]);
    if (order[i] == 0) {
      members["right"] = static_cast<std::int64_t>(i);
    }
  }
}

}  // namespace rq::eval
