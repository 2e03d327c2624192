#include "checkpoint/checkpoint.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/rng.h"

namespace rq::checkpoint {
namespace {

namespace fs = std::filesystem;

class Checkpoint : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  static std::vector<NamedTensor> tensors_of(double value) {
    return {{"weight", at::full({3, 5}, value)},
            {"moment", at::full({7}, value, at::kBFloat16)},
            {"count", at::full({}, static_cast<int64_t>(value), at::kLong)}};
  }
  void save_step(std::int64_t step, int keep = 2) const {
    save(folder_, step, tensors_of(static_cast<double>(step)), Json{{"tokens", step * 10}}, keep);
  }
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }
  // Step 2 is damaged by now: step 1 is loaded, and the one warning names `file`.
  void expect_first_with_warning(const std::string& file) const {
    const auto loaded = load_latest(folder_);
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->step, 1) << file;
    EXPECT_EQ(loaded->state.at("tokens"), 10);
    ASSERT_EQ(loaded->warnings.size(), 1U);
    EXPECT_NE(loaded->warnings[0].find((folder_ / "2").string()), std::string::npos);
    EXPECT_NE(loaded->warnings[0].find(file), std::string::npos) << loaded->warnings[0];
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_checkpoint_test";
};

const std::vector<std::string> kFiles = {"tensors.safetensors", "state.json", "manifest.json"};

void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_F(Checkpoint, WhatIsSavedIsLoaded) {
  EXPECT_FALSE(load_latest(folder_).has_value());
  const Tensor strided = at::arange(6, at::kFloat).reshape({2, 3}).t();
  save(folder_, 7, std::vector<NamedTensor>{{"strided", strided}}, Json{{"a", {1, 2.5, "x"}}});
  const auto loaded = load_latest(folder_);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->step, 7);
  EXPECT_EQ(loaded->state, (Json{{"a", {1, 2.5, "x"}}}));
  EXPECT_TRUE(loaded->warnings.empty());
  EXPECT_TRUE(loaded->tensors.at("strided").equal(strided));
}

TEST_F(Checkpoint, TheNewestOnesAreKept) {
  for (const int64_t step : {1, 9, 10, 11}) {
    save_step(step, 3);
  }
  EXPECT_EQ(entries(), (std::vector<std::string>{"10", "11", "9"}));
  EXPECT_EQ(load_latest(folder_)->step, 11);
  EXPECT_THROW(save_step(12, 1), Error);
}

TEST_F(Checkpoint, AStepSavedTwiceIsReplaced) {
  save_step(1);
  save(folder_, 1, tensors_of(5), Json{{"tokens", 50}});
  EXPECT_EQ(load_latest(folder_)->state.at("tokens"), 50);
  EXPECT_EQ(entries(), (std::vector<std::string>{"1"}));
}

TEST_F(Checkpoint, ALaterStepIsGoneOnceTheRunWentBackBeforeIt) {
  save_step(1);
  save_step(5);
  save_step(3);
  EXPECT_EQ(entries(), (std::vector<std::string>{"1", "3"}));
}

TEST_F(Checkpoint, ATruncatedFileMeansTheOneBefore) {
  save_step(1);
  save_step(2);
  for (const std::string& name : kFiles) {
    const fs::path path = folder_ / "2" / name;
    const std::string sound = read_file(path);
    for (const std::size_t left :
         {std::size_t{0}, std::size_t{1}, sound.size() / 2, sound.size() - 3}) {
      overwrite(path, sound.substr(0, left));
      expect_first_with_warning(name);
    }
    fs::remove(path);
    expect_first_with_warning(name);
    overwrite(path, sound);
  }
  EXPECT_EQ(load_latest(folder_)->step, 2);
}

TEST_F(Checkpoint, AFlippedBitMeansTheOneBefore) {
  save_step(1);
  save_step(2);
  for (const std::string& name : kFiles) {
    const fs::path path = folder_ / "2" / name;
    const std::string sound = read_file(path);
    for (std::size_t at = 0; at < sound.size(); at += 7) {
      if (name == "manifest.json" &&
          std::string_view(" \n").find(sound[at]) != std::string_view::npos) {
        continue;  // between its tokens one blank is as good as another
      }
      std::string altered = sound;
      altered[at] = static_cast<char>(altered[at] ^ 4);
      overwrite(path, altered);
      expect_first_with_warning(name);
    }
    overwrite(path, sound);
  }
}

TEST_F(Checkpoint, WhereNoneIsGoodAllAreNamed) {
  save_step(1);
  save_step(2);
  overwrite(folder_ / "1/state.json", "{}");
  overwrite(folder_ / "2/state.json", "{}");
  try {
    load_latest(folder_);
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find((folder_ / "1").string()), std::string::npos) << what;
    EXPECT_NE(what.find((folder_ / "2").string()), std::string::npos) << what;
  }
}

TEST_F(Checkpoint, APartialFolderIsNeverLoadedAndGoesAtTheNextSave) {
  save_step(1);
  fs::create_directories(folder_ / ".2.partial");
  overwrite(folder_ / ".2.partial/tensors.safetensors", "half");
  EXPECT_EQ(load_latest(folder_)->step, 1);
  EXPECT_TRUE(load_latest(folder_)->warnings.empty());
  save_step(3);
  EXPECT_EQ(entries(), (std::vector<std::string>{"1", "3"}));
}

// A child saves without pause and is killed at random moments; its successor goes on from what it
// finds.
TEST_F(Checkpoint, KilledAtAnyMomentTheNewestIsWholeAndNotOlderThanBefore) {
  Rng rng(3, "checkpoint-kills");
  std::int64_t reached = 0;
  for (int round = 0; round < 16; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (std::int64_t step = reached + 1;; ++step) {
        save_step(step);
      }
    }
    ::usleep(static_cast<useconds_t>(rng.between(1, 150'000)));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const auto loaded = load_latest(folder_);
    if (!loaded) {
      EXPECT_EQ(reached, 0);
      continue;
    }
    EXPECT_TRUE(loaded->warnings.empty());
    EXPECT_GE(loaded->step, reached);
    EXPECT_EQ(loaded->state.at("tokens"), loaded->step * 10);
    EXPECT_EQ(loaded->tensors.at("count").item<std::int64_t>(), loaded->step);
    reached = loaded->step;
  }
  EXPECT_GT(reached, 0);
}

TEST_F(Checkpoint, AFullDiskLeavesThePreviousOneAndNoPart) {
  save_step(1);
  const std::vector<NamedTensor> large{{"large", at::zeros({1 << 16})}};
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 100'000, .rlim_max = 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      save(folder_, 2, large, Json());
    } catch (const MachineError&) {
      ::_exit(7);
    } catch (...) {
      ::_exit(8);
    }
    ::_exit(9);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(entries(), (std::vector<std::string>{"1"}));
  EXPECT_EQ(load_latest(folder_)->step, 1);
}

TEST_F(Checkpoint, CopiesIntoTensorsOfTheSameNamesShapesAndTypes) {
  save_step(4);
  auto targets = tensors_of(0);
  targets[0].tensor.requires_grad_();
  const auto loaded = load_latest(folder_);
  copy_into(*loaded, targets);
  EXPECT_TRUE(targets[0].tensor.equal(at::full({3, 5}, 4.0)));
  EXPECT_EQ(targets[2].tensor.item<int64_t>(), 4);
}

TEST_F(Checkpoint, EveryDifferenceIsListedAndNothingCopied) {
  save_step(4);
  const auto loaded = load_latest(folder_);
  const std::vector<NamedTensor> targets{
      {"weight", at::zeros({3, 5})}, {"moment", at::zeros({7})}, {"bias", at::zeros({2})}};
  try {
    copy_into(*loaded, targets);
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("\"moment\" is BFloat16 [7] there and Float [7] here"), std::string::npos)
        << what;
    EXPECT_NE(what.find("\"bias\" is not in it"), std::string::npos) << what;
    EXPECT_NE(what.find("\"count\" is in it and not wanted"), std::string::npos) << what;
  }
  EXPECT_EQ(targets[0].tensor.sum().item<double>(), 0);
}

}  // namespace
}  // namespace rq::checkpoint
