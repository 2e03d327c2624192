#pragma once
// A fixture for tests that run programs: the sandbox, or the reason why this machine has none; and
// after each test the proof that no process and no descriptor was left.

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "reward/sandbox.h"

namespace rq::reward {

class WithSandbox : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists("/usr/bin/bwrap")) << "packages.txt names bubblewrap";
    try {
      sandbox_.emplace();
    } catch (const Error& error) {
      const std::string why = error.what();
      ASSERT_NE(why.find("user namespaces"), std::string::npos) << why;
      GTEST_SKIP() << why;
    }
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // who outlives its parent becomes our child
    descriptors_ = count_descriptors();
  }

  void TearDown() override {
    if (sandbox_) {
      EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a process was left";
      EXPECT_EQ(errno, ECHILD);
      EXPECT_EQ(count_descriptors(), descriptors_);
    }
  }

  Result run_python(const std::string& text, const Limits& limits = {}) const {
    return sandbox_->run({Language::kPython, text}, "", limits);
  }

  std::optional<Sandbox> sandbox_;

 private:
  static std::ptrdiff_t count_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  }

  std::ptrdiff_t descriptors_ = 0;
};

}  // namespace rq::reward
