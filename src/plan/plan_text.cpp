// How a plan is told to people: one table of all processes, and one page on each.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "base/progress.h"
#include "plan/whole_plan.h"

namespace rq::plan {
namespace {

using Row = std::vector<std::string>;

// Columns as wide as they need; the first so many are flush left.
std::string layout(const std::vector<Row>& table, std::size_t left) {
  std::vector<std::size_t> widths(table.front().size());
  for (const Row& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Row& row : table) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i < left || i + 1 == widths.size() ? fmt::format("{:<{}}  ", row[i], widths[i])
                                                 : fmt::format("{:>{}}  ", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string days(double seconds) {
  constexpr double kSecondsADay = 86'400;
  return seconds < 3 * kSecondsADay ? format_duration(seconds)
                                    : fmt::format("{:.1f} days", seconds / kSecondsADay);
}

// Large enough that two published figures can be told apart: "2664K", "29.5K", "1210".
std::string hours(double value) {
  return value < 10        ? fmt::format("{:.3f}", value)
         : value < 10'000  ? fmt::format("{:.0f}", value)
         : value < 100'000 ? fmt::format("{:.1f}K", value / 1e3)
                           : fmt::format("{:.0f}K", value / 1e3);
}

std::string dollars(double value) {
  return value < 1000  ? fmt::format("{:.2f}", value)
         : value < 1e6 ? fmt::format("{:.1f}K", value / 1e3)
                       : fmt::format("{:.3f}M", value / 1e6);
}

// "pretrain" of "process.pretrain".
std::string short_name(const Workload& work) {
  constexpr std::string_view kPrefix = "process.";
  return work.name.starts_with(kPrefix) ? work.name.substr(kPrefix.size()) : work.name;
}

std::string energy(double kilowatt_hours) {
  return kilowatt_hours == 0     ? "-"
         : kilowatt_hours < 1000 ? fmt::format("{:.1f} kWh", kilowatt_hours)
                                 : fmt::format("{:.1f} MWh", kilowatt_hours / 1000);
}

std::string gigabytes(double bytes) {
  return bytes < 1e10 ? fmt::format("{:.2f} GB", bytes / 1e9)
                      : fmt::format("{:.1f} GB", bytes / 1e9);
}

// In training, and where it is another one in drawing answers: "45.0%, 6.1%".
std::string reached(const PlannedProcess& process) {
  const auto [training, generation] = process.efficiency;
  const bool trains = process.work.tokens > 0, draws = process.work.generation.answers > 0;
  return fmt::format(
      "{}{}{}",
      trains || !draws ? fmt::format("{:.1f}%", 100 * training) : "",
      trains && draws && generation != training ? ", " : "",
      draws && (!trains || generation != training) ? fmt::format("{:.1f}%", 100 * generation) : "");
}

Row process_row(const PlannedProcess& process, double all_hours) {
  const ProcessPlan& plan = process.plan;
  return {short_name(process.work),
          format_count(all_tokens(process.work)),
          fmt::format("{:.2e}", plan.flops),
          days(plan.seconds),
          hours(plan.device_hours),
          fmt::format("{:.2f}%", all_hours > 0 ? 100 * plan.device_hours / all_hours : 0),
          dollars(plan.dollars),
          energy(plan.kilowatt_hours),
          gigabytes(plan.memory.total()) + (plan.misfit ? " (!)" : ""),
          fmt::format("{:.1f}%", 100 * plan.bubble_share),
          reached(process),
          describe(plan.mesh)};
}

std::string process_table(const WholePlan& whole) {
  const Totals sum = whole.totals();
  std::vector<Row> table = {{"process",
                             "tokens",
                             "FLOPs",
                             "wall",
                             "device-hours",
                             "share",
                             "dollars",
                             "energy",
                             "memory",
                             "bubble",
                             "reached",
                             "mesh"}};
  for (const PlannedProcess& process : whole.processes) {
    table.push_back(process_row(process, sum.device_hours));
  }
  table.push_back({"all",
                   "",
                   "",
                   days(sum.seconds),
                   hours(sum.device_hours),
                   "",
                   dollars(sum.dollars),
                   energy(sum.kilowatt_hours),
                   gigabytes(sum.memory_bytes),
                   "",
                   "",
                   ""});
  return layout(table, 1);
}

std::string sensitivity_table(const WholePlan& whole) {
  std::vector<Row> table = {{"times as efficient", "wall", "device-hours", "dollars", ""}};
  for (const double factor : {0.5, 0.8, 1.0, 1.25, 2.0}) {
    const Totals sum = with_efficiency(whole, factor).totals();
    table.push_back({fmt::format("{:.2f}", factor),
                     days(sum.seconds),
                     hours(sum.device_hours),
                     dollars(sum.dollars),
                     ""});
  }
  return layout(table, 1);
}

// Named numbers of a kind, with their shares of the sum; those that are 0 are left out.
template <typename Parts, typename Format>
std::string parts_table(std::string_view title, Parts parts, const Format& format) {
  double sum = 0;
  parts.each([&](std::string_view, double value) { sum += value; });
  std::vector<Row> table = {{std::string(title), "", "", ""}};
  const auto add = [&](std::string_view name, double value) {
    if (value > 0) {
      table.push_back(
          {"  " + std::string(name), format(value), fmt::format("{:.1f}%", 100 * value / sum), ""});
    }
  };
  parts.each(add);
  add("all", sum);
  return layout(table, 1);
}

std::string parameters_text(const model::ModelConfig& shape) {
  const ParameterCount count = count_parameters(shape);
  std::string text = fmt::format("  parameters: {} stored, {} activated",
                                 format_count(static_cast<double>(count.stored.total())),
                                 format_count(static_cast<double>(count.activated.total())));
  if (count.prediction > 0) {
    text += fmt::format(", and {} ({}) in prediction layers",
                        format_count(static_cast<double>(count.prediction)),
                        format_count(static_cast<double>(count.prediction_activated)));
  }
  return text + "\n";
}

std::string recompute_table(const ProcessPlan& plan, const Device& device) {
  std::vector<Row> table = {{"  recompute", "activations", "in all", ""}};
  for (std::size_t i = 0; i < plan.by_recompute.size(); ++i) {
    const Memory& memory = plan.by_recompute[i];
    table.push_back({fmt::format("    {}", enum_name(static_cast<Recompute>(i))),
                     gigabytes(memory.activations + memory.workspace),
                     gigabytes(memory.total()),
                     memory.total() > device.memory_bytes() ? "does not fit" : ""});
  }
  return layout(table, 1);
}

}  // namespace

std::string summary_text(const WholePlan& whole) {
  const Device& device = whole.cluster.device;
  std::string text = fmt::format("{} on {} x {} ({:.0f} GB, {:.2f} dollars an hour)\n{}\n\n",
                                 whole.name,
                                 whole.cluster.devices,
                                 device.title,
                                 device.memory_gb,
                                 device.dollars_per_hour,
                                 whole.efficiency_origin);
  text += process_table(whole);
  for (const PlannedProcess& process : whole.processes) {
    if (process.plan.misfit) {
      text +=
          fmt::format("\n  {} does not fit. {}\n", short_name(process.work), *process.plan.misfit);
    }
  }
  std::vector<std::string> assumed;
  for (const PlannedProcess& process : whole.processes) {
    for (const std::string& sentence : process.work.assumptions) {
      if (std::ranges::find(assumed, sentence) == assumed.end()) {
        assumed.push_back(sentence);
      }
    }
  }
  for (const std::string& sentence : assumed) {
    text += fmt::format("{}  assumed: {}\n", sentence == assumed.front() ? "\n" : "", sentence);
  }
  return text + "\n" + sensitivity_table(whole);
}

std::string details_text(const PlannedProcess& process, const Device& device) {
  const ProcessPlan& plan = process.plan;
  const auto count = [](double value) { return fmt::format("{:.3g}", value); };
  std::string text = fmt::format("\n{} ({}), {}\n{}",
                                 short_name(process.work),
                                 process.work.kind,
                                 describe(plan.mesh),
                                 parameters_text(process.work.shape));
  text += parts_table(fmt::format("operations a token, forward, at {:.0f} tokens of context",
                                  process.work.row_tokens),
                      plan.forward,
                      count);
  text += parts_table(
      fmt::format("memory of the fullest rank, of {}", gigabytes(device.memory_bytes())),
      plan.memory,
      gigabytes);
  if (process.work.tokens > 0) {
    text += recompute_table(plan, device);
    text += fmt::format(
        "  a step: {:.3g} s = {:.3g} of work + {:.3g} of bubble + {:.3g} of links; {:.0f} steps\n",
        plan.step.total(),
        plan.step.work,
        plan.step.bubble,
        plan.step.links,
        process.work.steps());
  }
  if (plan.mesh.devices() > 1 && process.work.tokens > 0) {
    text += parts_table("sent by a rank in a step", plan.traffic, gigabytes);
  }
  if (plan.generation.seconds > 0) {
    text += fmt::format(
        "  generation: {:.0f} groups of {:.0f} devices, {:.3g} answers at once in each, {:.3g} ms "
        "a "
        "token, {} in all\n",
        plan.generation.groups,
        plan.generation.ranks,
        plan.generation.at_once,
        1000 * plan.generation.token_s,
        days(plan.generation.seconds));
  }
  return text;
}

}  // namespace rq::plan
