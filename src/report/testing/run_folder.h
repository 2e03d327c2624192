#pragma once
// A run folder for tests, gone with its object.

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/files.h"
#include "report/run.h"

namespace rq::report {

class TestFolder {
 public:
  TestFolder() {
    std::filesystem::remove_all(run.folder);
    make_folder(run.folder);
  }
  ~TestFolder() { std::filesystem::remove_all(run.folder); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  void write(const std::string& path, std::string_view text) const {
    write_file(run.folder / path, text);
  }

  Run run = {.folder = std::filesystem::path(testing::TempDir()) /
                       ("rorqual_report_" + std::to_string(::getpid())),
             .name = "test"};
};

}  // namespace rq::report
