#include "report/internal/curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "report/internal/lines.h"

namespace rq::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // written as null

// Whether a loss stands out from those just before it: above their median by six times their median
// distance from it, and by a fiftieth of it, so that a flat curve's ripples are none.
class SpikeWatch {
 public:
  bool is_spike(double loss) {
    const bool is_out = before_.size() >= kLeast && stands_out(loss);
    if (std::isfinite(loss)) {
      before_.push_back(loss);
    }
    if (before_.size() > kMost) {
      before_.pop_front();
    }
    return is_out || (!before_.empty() && !std::isfinite(loss));
  }

 private:
  static constexpr std::size_t kLeast = 8, kMost = 32;  // steps that are looked back at

  static double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }
  bool stands_out(double loss) const {
    const double usual = median({before_.begin(), before_.end()});
    std::vector<double> distances;
    for (const double other : before_) {
      distances.push_back(std::abs(other - usual));
    }
    return loss > usual + 6 * median(distances) && loss > 1.02 * usual;
  }

  std::deque<double> before_;
};

struct Point {
  double step = 0;
  std::map<std::string, double> values = {};
  Json load_ratio = {};
  bool is_spike = false, is_skipped = false;

  bool stands_out() const { return is_spike || is_skipped; }
};

// Reads the points one by one, and takes every second one away whenever they have become too many.
class Thinner {
 public:
  explicit Thinner(std::size_t most) : most_(std::max<std::size_t>(most, 2)) {}

  void add(Point point) {
    const bool is_due = count_++ % stride_ == 0;
    last_ = point;
    if (is_due || point.stands_out()) {
      usual_ += point.stands_out() ? 0 : 1;
      indices_.push_back(count_ - 1);
      points_.push_back(std::move(point));
    }
    if (usual_ > 2 * most_) {
      halve();
    }
  }

  std::size_t count() const { return count_; }
  std::size_t stride() const { return stride_; }
  // The last step is always among them.
  std::vector<Point> take() {
    if (points_.empty() || points_.back().step != last_.step) {
      points_.push_back(last_);
    }
    return std::move(points_);
  }

 private:
  void halve() {
    stride_ *= 2;
    std::vector<Point> kept;
    std::vector<std::size_t> kept_indices;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (indices_[i] % stride_ == 0 || points_[i].stands_out()) {
        kept.push_back(std::move(points_[i]));
        kept_indices.push_back(indices_[i]);
      }
    }
    usual_ = static_cast<std::size_t>(
        std::ranges::count_if(kept, [](const Point& point) { return !point.stands_out(); }));
    points_ = std::move(kept);
    indices_ = std::move(kept_indices);
  }

  std::size_t most_, stride_ = 1, count_ = 0;
  std::size_t usual_ = 0;  // of points_, those that do not stand out
  std::vector<Point> points_;
  std::vector<std::size_t> indices_;  // beside points_: of all that came
  Point last_;
};

// "batch_tokens" is what the count of tokens grew by.
Point point_of(const Json& line, double& tokens_before, SpikeWatch& spikes) {
  Point point{.step = number_at(line, "step").value_or(kNone)};
  for (const auto& [name, value] : line.items()) {
    if (value.is_number() && name != "step") {
      point.values[name] = value.get<double>();
    }
  }
  if (const auto tokens = number_at(line, "tokens")) {
    point.values["batch_tokens"] = *tokens - std::exchange(tokens_before, *tokens);
  }
  if (line.contains("loss")) {
    point.is_spike = spikes.is_spike(number_at(line, "loss").value_or(kNone));
  }
  const auto skipped = line.find("skipped");
  point.is_skipped = skipped != line.end() && skipped->is_boolean() && skipped->get<bool>();
  if (const auto ratio = line.find("load_ratio"); ratio != line.end() && ratio->is_array()) {
    point.load_ratio = *ratio;
  }
  return point;
}

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

// A list a name, each beside the points.
Json series_of(const std::vector<Point>& points) {
  std::map<std::string, std::vector<double>> series;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const auto& [name, value] : points[i].values) {
      auto& values = series[name];
      values.resize(points.size(), kNone);
      values[i] = value;
    }
  }
  Json json = Json::object();
  for (const auto& [name, values] : series) {
    Json list = Json::array();
    for (const double value : values) {
      list.push_back(number_or_null(value));
    }
    json[name] = std::move(list);
  }
  return json;
}

Json ratios_of(const std::vector<Point>& points) {
  std::size_t blocks = 0;
  for (const Point& point : points) {
    blocks = std::max(blocks, point.load_ratio.size());
  }
  Json lists = Json::array();
  for (std::size_t block = 0; block < blocks; ++block) {
    Json list = Json::array();
    for (const Point& point : points) {
      list.push_back(block < point.load_ratio.size() ? point.load_ratio[block] : Json());
    }
    lists.push_back(std::move(list));
  }
  return lists;
}

}  // namespace

Json curves_of(const std::filesystem::path& metrics, std::size_t most_points) {
  Thinner thinner(most_points);
  SpikeWatch spikes;
  double tokens_before = 0;
  Json expert_load = Json::array(), spike_steps = Json::array(), skipped_steps = Json::array();
  const std::size_t unreadable = each_line(metrics, [&](const Json& line) {
    if (!number_at(line, "step")) {
      return;
    }
    Point point = point_of(line, tokens_before, spikes);
    if (point.stands_out()) {
      (point.is_skipped ? skipped_steps : spike_steps).push_back(point.step);
    }
    if (const auto load = line.find("expert_load"); load != line.end() && load->is_array()) {
      expert_load = *load;
    }
    thinner.add(std::move(point));
  });
  if (thinner.count() == 0) {
    return {};
  }
  const std::size_t all_steps = thinner.count(), stride = thinner.stride();
  const std::vector<Point> points = thinner.take();
  Json steps = Json::array();
  for (const Point& point : points) {
    steps.push_back(point.step);
  }
  return {{"steps", steps},
          {"series", series_of(points)},
          {"all_steps", all_steps},
          {"stride", stride},
          {"spikes", spike_steps},
          {"skipped", skipped_steps},
          {"load_ratio", ratios_of(points)},
          {"expert_load", expert_load},
          {"unreadable", unreadable}};
}

}  // namespace rq::report
