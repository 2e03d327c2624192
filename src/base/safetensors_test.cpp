#include "base/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/rng.h"

namespace rq {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> as_bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// Not write_file(): hundreds of hostile files need no sync.
void put_file(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class Safetensors : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // A file with this header and so many bytes of data; `length` overrides what the file says of the
  // header.
  void write_raw(const std::string& header,
                 std::size_t data_bytes,
                 std::uint64_t length = 0) const {
    const std::uint64_t stated = length == 0 ? header.size() : length;
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &stated, 8);
    put_file(file_, bytes + header + std::string(data_bytes, 'x'));
  }

  // What reading the file says; empty where it is accepted.
  std::string complaint() const {
    try {
      const SafetensorsFile opened(file_);
      return "";
    } catch (const Error& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(file_.string())) << error.what();
      return error.what();
    }
  }

  void expect_refused(const std::string& header,
                      std::size_t data_bytes,
                      std::string_view why) const {
    write_raw(header, data_bytes);
    EXPECT_NE(complaint().find(why), std::string::npos) << header << " -> " << complaint();
  }

  // A sound file: "a" F32 [2, 3], "b" BF16 [], "c" U8 [0, 7].
  void write_sound() const {
    SafetensorsWriter writer(
        file_,
        {{"a", Dtype::kF32, {2, 3}}, {"b", Dtype::kBf16, {}}, {"c", Dtype::kU8, {0, 7}}},
        {{"format", "pt"}});
    writer.write("a", as_bytes_of("abcdefghijklmnopqrstuvwx"));
    writer.write("b", as_bytes_of("yz"));
    writer.write("c", {});
    writer.commit();
  }

  fs::path folder_ = fs::path(testing::TempDir()) / "rorqual_safetensors_test";
  fs::path file_ = folder_ / "model.safetensors";
};

TEST_F(Safetensors, WhatIsWrittenIsRead) {
  write_sound();
  const SafetensorsFile file(file_);
  ASSERT_EQ(file.tensors().size(), 3U);
  EXPECT_EQ(file.at("a").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(file.at("a").dtype, Dtype::kF32);
  EXPECT_EQ(std::memcmp(file.at("a").bytes.data(), "abcdefghijklmnopqrstuvwx", 24), 0);
  EXPECT_EQ(file.at("b").bytes.size(), 2U);
  EXPECT_TRUE(file.at("b").shape.empty());
  EXPECT_TRUE(file.at("c").bytes.empty());
  EXPECT_EQ(file.find("d"), nullptr);
  EXPECT_THROW(file.at("d"), Error);
  EXPECT_EQ(file.metadata().at("format"), "pt");
}

TEST_F(Safetensors, TheWritersDigestIsTheFiles) {
  SafetensorsWriter writer(file_, {{"a", Dtype::kU8, {3}}});
  writer.write("a", as_bytes_of("abc"));
  const std::uint64_t digest = writer.digest();
  writer.commit();
  EXPECT_EQ(digest, xxh3(read_file(file_)));
}

TEST_F(Safetensors, TheHeaderIsPaddedSoThatTheDataIsAligned) {
  write_sound();
  std::uint64_t length = 0;
  std::memcpy(&length, read_file(file_).data(), 8);
  EXPECT_EQ(length % 8, 0U);
}

TEST_F(Safetensors, AWriterRefusesWrongNamesAndSizesAndHalves) {
  SafetensorsWriter writer(file_, {{"a", Dtype::kU8, {3}}, {"b", Dtype::kU8, {1}}});
  EXPECT_THROW(writer.write("b", as_bytes_of("b")), Error);
  EXPECT_THROW(writer.write("a", as_bytes_of("ab")), Error);
  writer.write("a", as_bytes_of("abc"));
  EXPECT_THROW(writer.commit(), Error);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_THROW(SafetensorsWriter(file_, {{"a", Dtype::kU8, {1}}, {"a", Dtype::kU8, {1}}}), Error);
}

TEST_F(Safetensors, ALyingHeaderLengthIsRefused) {
  put_file(file_, "1234567");
  EXPECT_NE(complaint().find("7 bytes"), std::string::npos);
  write_raw("{}", 0, 3);
  EXPECT_NE(complaint().find("header of 3 bytes ends past the end of the file (10 bytes)"),
            std::string::npos);
  for (const std::uint64_t length :
       {std::uint64_t{100'000'001}, std::uint64_t{1} << 60, UINT64_MAX}) {
    write_raw("{}", 0, length);
    EXPECT_NE(complaint().find("the limit is 100000000"), std::string::npos) << complaint();
  }
}

TEST_F(Safetensors, AHeaderThatIsNotAnObjectOfTensorsIsRefused) {
  expect_refused("{\"a\":", 0, "not JSON");
  expect_refused("{\"\xff\":1}", 0, "not JSON");
  expect_refused("[]", 0, "not a JSON object");
  expect_refused(std::string(100'000, '['), 0, "not JSON");
  expect_refused(R"({"a":3})", 0, "not an object");
  expect_refused(R"({"__metadata__":{"a":1}})", 0, "not a string");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                     "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                 1,
                 "twice");
}

TEST_F(Safetensors, AnUnknownDtypeIsRefused) {
  expect_refused(
      R"({"a":{"dtype":"F7","shape":[1],"data_offsets":[0,1]}})", 1, "unknown dtype \"F7\"");
  expect_refused(R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}})", 1, "no \"dtype\"");
}

TEST_F(Safetensors, AnImpossibleShapeIsRefused) {
  expect_refused(
      R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1, "-1 is not a whole");
  expect_refused(
      R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}})", 1, "1.5 is not a whole");
  expect_refused(
      R"({"a":{"dtype":"U8","shape":"1","data_offsets":[0,1]}})", 1, "no list \"shape\"");
  expect_refused(R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}})",
                 1,
                 "below 2^63");
  expect_refused(R"({"a":{"dtype":"F32","shape":[1152921504606846976,4],"data_offsets":[0,0]}})",
                 0,
                 "no memory");
  expect_refused(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})",
                 0,
                 "no memory");
}

TEST_F(Safetensors, OffsetsThatDoNotFitAreRefused) {
  expect_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 1, "past the end");
  expect_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}})", 2, "begin and an end");
  expect_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0]}})", 2, "begin and an end");
  expect_refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}})", 7, "fills 8");
  expect_refused(
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2, "but the data at 2");
  expect_refused(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2, "a gap");
  expect_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},
                     "b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                 3,
                 "overlap");
  expect_refused(
      R"({"a":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,1152921504606846976]}})",
      1,
      "past the end");
}

// Whatever the bytes: the file is refused with an Error, or every view lies within it and adds up.
TEST_F(Safetensors, RandomMutationsAreRefusedOrSound) {
  write_sound();
  const std::string sound = read_file(file_);
  Rng rng(1, "safetensors-mutations");
  int accepted = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string bytes = sound;
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      const std::size_t at = rng.below(bytes.size());
      const std::uint64_t kind = rng.below(3);
      if (kind == 0) {
        bytes[at] = static_cast<char>(rng.below(256));
      } else if (kind == 1) {
        bytes.erase(at, 1 + rng.below(4));
      } else {
        bytes.insert(at, 1, "0123456789[]{},:\"-"[rng.below(18)]);
      }
      if (bytes.empty()) {
        break;
      }
    }
    put_file(file_, bytes);
    if (!complaint().empty()) {
      continue;
    }
    ++accepted;
    std::size_t total = 0;
    const SafetensorsFile file(file_);
    for (const TensorInfo& tensor : file.tensors()) {
      total += tensor.bytes.size();
      EXPECT_EQ(tensor.bytes.size(), bytes_of({tensor.name, tensor.dtype, tensor.shape}, "test"));
    }
    EXPECT_LT(total, bytes.size());
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 900);
}

TEST_F(Safetensors, AHeaderOfManyTensorsIsReadInLinearTime) {
  std::string header = "{";
  for (int i = 0; i < 30'000; ++i) {
    header += fmt::format(
        R"({}"t{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
  }
  write_raw(header + "}", 0);
  EXPECT_EQ(SafetensorsFile(file_).tensors().size(), 30'000U);
}

}  // namespace
}  // namespace rq
