#include "base/files.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_files_test";
};

TEST_F(Files, WhatIsWrittenIsRead) {
  const std::string bytes("a\0b\n\xff", 5);
  write_file(folder_ / "deep/er/x", bytes);
  EXPECT_EQ(read_file(folder_ / "deep/er/x"), bytes);
  EXPECT_EQ(MappedFile(folder_ / "deep/er/x").text(), bytes);
}

TEST_F(Files, AWriterThatIsNotCommittedLeavesTheOldFileAndNothingElse) {
  write_file(folder_ / "x", "old");
  {
    FileWriter writer(folder_ / "x");
    writer.write("new");
  }
  EXPECT_EQ(read_file(folder_ / "x"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(Files, AnErrorNamesThePathAndTheReason) {
  try {
    read_file(folder_ / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("absent: No such file"), std::string::npos);
  }
}

TEST_F(Files, AFullDiskIsTheMachinesFault) {
  FileWriter writer(folder_ / "x");
  EXPECT_THROW(append_line("/dev/full", "line"), MachineError);
}

TEST_F(Files, WhetherAFolderCanBeMadeIsTriedAndLeavesNothing) {
  write_file(folder_ / "file", "");
  check_can_make(folder_ / "new/deeper");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
  EXPECT_THROW(check_can_make(folder_ / "file/run"), Error);
  EXPECT_THROW(check_can_make(folder_ / "file"), Error);
  EXPECT_THROW(check_can_make("/proc/1/run"), Error);  // root may do everything, and not this
}

TEST_F(Files, AnEmptyFileMapsToNothing) {
  write_file(folder_ / "empty", "");
  EXPECT_TRUE(MappedFile(folder_ / "empty").bytes().empty());
}

TEST_F(Files, ALockedFolderIsRefusedToTheNext) {
  const FolderLock lock(folder_);
  EXPECT_THROW(FolderLock{folder_}, Error);
}

}  // namespace
}  // namespace rq
