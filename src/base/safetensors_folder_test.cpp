#include "base/safetensors_folder.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/format.h"
#include "base/safetensors.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

class SafetensorsShards : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // Six tensors of 8 bytes each, every second one of one-byte elements.
  void save(std::uint64_t max_shard_bytes) const {
    std::vector<TensorSpec> specs;
    for (int i = 0; i < 6; ++i) {
      const bool is_narrow = i % 2 == 0;
      specs.push_back(
          {fmt::format("t{}", i), is_narrow ? Dtype::kU8 : Dtype::kF32, {is_narrow ? 8 : 2}});
    }
    std::string buffer;
    write_safetensors_folder(folder_, specs, max_shard_bytes, [&](std::size_t i) {
      buffer.assign(8, static_cast<char>('0' + i));
      return std::as_bytes(std::span<const char>(buffer));
    });
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_safetensors_folder_test";
};

TEST_F(SafetensorsShards, AreReadAsOne) {
  for (const std::uint64_t most : {1, 20, 48}) {
    save(most);
    const SafetensorsFolder folder(folder_);
    ASSERT_EQ(folder.tensors().size(), 6U) << most;
    for (int i = 0; i < 6; ++i) {
      const TensorInfo* const tensor = folder.find(fmt::format("t{}", i));
      ASSERT_NE(tensor, nullptr);
      EXPECT_EQ(static_cast<char>(tensor->bytes[7]), '0' + i);
    }
    EXPECT_EQ(fs::exists(folder_ / "model.safetensors"), most >= 48);
    EXPECT_EQ(fs::exists(folder_ / "model.safetensors.index.json"), most < 48);
  }
}

TEST_F(SafetensorsShards, AMissingShardIsNamed) {
  save(20);
  fs::remove(folder_ / "model-00002-of-00003.safetensors");
  try {
    const SafetensorsFolder opened(folder_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("model-00002-of-00003.safetensors is missing"),
              std::string::npos);
  }
}

TEST_F(SafetensorsShards, AnIndexThatLiesIsRefused) {
  save(20);
  const fs::path index = folder_ / "model.safetensors.index.json";
  for (const char* const text : {"{",
                                 "[]",
                                 R"({"weight_map":[]})",
                                 R"({"weight_map":{"a":1}})",
                                 R"({"weight_map":{"a":"../model-00001-of-00003.safetensors"}})",
                                 R"({"weight_map":{"a":""}})",
                                 R"({"weight_map":{"a":"model-00001-of-00003.safetensors"}})"}) {
    std::ofstream(index) << text;
    EXPECT_THROW(SafetensorsFolder{folder_}, Error) << text;
  }
  fs::remove(index);
  EXPECT_THROW(SafetensorsFolder{folder_}, Error);
}

}  // namespace
}  // namespace rq
