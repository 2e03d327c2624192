#include "base/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/format.h"

namespace rq {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFirstDraw_s = 0.5;
constexpr double kTerminalPeriod_s = 0.1;
constexpr double kPlainPeriod_s = 10.0;
constexpr int kBarWidth = 24;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string draw_bar(double share) {
  const int filled = static_cast<int>(std::lround(share * kBarWidth));
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) {
    bar += i < filled ? "█" : "░";
  }
  return bar;
}

}  // namespace

Progress::Progress(std::string_view title, std::int64_t total, std::string_view unit)
    : title_(title),
      unit_(unit),
      total_(total),
      began_(Clock::now()),
      drawn_(began_),
      is_terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  finish();
}

void Progress::resume_at(std::int64_t done) {
  start_ = done_ = done;
}

void Progress::update(std::int64_t done, std::string_view note) {
  done_ = done;
  note_ = note;
  const auto now = Clock::now();
  const double period = is_terminal_ ? kTerminalPeriod_s : kPlainPeriod_s;
  const double since = seconds_between(drawn_, now);
  if (has_drawn_ ? since >= period : seconds_between(began_, now) >= kFirstDraw_s) {
    draw(done, note, /*last=*/false);
    drawn_ = now;
    has_drawn_ = true;
  }
}

void Progress::finish() {
  if (is_finished_) {
    return;
  }
  is_finished_ = true;
  if (has_drawn_) {
    draw(done_, note_, /*last=*/true);
  }
}

void Progress::draw(std::int64_t done, std::string_view note, bool last) {
  const double elapsed = seconds_between(began_, Clock::now());
  const double rate = static_cast<double>(done - start_) / std::max(elapsed, 1e-9);
  std::string line = title_;
  if (total_ > 0) {
    const double share =
        std::clamp(static_cast<double>(done) / static_cast<double>(total_), 0.0, 1.0);
    line += fmt::format(" {} {:3.0f}%", draw_bar(share), 100 * share);
  }
  line += fmt::format(
      " {} {}, {}/s", format_count(static_cast<double>(done)), unit_, format_count(rate));
  if (last) {
    line += fmt::format(", took {}", format_duration(elapsed));
  } else if (total_ > 0 && rate > 0) {
    line += fmt::format(", {} left", format_duration(static_cast<double>(total_ - done) / rate));
  }
  if (!note.empty()) {
    line += fmt::format(" | {}", note);
  }
  const char* const frame = is_terminal_ ? "\r\033[K" : "";
  const char* const end = is_terminal_ && !last ? "" : "\n";
  std::fputs(fmt::format("{}{}{}", frame, line, end).c_str(), stderr);
  std::fflush(stderr);
}

std::string format_duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole >= 3600) {
    return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
  }
  return whole >= 60 ? fmt::format("{}m {:02}s", whole / 60, whole % 60)
                     : fmt::format("{:.1f} s", seconds);
}

std::string format_count(double count) {
  constexpr std::array kUnits{"", "K", "M", "B", "T"};
  std::size_t unit = 0;
  while (std::abs(count) >= 1000 && unit + 1 < kUnits.size()) {
    count /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{:.0f}", count) : fmt::format("{:.1f}{}", count, kUnits[unit]);
}

std::string format_bytes(double bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, kUnits[unit]);
}

}  // namespace rq
