#include "data/loader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "data/internal/test_folder.h"
#include "data/token_shards.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

using Documents = std::vector<std::vector<std::uint16_t>>;

// Documents of 1 to 40 tokens whose ids tell document and place: 1000 * document + place.
Documents numbered_documents(int count, std::uint64_t seed) {
  Rng rng(seed, "test");
  Documents documents;
  for (int i = 0; i < count; ++i) {
    auto& document = documents.emplace_back(rng.between(1, 40));
    for (std::size_t k = 0; k < document.size(); ++k) {
      document[k] = static_cast<std::uint16_t>(1000 * i + static_cast<int>(k));
    }
  }
  return documents;
}

class Loading : public testing::Test {
 protected:
  void SetUp() override {
    write_tokens(folder_ / "prose", numbered_documents(60, 1));
    write_tokens(folder_ / "code", numbered_documents(20, 2));
    write_tokens(folder_ / "tiny", {{1, 2, 3}});  // many epochs in one window
  }
  std::map<std::string, fs::path> folders_or(std::initializer_list<const char*> names) const {
    std::map<std::string, fs::path> folders;
    for (const auto* name : names) {
      folders[name] = folder_ / name;
    }
    return folders;
  }
  // The rows that a loader gives when it is asked for `counts` rows, call by call.
  static std::vector<std::vector<std::int32_t>> rows(Loader& loader,
                                                     const std::vector<std::int64_t>& counts) {
    std::vector<std::vector<std::int32_t>> all;
    for (const auto count : counts) {
      const Batch batch = loader.next(count);
      EXPECT_EQ(batch.rows, count);
      EXPECT_EQ(batch.tokens.size(), static_cast<std::size_t>(batch.rows * batch.columns));
      for (std::int64_t row = 0; row < batch.rows; ++row) {
        auto& copy = all.emplace_back(batch.tokens.begin() + row * batch.columns,
                                      batch.tokens.begin() + (row + 1) * batch.columns);
        copy.push_back(batch.domains[static_cast<std::size_t>(row)]);
      }
    }
    return all;
  }
  TestFolder folder_;
  LoaderConfig config_ = {.sequence_length = 16,
                          .extra_tokens = 2,
                          .weights = {{"prose", 3}, {"code", 1}, {"tiny", 0.5}},
                          .seed = 9};
};

// An epoch of 90 rows of 16 tokens.
class LoadingRows : public Loading {
 protected:
  void SetUp() override {
    documents_ = numbered_documents(60, 1);
    std::size_t tokens = 0;
    for (const auto& document : documents_) {
      tokens += document.size();
    }
    for (; tokens < kEpoch; ++tokens) {
      auto& last = documents_.back();
      last.push_back(static_cast<std::uint16_t>(last.back() + 1));
    }
    ASSERT_EQ(tokens, kEpoch);
    write_tokens(folder_ / "prose", documents_);
  }
  Batch rows_of(std::int64_t count, std::int64_t extra) const {
    return Loader(folders_or({"prose"}),
                  {.sequence_length = 16, .extra_tokens = extra, .weights = {{"prose", 1}}})
        .next(count);
  }
  bool is_end(std::int32_t token) const {
    return token % 1000 + 1 == std::ssize(documents_[static_cast<std::size_t>(token / 1000)]);
  }
  static constexpr std::size_t kRows = 90, kEpoch = kRows * 16;
  Documents documents_;
};

TEST_F(LoadingRows, AnEpochHoldsEveryTokenOnce) {
  const Batch batch = rows_of(3 * kRows, 0);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    const auto begin = batch.tokens.begin() + static_cast<std::ptrdiff_t>(epoch * kEpoch);
    EXPECT_EQ(std::set<std::int32_t>(begin, begin + kEpoch).size(), kEpoch);
  }
}

TEST_F(LoadingRows, ARowGoesThroughDocumentsFromBeginToEnd) {
  const Batch batch = rows_of(3 * kRows, 0);
  for (std::size_t i = 1; i < batch.tokens.size(); ++i) {
    if (i % 16 != 0) {
      const auto before = batch.tokens[i - 1], token = batch.tokens[i];
      EXPECT_TRUE(is_end(before) ? token % 1000 == 0 : token == before + 1);
    }
  }
}

TEST_F(LoadingRows, ExtraTokensAreTheFirstOfAnotherRow) {
  const Batch batch = rows_of(kRows, 3);
  std::map<std::int32_t, std::size_t> row_at;  // by its first token
  for (std::size_t row = 0; row < kRows; ++row) {
    row_at[batch.tokens[row * 19]] = row;
  }
  std::size_t found = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    const auto after = row_at.find(batch.tokens[row * 19 + 16]);
    if (after != row_at.end()) {  // all but the last, which the second epoch goes on from
      ++found;
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(batch.tokens[row * 19 + 16 + k], batch.tokens[after->second * 19 + k]);
      }
    }
  }
  EXPECT_GE(found, kRows - 1);
}

TEST_F(LoadingRows, NeighboursInTheStreamAreNoNeighboursInABatch) {
  const Batch batch = rows_of(4 * kRows, 1);
  int neighbours = 0;
  for (std::size_t row = 1; row < 4 * kRows; ++row) {
    neighbours += batch.tokens[(row - 1) * 17 + 16] == batch.tokens[row * 17] ? 1 : 0;
  }
  EXPECT_LE(neighbours, 15);  // one in 90 is expected
}

TEST_F(LoadingRows, EveryEpochIsInAnotherOrder) {
  const Batch batch = rows_of(2 * kRows, 0);
  std::vector<std::set<std::int32_t>> rows;  // without the order they come in
  for (int epoch = 0; epoch < 2; ++epoch) {
    auto& firsts = rows.emplace_back();
    for (std::size_t row = 0; row < kRows; ++row) {
      firsts.insert(batch.tokens[static_cast<std::size_t>(epoch) * kEpoch + row * 16]);
    }
  }
  EXPECT_NE(rows[0], rows[1]);
}

// Rows that cross from one epoch into the next, and several epochs in one row.
TEST_F(Loading, EveryTokenIsSeenAsOftenAsAnyOther) {
  for (const char* name : {"prose", "tiny"}) {
    Loader loader(folders_or({name}),
                  {.sequence_length = 16, .extra_tokens = 0, .weights = {{name, 1}}});
    const std::int64_t tokens = loader.epoch_tokens().at(name), stretch = (tokens + 15) / 16;
    ASSERT_NE(tokens % 16, 0);
    std::map<std::int32_t, std::int64_t> counts;
    for (const std::int32_t token : loader.next(5 * stretch).tokens) {
      ++counts[token];
    }
    EXPECT_EQ(std::ssize(counts), tokens);
    const auto [fewest, most] = std::ranges::minmax(std::views::values(counts));
    EXPECT_LE(most - fewest, 1) << name;
  }
}

TEST_F(Loading, RowsOfAnAlignedDomainBeginWithEachDocumentOnceAnEpoch) {
  const std::int64_t documents = 60;
  Loader loader(folders_or({"prose"}),
                {.sequence_length = 16, .weights = {{"prose", 1}}, .aligned = {"prose"}});
  const Batch batch = loader.next(3 * documents);
  for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
    std::set<std::int32_t> begun;
    for (std::int64_t row = epoch * documents; row < (epoch + 1) * documents; ++row) {
      const std::int32_t first = batch.tokens[static_cast<std::size_t>(row * batch.columns)];
      EXPECT_EQ(first % 1000, 0) << "no document begins with it";
      begun.insert(first);
      for (std::int64_t i = 1; i < batch.columns; ++i) {
        const auto at = static_cast<std::size_t>(row * batch.columns + i);
        const bool goes_on = batch.tokens[at] == batch.tokens[at - 1] + 1;
        EXPECT_TRUE(goes_on || batch.tokens[at] % 1000 == 0);
      }
    }
    EXPECT_EQ(std::ssize(begun), documents);
  }
}

TEST_F(Loading, AnAlignedDomainIsRestoredAsAnyOther) {
  LoaderConfig config = config_;
  config.aligned = {"code", "tiny"};
  Loader reference(folders_or({"prose", "code", "tiny"}), config);
  const auto expected = rows(reference, {300});
  Loader first(folders_or({"prose", "code", "tiny"}), config);
  rows(first, {123});
  Loader second(folders_or({"prose", "code", "tiny"}), config);
  second.restore(first.state());
  const auto rest = rows(second, {177});
  EXPECT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + 123, expected.end()));
}

TEST_F(Loading, RowsDoNotDependOnHowManyAreAskedForAtOnce) {
  Loader one(folders_or({"prose", "code", "tiny"}), config_),
      other(folders_or({"prose", "code", "tiny"}), config_);
  EXPECT_EQ(rows(one, {300}), rows(other, {1, 1, 2, 3, 100, 5, 8, 180}));
}

TEST_F(Loading, ARestoredLoaderGivesTheSameRowsFromAnyPointOn) {
  Loader reference(folders_or({"prose", "code", "tiny"}), config_);
  const auto expected = rows(reference, {700});  // several epochs of every domain
  Rng rng(3, "test");
  for (int trial = 0; trial < 8; ++trial) {
    Loader first(folders_or({"prose", "code", "tiny"}), config_);
    std::vector<std::int64_t> counts;
    std::int64_t taken = 0;
    for (std::int64_t calls = rng.between(0, 12); calls > 0; --calls) {
      taken += counts.emplace_back(rng.between(1, 40));
    }
    rows(first, counts);
    const Json state = parse_json(first.state().dump(), "state");  // as a checkpoint keeps it

    Loader second(folders_or({"prose", "code", "tiny"}), config_);
    second.next(rng.between(1, 50));  // what was read before must not matter
    second.restore(state);
    EXPECT_EQ(second.state(), state);
    const auto rest = rows(second, {5, 700 - taken - 5});
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + taken, expected.end()))
        << "after " << taken << " rows";
    EXPECT_EQ(second.state(), reference.state());
  }
}

// A checkpoint goes on only if the rows stay what they were.
TEST_F(Loading, RowsStayWhatTheyAreFromVersionToVersion) {
  Loader loader(folders_or({"prose", "code", "tiny"}), config_);
  const Batch batch = loader.next(500);
  EXPECT_EQ(hex64(xxh3(std::as_bytes(std::span(batch.tokens)))), "b25eb31dfe439ece");
  EXPECT_EQ(loader.state()["domains"]["prose"],
            (Json{{"rows", 338}, {"checksum", "bb74fe2679965ab6"}}));
}

TEST_F(Loading, ReadingAheadDoesNotMoveTheState) {
  Loader loader(folders_or({"prose", "code", "tiny"}), config_);
  const Json before = loader.state();
  loader.next(1);
  const Json after = loader.state();
  EXPECT_NE(before, after);
  EXPECT_EQ(loader.state(), after);
  loader.restore(before);
  EXPECT_EQ(loader.state(), before);
}

TEST_F(Loading, DomainsAreDrawnByTheirWeights) {
  Loader loader(folders_or({"prose", "code", "tiny"}), config_);
  std::vector<double> counts(3);
  for (const auto domain : loader.next(9000).domains) {
    ++counts[static_cast<std::size_t>(domain)];
  }
  EXPECT_EQ(loader.domains(), (std::vector<std::string>{"code", "prose", "tiny"}));
  EXPECT_NEAR(counts[0], 2000, 160);  // four standard errors
  EXPECT_NEAR(counts[1], 6000, 180);
  EXPECT_NEAR(counts[2], 1000, 120);
}

TEST_F(Loading, EpochsCountWhatWasTaken) {
  Loader loader(folders_or({"tiny"}),
                {.sequence_length = 3, .extra_tokens = 1, .weights = {{"tiny", 1}}});
  EXPECT_EQ(loader.next(7).tokens,
            std::vector<std::int32_t>({1, 2, 3, 1, 1, 2, 3, 1, 1, 2, 3, 1, 1, 2,
                                       3, 1, 1, 2, 3, 1, 1, 2, 3, 1, 1, 2, 3, 1}));
  EXPECT_EQ(loader.epochs().at("tiny"), 7.0);
}

TEST_F(Loading, AnotherSeedGivesAnotherOrder) {
  Loader one(folders_or({"prose", "code", "tiny"}), config_);
  config_.seed = 10;
  Loader other(folders_or({"prose", "code", "tiny"}), config_);
  EXPECT_NE(rows(one, {50}), rows(other, {50}));
}

TEST_F(Loading, AStateOfOtherDataSeedOrLengthIsRefused) {
  const auto restored = [&](const LoaderConfig& config, const Json& state) {
    return error_of([&] { Loader(folders_or({"prose", "code", "tiny"}), config).restore(state); });
  };
  const Json state = Loader(folders_or({"prose", "code", "tiny"}), config_).state();
  EXPECT_EQ(restored(config_, state), "");
  LoaderConfig changed = config_;
  changed.seed = 4;
  EXPECT_NE(restored(changed, state).find("seed 9, this run's is 4"), std::string::npos);
  changed = config_;
  changed.sequence_length = 32;
  EXPECT_NE(restored(changed, state).find("sequence length 16, this run's is 32"),
            std::string::npos);
  write_tokens(folder_ / "code", {{5, 6}});
  EXPECT_NE(restored(config_, state).find("other data for \"code\""), std::string::npos);
}

TEST_F(Loading, AMixtureThatDoesNotFitTheDataIsRefused) {
  const auto made = [&](std::map<std::string, double> weights) {
    return error_of([&] {
      Loader(folders_or({"prose", "code"}), {.sequence_length = 8, .weights = std::move(weights)});
    });
  };
  EXPECT_EQ(made({{"prose", 1}, {"code", 0}}), "");
  EXPECT_NE(made({{"prose", 1}}).find("gives \"code\" no weight"), std::string::npos);
  EXPECT_NE(made({{"prose", 1}, {"code", 1}, {"math", 1}}).find("\"math\", which is no data set"),
            std::string::npos);
  EXPECT_NE(made({{"prose", -1}, {"code", 1}}).find("\"prose\" is -1"), std::string::npos);
  EXPECT_NE(made({{"prose", 0}, {"code", 0}}).find("sum to 0"), std::string::npos);
}

TEST_F(Loading, AShardThatWasAlteredOrCutOffIsNamed) {
  std::string bytes = read_file(folder_ / "code/shard-00000.tokens");
  bytes[20] ^= 4;
  write_file(folder_ / "code/shard-00000.tokens", bytes);
  EXPECT_NE(error_of([&] {
              TokenFolder(folder_ / "code");
            }).find("code/shard-00000.tokens has the checksum"),
            std::string::npos);
  write_file(folder_ / "code/shard-00000.tokens", bytes.substr(0, 100));
  EXPECT_NE(error_of([&] {
              TokenFolder(folder_ / "code");
            }).find("code/shard-00000.tokens has 100 bytes, its manifest says"),
            std::string::npos);
  fs::remove(folder_ / "prose/manifest.json");
  EXPECT_NE(
      error_of([&] { TokenFolder(folder_ / "prose"); }).find("prose/manifest.json is missing"),
      std::string::npos);
}

}  // namespace
}  // namespace rq::data
