#include "report/internal/run_files.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "report/testing/run_folder.h"

namespace rq::report {
namespace {

TEST(RunFiles, NothingOutsideTheFolderIsHandedOut) {
  const TestFolder folder;
  folder.write("run/a/log", "x");
  folder.write("secret", "x");
  const auto run = folder.run.folder / "run";
  std::filesystem::create_symlink(folder.run.folder / "secret", run / "link");
  EXPECT_TRUE(file_within(run, "a/log"));
  EXPECT_TRUE(file_within(run, "/a/log")) << "from the folder, not from the root";
  EXPECT_FALSE(file_within(run, "../secret"));
  EXPECT_FALSE(file_within(run, "a/../../secret"));
  EXPECT_FALSE(file_within(run, "link"));
  EXPECT_FALSE(file_within(run, "/etc/passwd"));
  EXPECT_FALSE(file_within(run, "a")) << "a folder";
  EXPECT_FALSE(file_within(run, "absent"));
}

TEST(RunFiles, ABrowserRunsNothingOfThem) {
  EXPECT_EQ(content_type("data/x.html"), "text/plain; charset=utf-8");
  EXPECT_EQ(content_type("a.safetensors"), "application/octet-stream");
}

}  // namespace
}  // namespace rq::report
