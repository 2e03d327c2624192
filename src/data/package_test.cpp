#include "data/package.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/process.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// A cache into which a package was downloaded already, so that nothing needs a network.
class CachedPackage : public testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "package/data/one.txt", "one");
    write_file(folder_ / "package/data/deep/two.txt", "two");
    write_file(folder_ / "package/data/image.png", "no text");
    make_folder(cached_);
    run_command({"tar", "-czf", (cached_ / "some-data-1.2.3.tgz").string(), "package"},
                folder_.path(),
                folder_ / "log");
    sha256_ = sha256_of_file(cached_ / "some-data-1.2.3.tgz");
    write_json(cached_ / "archive.json", {{"file", "some-data-1.2.3.tgz"}, {"sha256", sha256_}});
  }
  TestFolder folder_;
  fs::path cached_ = folder_ / "cache/npm/@some+data-1.2.3";
  PackageConfig config_ = {.from = Registry::kNpm,
                           .name = "@some/data",
                           .version = "1.2.3",
                           .sha256 = "",
                           .glob = {"data/**/*.txt"}};
  std::string sha256_;
};

TEST_F(CachedPackage, OnlyTheFilesThatTheGlobNeedsAreUnpacked) {
  const Package package = fetch_package(config_, folder_ / "cache");
  EXPECT_EQ(package.sha256, sha256_);
  EXPECT_EQ(read_file(package.root / "data/one.txt"), "one");
  EXPECT_EQ(read_file(package.root / "data/deep/two.txt"), "two");
  EXPECT_FALSE(fs::exists(package.root / "data/image.png"));
}

TEST_F(CachedPackage, AnUnpackedTreeNeedsItsArchiveNoMore) {
  const Package package = fetch_package(config_, folder_ / "cache");
  fs::remove(cached_ / package.archive);
  EXPECT_EQ(fetch_package(config_, folder_ / "cache").root, package.root);
}

TEST_F(CachedPackage, AnotherSha256IsRefusedWithBoth) {
  config_.sha256 = std::string(64, '0');
  const std::string what = error_of([&] { fetch_package(config_, folder_ / "cache"); });
  EXPECT_NE(
      what.find("npm package @some/data 1.2.3 has sha256 " + sha256_ + ", but " + config_.sha256),
      std::string::npos)
      << what;
}

TEST_F(CachedPackage, AGlobThatThePackageLacksIsNamed) {
  config_.glob = {"absent/*.txt"};
  const std::string what = error_of([&] { fetch_package(config_, folder_ / "cache"); });
  EXPECT_NE(what.find("absent/*.txt of the npm package @some/data 1.2.3"), std::string::npos)
      << what;
}

}  // namespace
}  // namespace rq::data
