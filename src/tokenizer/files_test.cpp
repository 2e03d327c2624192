#include "tokenizer/files.h"

#include <unistd.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "tokenizer/folder.h"
#include "tokenizer/internal/test_tokenizers.h"
#include "tokenizer/special_tokens.h"

namespace rq::tokenizer {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 public:
  Files() { fs::create_directories(folder_); }
  ~Files() override { fs::remove_all(folder_); }

 protected:
  std::string encode(const std::string& name, const std::string& bytes, int threads = 2) {
    write_file(folder_ / name, bytes);
    encode_file(
        tokenizer_, folder_ / name, folder_ / "tokens.jsonl", {.threads = threads, .report = {}});
    return read_file(folder_ / "tokens.jsonl");
  }
  std::string decode(const std::string& lines, const std::string& name) {
    write_file(folder_ / "in.jsonl", lines);
    decode_file(tokenizer_, folder_ / "in.jsonl", folder_ / name);
    return read_file(folder_ / name);
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("rorqual-files-test-{}", ::getpid());
  Tokenizer tokenizer_ = make(byte_level_file({{"a", "b"}}));
};

TEST_F(Files, JsonLinesGiveALineEachInOrder) {
  EXPECT_EQ(
      encode("in.jsonl", "{\"text\":\"abc\"}\n{\"text\":\"\",\"id\":7}\n{\"text\":\"a\\nb\"}"),
      "{\"tokens\":[256,99]}\n{\"tokens\":[]}\n{\"tokens\":[97,10,98]}\n");
}

TEST_F(Files, AnyOtherFileIsOneDocumentOfBytes) {
  EXPECT_EQ(encode("in.txt", "ab\n\xFF"), "{\"tokens\":[256,10,255]}\n");
}

TEST_F(Files, ManyLinesKeepTheirOrderOnManyThreads) {
  std::string lines, expected;
  for (int i = 0; i < 100000; ++i) {
    lines += fmt::format("{{\"text\":\"{}\"}}\n", static_cast<char>('a' + i % 7));
    expected += fmt::format("{{\"tokens\":[{}]}}\n", 'a' + i % 7);
  }
  EXPECT_EQ(encode("in.jsonl", lines, 4), expected);
}

TEST_F(Files, DecodingGivesTextAndTheExactBytesWhereTheyAreNoUtf8) {
  EXPECT_EQ(decode("{\"tokens\":[256,99]}\n{\"tokens\":[97,255]}\n", "out.jsonl"),
            "{\"text\":\"abc\"}\n{\"text\":\"a\uFFFD\",\"hex\":\"61ff\"}\n");
  EXPECT_EQ(decode("{\"tokens\":[97,255]}\n", "out.bin"), "a\xFF");
}

TEST_F(Files, ABadLineIsNamedAndLeavesNoOutput) {
  EXPECT_NE(error_of([&] {
              encode("in.jsonl", "{\"text\":\"a\"}\n{\"text\":1}\n");
            }).find("in.jsonl, line 2: \"text\" is number"),
            std::string::npos);
  EXPECT_NE(error_of([&] { encode("in.jsonl", "{\"txt\":1}\n"); }).find("line 1"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              decode("{\"tokens\":[1,\"x\"]}\n", "o.jsonl");
            }).find("\"x\", which is no token id"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              decode("{\"tokens\":[5000]}\n", "o.jsonl");
            }).find("line 1: no token has the id 5000"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "tokens.jsonl"));
}

TEST_F(Files, AModelFolderHoldsWhatTransformersAsksFor) {
  Json file = byte_level_file({});
  file["added_tokens"] = {added_token(300, kBeginOfSentence),
                          added_token(301, kEndOfSentence),
                          added_token(302, kPad),
                          added_token(303, kUser),
                          added_token(304, kAssistant)};
  save_tokenizer_folder(make(file), folder_ / "model");
  const Json config = read_json(folder_ / "model" / "tokenizer_config.json");
  EXPECT_EQ(config["bos_token"], kBeginOfSentence);
  EXPECT_EQ(config["eos_token"], kEndOfSentence);
  EXPECT_EQ(config["pad_token"], kPad);
  EXPECT_EQ(config["chat_template"], chat_template());
  EXPECT_EQ(Tokenizer::load(folder_ / "model" / "tokenizer.json").id_of(kUser), 303);

  save_tokenizer_folder(tokenizer_, folder_ / "plain");
  EXPECT_FALSE(read_json(folder_ / "plain" / "tokenizer_config.json").contains("chat_template"));
}

}  // namespace
}  // namespace rq::tokenizer
