#include "data/source_files.h"

#include <chrono>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "base/files.h"
#include "data/internal/test_folder.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

TEST(SourceFiles, ADigestFollowsNamesAndBytesAndNotTimesOrPlaces) {
  const TestFolder folder;
  write_file(folder / "a/in/x.txt", "one");
  write_file(folder / "b/in/x.txt", "one");
  const SourceConfig config{.glob = {"in/*.txt"}};
  const auto before = digest_of_files(config, folder / "a");
  EXPECT_EQ(digest_of_files(config, folder / "b"), before);
  fs::last_write_time(folder / "a/in/x.txt",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(digest_of_files(config, folder / "a"), before);

  write_file(folder / "a/in/x.txt", "two");
  EXPECT_NE(digest_of_files(config, folder / "a"), before);
  write_file(folder / "b/in/y.txt", "");
  EXPECT_NE(digest_of_files(config, folder / "b"), before);
}

TEST(SourceFiles, ASourceThatIsNotThereHasNoDigestAndAGeneratorAnEmptyOne) {
  const TestFolder folder;
  EXPECT_EQ(digest_of_files({.glob = {"in/*.txt"}}, folder.path()), std::nullopt);
  EXPECT_EQ(
      digest_of_files({.generator = {.name = "worked-mathematics", .count = 1}}, folder.path()),
      "");
}

}  // namespace
}  // namespace rq::data
