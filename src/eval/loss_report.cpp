#include "eval/loss_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/format.h"

namespace rq::eval {
namespace {

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string describe(const PositionBucket& bucket) {
  if (bucket.tokens == 0) {
    return "-";
  }
  return std::isfinite(bucket.standard_error)
             ? fmt::format("{:.3f} ± {:.3f}", bucket.loss, bucket.standard_error)
             : fmt::format("{:.3f}", bucket.loss);
}

// Fills up to `width` columns; `±` is one column of two bytes.
std::string right(const std::string& text, std::size_t width) {
  const auto columns = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
  return std::string(columns < width ? width - columns : 0, ' ') + text;
}

}  // namespace

std::string to_table(std::span<const PositionCurve> curves) {
  std::string text = right("position", 16) + right("tokens", 12) + right("sequences", 11);
  std::vector<std::size_t> widths;
  for (const PositionCurve& curve : curves) {
    widths.push_back(std::max<std::size_t>(18, curve.name.size() + 2));
    text += right(curve.name, widths.back());
  }
  text += "\n";
  for (std::size_t i = 0; i < curves.front().buckets.size(); ++i) {
    PositionBucket most = curves.front().buckets[i];
    for (const PositionCurve& curve : curves) {
      most = curve.buckets[i].tokens > most.tokens ? curve.buckets[i] : most;
    }
    text += right(fmt::format("{}-{}", most.first, most.last), 16) +
            right(fmt::format("{}", most.tokens), 12) +
            right(fmt::format("{}", most.sequences), 11);
    for (std::size_t curve = 0; curve < curves.size(); ++curve) {
      text += right(describe(curves[curve].buckets[i]), widths[curve]);
    }
    text += "\n";
  }
  return text +
         "Nats a token ± standard error; tokens and sequences are those of the model scored "
         "furthest.\n";
}

Json to_json(std::span<const PositionCurve> curves) {
  Json models = Json::array();
  for (const PositionCurve& curve : curves) {
    Json buckets = Json::array();
    for (const PositionBucket& bucket : curve.buckets) {
      buckets.push_back({{"first", bucket.first},
                         {"last", bucket.last},
                         {"tokens", bucket.tokens},
                         {"sequences", bucket.sequences},
                         {"loss", number_or_null(bucket.loss)},
                         {"standard_error", number_or_null(bucket.standard_error)}});
    }
    models.push_back({{"model", curve.name},
                      {"trained_context", curve.trained_context},
                      {"scored_context", curve.scored_context},
                      {"buckets", buckets}});
  }
  return models;
}

}  // namespace rq::eval
