// Buckets of document lengths in a mixture: that they get their shares of the rows, and that a run
// resumes in the middle of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/config.h"
#include "base/json.h"
#include "base/rng.h"
#include "data/config.h"
#include "data/internal/test_folder.h"
#include "data/loader.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

using Documents = std::vector<std::vector<std::uint16_t>>;

// Documents of `least` to `most` tokens; each token is its document's length.
void add_documents(Documents& documents, int count, std::int64_t least, std::int64_t most) {
  Rng rng(static_cast<std::uint64_t>(most), "test");
  for (int i = 0; i < count; ++i) {
    const auto length = static_cast<std::size_t>(rng.between(least, most));
    documents.emplace_back(length, static_cast<std::uint16_t>(length));
  }
}

class Lengths : public testing::Test {
 protected:
  void SetUp() override {
    Documents prose, code;
    add_documents(prose, 400, 1, 63);
    add_documents(prose, 30, 64, 255);
    add_documents(prose, 3, 256, 900);
    prose.push_back(std::vector<std::uint16_t>(64, 64));  // on the border: of the longer ones
    add_documents(code, 100, 1, 63);
    add_documents(code, 2, 256, 900);
    write_tokens(folder_ / "prose", prose);
    write_tokens(folder_ / "code", code);
    folders_ = {{"prose", folder_ / "prose"}, {"code", folder_ / "code"}};
  }
  // The rows that follow, each with its domain behind it.
  static std::vector<std::vector<std::int32_t>> rows(Loader& loader, std::int64_t count) {
    const Batch batch = loader.next(count);
    std::vector<std::vector<std::int32_t>> all;
    for (std::int64_t row = 0; row < batch.rows; ++row) {
      auto& copy = all.emplace_back(batch.tokens.begin() + row * batch.columns,
                                    batch.tokens.begin() + (row + 1) * batch.columns);
      copy.push_back(batch.domains[static_cast<std::size_t>(row)]);
    }
    return all;
  }
  TestFolder folder_;
  std::map<std::string, fs::path> folders_;
  LoaderConfig config_ = {
      .sequence_length = 16,
      .extra_tokens = 1,
      .weights = {{"prose", 3}, {"code", 1}},
      .seed = 9,
      .lengths = {
          {.from = 0, .share = 0.2}, {.from = 64, .share = 0.3}, {.from = 256, .share = 0.5}}};
};

TEST_F(Lengths, RowsFollowTheSharesAndHoldDocumentsOfOneBucketAlone) {
  Loader loader(folders_, config_);
  std::map<std::pair<int, int>, double> counts;  // by domain and bucket
  constexpr std::int64_t kRows = 20'000;
  for (const auto& row : rows(loader, kRows)) {
    std::set<int> buckets;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      buckets.insert(row[i] < 64 ? 0 : row[i] < 256 ? 1 : 2);
    }
    ASSERT_EQ(buckets.size(), 1U);
    counts[{row.back(), *buckets.begin()}] += 1.0 / kRows;
  }
  constexpr double kTolerance = 0.014;  // four standard errors
  EXPECT_NEAR((counts[{1, 0}]), 0.75 * 0.2, kTolerance);
  EXPECT_NEAR((counts[{1, 1}]), 0.75 * 0.3, kTolerance);
  EXPECT_NEAR((counts[{1, 2}]), 0.75 * 0.5, kTolerance);
  EXPECT_NEAR((counts[{0, 0}]), 0.25 * 0.2 / 0.7, kTolerance);  // code has none in between
  EXPECT_NEAR((counts[{0, 1}]), 0, 0);
  EXPECT_NEAR((counts[{0, 2}]), 0.25 * 0.5 / 0.7, kTolerance);
}

TEST_F(Lengths, ARestoredLoaderGivesTheSameRowsFromAnyPointOn) {
  Loader reference(folders_, config_);
  const auto expected = rows(reference, 1500);  // several epochs of the small buckets
  Rng rng(3, "test");
  for (int trial = 0; trial < 8; ++trial) {
    const std::int64_t taken = rng.between(1, 1400);
    Loader first(folders_, config_);
    rows(first, taken);
    const Json state = parse_json(first.state().dump(), "state");  // as a checkpoint keeps it
    Loader second(folders_, config_);
    second.next(rng.between(1, 50));  // what was read before must not matter
    second.restore(state);
    EXPECT_EQ(second.state(), state);
    const auto rest = rows(second, 1500 - taken);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + taken, expected.end()))
        << "after " << taken << " rows";
    EXPECT_EQ(second.state(), reference.state());
    EXPECT_EQ(second.epochs(), reference.epochs());
  }
}

TEST_F(Lengths, AStateOfOtherBucketsIsRefused) {
  const auto restored = [&](const LoaderConfig& config, const Json& state) {
    return error_of([&] { Loader(folders_, config).restore(state); });
  };
  const Json state = Loader(folders_, config_).state();
  EXPECT_EQ(restored(config_, state), "");
  LoaderConfig plain = config_;
  plain.lengths.clear();
  EXPECT_NE(restored(plain, state).find("length buckets"), std::string::npos);
  EXPECT_NE(restored(config_, Loader(folders_, plain).state()).find("length buckets []"),
            std::string::npos);
  config_.lengths[1].share = 0.4;
  EXPECT_NE(restored(config_, state).find("\"share\":0.4"), std::string::npos);
}

TEST_F(Lengths, BucketsTellWhatTheyHoldAndGive) {
  Loader loader(folders_, config_);
  const Batch batch = loader.next(1000);
  const auto buckets = loader.buckets();
  ASSERT_EQ(buckets.size(), 6U);
  EXPECT_EQ(buckets[0].domain, "code");
  EXPECT_EQ(buckets[1].documents, 0);
  EXPECT_EQ(buckets[1].share, 0);
  EXPECT_EQ(buckets[3].domain, "prose");
  EXPECT_EQ(buckets[3].documents, 400);
  EXPECT_EQ(buckets[4].documents, 31);
  EXPECT_EQ(buckets[4].from, 64);
  EXPECT_EQ(buckets[4].to, 256);
  EXPECT_EQ(buckets[5].to, 0);
  EXPECT_NEAR(buckets[4].share, 0.75 * 0.3, 1e-12);
  std::int64_t taken = 0, prose_tokens = 0;
  double share = 0;
  for (const auto& bucket : buckets) {
    taken += bucket.rows;
    share += bucket.share;
    prose_tokens += bucket.domain == "prose" ? bucket.tokens : 0;
  }
  EXPECT_EQ(taken, batch.rows);
  EXPECT_NEAR(share, 1, 1e-12);
  EXPECT_EQ(prose_tokens, loader.epoch_tokens().at("prose"));
  EXPECT_EQ(line_of({.domain = "prose",
                     .from = 64,
                     .to = 256,
                     .documents = 31,
                     .tokens = 950,
                     .share = 0.225,
                     .rows = 0}),
            "prose, 64 to 255 tokens: 31 documents, 950 tokens, 22.5 % of the rows");
}

TEST_F(Lengths, WithoutBucketsADomainIsOne) {
  config_.lengths.clear();
  const auto buckets = Loader(folders_, config_).buckets();
  ASSERT_EQ(buckets.size(), 2U);
  EXPECT_EQ(buckets[1].documents, 434);
  EXPECT_EQ(buckets[1].share, 0.75);
}

// As a process holds them beside its mixture.
struct Settings {
  std::vector<LengthShare> lengths = {};
  template <typename Visit>
  void each(Visit&& visit) {
    visit("lengths", lengths);
  }
};

TEST_F(Lengths, ARecipeWritesThemAsAListThatIsReadBack) {
  const auto read = [](const std::string& text) {
    return read_config<Settings>(parse_toml(text, "r.toml"), "process.x").lengths;
  };
  const std::string text = "lengths = [{ from = 0, share = 0.3 }, { from = 2048, share = 0.7 }]\n";
  const std::vector<LengthShare> once = read(text), again = read(to_toml(Settings{once}));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[1].from, 2048);
  EXPECT_EQ(again[1].share, 0.7);
  EXPECT_TRUE(length_problems(again).empty());
  EXPECT_TRUE(length_problems({}).empty());
}

TEST_F(Lengths, BucketsThatCannotBeAreRefused) {
  const auto made = [&](std::vector<LengthShare> lengths) {
    config_.lengths = std::move(lengths);
    return error_of([&] { Loader(folders_, config_); });
  };
  EXPECT_EQ(made({{.from = 0, .share = 1}}), "");
  EXPECT_NE(made({{.from = 5, .share = 1}}).find("lengths[0].from=5"), std::string::npos);
  EXPECT_NE(made({{.from = 0, .share = 1}, {.from = 0, .share = 1}}).find("lengths[1].from=0"),
            std::string::npos);
  EXPECT_NE(made({{.from = 0, .share = -1}}).find("share=-1"), std::string::npos);
  EXPECT_NE(made({{.from = 0, .share = 0}}).find("no bucket a share"), std::string::npos);
  EXPECT_NE(made({{.from = 0, .share = 0}, {.from = 5000, .share = 1}}).find("code"),
            std::string::npos);
}

}  // namespace
}  // namespace rq::data
