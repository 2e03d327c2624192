// What is shown of a map and of curves: pictures that parse, and JSON with every count.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/config.h"
#include "eval/loss_report.h"
#include "eval/needle_report.h"

namespace rq::eval {
namespace {

// Whether every element of an XML text is closed in order, all quotes pair up, and no number is
// none.
::testing::AssertionResult is_well_formed(std::string_view text) {
  std::vector<std::string_view> open;
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string_view::npos;) {
    const std::string_view tag = text.substr(at + 1, text.find('>', at) - at - 1);
    at += tag.size() + 1;
    const std::string_view name =
        tag.substr(tag.front() == '/', tag.find(' ') - (tag.front() == '/'));
    if (tag.find('<') != std::string_view::npos ||
        std::count(tag.begin(), tag.end(), '"') % 2 != 0) {
      return ::testing::AssertionFailure() << "<" << tag << ">";
    }
    if (tag.front() != '/' && tag.back() != '/') {
      open.push_back(name);
    } else if (tag.front() == '/') {
      if (open.empty() || open.back() != name) {
        return ::testing::AssertionFailure() << "<" << tag << "> closes nothing";
      }
      open.pop_back();
    }
  }
  if (!open.empty() || text.find("nan") != std::string_view::npos ||
      text.find("inf") != std::string_view::npos) {
    return ::testing::AssertionFailure() << "unclosed, or a number that is none";
  }
  return ::testing::AssertionSuccess();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) {
    ++count;
  }
  return count;
}

NeedleMap some_map(std::vector<std::int64_t> lengths) {
  NeedleMap map{
      .config = {.lengths = std::move(lengths),
                 .variants = {Variant::kSingle, Variant::kMultiKey, Variant::kMultiNeedle}},
      .cells = {}};
  for (const Variant variant : map.config.variants) {
    for (std::size_t length = 0; length < map.config.lengths.size(); ++length) {
      for (std::size_t depth = 0; depth < 5; ++depth) {
        const auto hits = static_cast<std::int64_t>((depth * 5 + 20 - length * 4) % 21);
        map.cells.push_back({.place = {.variant = variant,
                                       .length = map.config.lengths[length],
                                       .depth = map.config.depths[depth]},
                             .trials = 20,
                             .hits_by_probability = 20,
                             .hits_by_generation = hits,
                             .mean_depth = 0});
      }
    }
  }
  return map;
}

std::vector<PositionCurve> some_curves() {
  std::vector<PositionCurve> curves(2);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    curves[i] = {.name = i == 0 ? "a<b" : "after",
                 .trained_context = 4,
                 .scored_context = i == 0 ? 16 : 4,
                 .buckets = {}};
    for (const std::int64_t first : {1, 2, 4, 8}) {
      PositionBucket bucket{.first = first, .last = 2 * first - 1};
      if (i == 0 || first < 4) {
        bucket.tokens = 10 * first;
        bucket.sequences = first == 1 ? 1 : 10;
        bucket.loss = 5.0 / static_cast<double>(first);
      } else {
        bucket.loss = std::numeric_limits<double>::quiet_NaN();
      }
      bucket.standard_error = bucket.sequences > 1 ? 0.1 : std::numeric_limits<double>::quiet_NaN();
      curves[i].buckets.push_back(bucket);
    }
  }
  return curves;
}

TEST(NeedleReport, ThePictureIsWellFormedAndHasANumberInEveryCell) {
  const std::string side_by_side = to_svg(some_map({256, 512}), "a<b");
  EXPECT_TRUE(is_well_formed(side_by_side));
  EXPECT_EQ(count_of(side_by_side, "class=\"number\""), 3U * 2 * 5);
  EXPECT_EQ(count_of(side_by_side, "class=\"head\""), 3U);
  EXPECT_TRUE(is_well_formed(to_svg(some_map({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "below")));
}

TEST(NeedleReport, TheTableShowsLogProbabilityWhereItDiffers) {
  NeedleMap map = some_map({256, 2048});
  const std::string both = to_table(map);
  EXPECT_EQ(count_of(both, "found by generation"), 3U);
  EXPECT_EQ(count_of(both, "found by log-probability"), 3U);
  EXPECT_NE(both.find("\n   100 %       95       75\n"), std::string::npos) << both;
  for (NeedleCell& cell : map.cells) {
    cell.hits_by_probability = cell.hits_by_generation;
  }
  EXPECT_EQ(count_of(to_table(map), "found by log-probability"), 0U);
}

TEST(NeedleReport, JsonHoldsTheConfigAndEveryCell) {
  const Json json = to_json(some_map({256, 512}));
  EXPECT_EQ(json["config"]["lengths"], (Json{256, 512}));
  EXPECT_EQ(json["config"]["variants"][1], "multi-key");
  ASSERT_EQ(json["cells"].size(), 30U);
  const Json& cell = json["cells"][6];  // the second length, a quarter deep
  EXPECT_EQ(cell["length"], 512);
  EXPECT_EQ(cell["depth"], 0.25);
  EXPECT_EQ(cell["by_generation"]["hits"], 0);
  EXPECT_NEAR(cell["by_generation"]["high"].get<double>(), 0.1611, 1e-4);
  EXPECT_EQ(cell["by_probability"]["share"], 1.0);
}

TEST(LossReport, ThePictureIsWellFormedInBothSpacingsAndWithOnePoint) {
  const std::vector<PositionCurve> curves = some_curves();
  const std::string picture = to_svg({.curves = curves, .spacing = Spacing::kLogarithmic});
  EXPECT_TRUE(is_well_formed(picture));
  EXPECT_EQ(count_of(picture, "<polyline"), 2U);
  EXPECT_EQ(count_of(picture, "mark series-0"), 1U);  // only the one scored past its context
  EXPECT_EQ(count_of(picture, "mark series-1"), 0U);
  EXPECT_TRUE(is_well_formed(to_svg({.curves = curves, .spacing = Spacing::kEqual})));
  std::vector<PositionCurve> one(1, curves[0]);
  one[0].buckets.resize(1);
  EXPECT_TRUE(is_well_formed(to_svg({.curves = one, .spacing = Spacing::kLogarithmic})));
}

TEST(LossReport, JsonAndTableShowCountsAndLeaveOutWhatIsNotKnown) {
  const std::vector<PositionCurve> curves = some_curves();
  const Json json = to_json(curves);
  EXPECT_EQ(json[0]["buckets"][1]["tokens"], 20);
  EXPECT_EQ(json[0]["buckets"][1]["standard_error"], 0.1);
  EXPECT_TRUE(json[0]["buckets"][0]["standard_error"].is_null());
  EXPECT_TRUE(json[1]["buckets"][3]["loss"].is_null());
  const std::string table = to_table(curves);
  EXPECT_NE(table.find("2.500 ± 0.100"), std::string::npos) << table;
  EXPECT_NE(table.find(" 5.000  "), std::string::npos) << table;
}

}  // namespace
}  // namespace rq::eval
