#include "base/process.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"

namespace rq {
namespace {

// What the Error says that comes of running a program.
std::string failure_of(const char* program, const char* argument) {
  const std::filesystem::path folder = testing::TempDir();
  try {
    run_command({program, argument}, folder, folder / "rorqual_process_test.log");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(RunCommand, AFailureCarriesTheLastWordsAndAMissingProgramItsName) {
  const std::string failed = failure_of("ls", "/no/such/path");
  EXPECT_NE(failed.find("\"ls /no/such/path\" failed: "), std::string::npos) << failed;
  EXPECT_NE(failed.find("No such file"), std::string::npos) << failed;
  EXPECT_EQ(failure_of("no-such-program-here", "x"),
            "cannot run \"no-such-program-here\": it is not installed");
}

}  // namespace
}  // namespace rq
