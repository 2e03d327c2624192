#include "tokenizer/chat_format.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "tokenizer/internal/test_tokenizers.h"

namespace rq::tokenizer {
namespace {

namespace fs = std::filesystem;

class ChatFormats : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("rorqual_chat_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    make_folder(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const Json& json) const { write_json(folder_ / name, json); }

  fs::path folder_;
  const Json question_ = Json::array({{{"role", "user"}, {"content", "why?"}}});
};

constexpr const char* kTemplate =
    "{{ bos_token }}{% for m in messages %}{{ m['role'] }}:{{ m['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}>{% endif %}";

TEST_F(ChatFormats, AFolderWithoutATemplateHasNone) {
  EXPECT_FALSE(ChatFormat::load(folder_));
  write("tokenizer_config.json", {{"bos_token", "<s>"}});
  EXPECT_FALSE(ChatFormat::load(folder_));
}

TEST_F(ChatFormats, TheTemplateStandsInTheTokenizersConfig) {
  write("tokenizer_config.json",
        {{"bos_token", {{"content", "<s>"}}}, {"chat_template", kTemplate}});
  EXPECT_EQ(ChatFormat::load(folder_)->render(question_), "<s>user:why?>");
}

TEST_F(ChatFormats, OfSeveralTheDefaultIsTaken) {
  const Json tools = {{"name", "tool_use"}, {"template", "no"}};
  const Json standard = {{"name", "default"}, {"template", kTemplate}};
  write("tokenizer_config.json",
        {{"bos_token", "<s>"}, {"chat_template", Json::array({tools, standard})}});
  EXPECT_EQ(ChatFormat::load(folder_)->render(question_), "<s>user:why?>");
  write("tokenizer_config.json", {{"chat_template", Json::array({tools})}});
  EXPECT_NE(error_of([&] { ChatFormat::load(folder_); }).find("named \"default\""),
            std::string::npos);
}

TEST_F(ChatFormats, AFileOfItsOwnComesFirst) {
  write("tokenizer_config.json", {{"chat_template", "no"}});
  FileWriter file(folder_ / "chat_template.jinja");
  file.write("{{ messages[0]['content'] }}");
  file.commit();
  EXPECT_EQ(ChatFormat::load(folder_)->render(question_), "why?");
}

TEST_F(ChatFormats, EndTokensAreThoseOfTheFirstFileThatNamesSome) {
  Json file = byte_level_file({});
  file["added_tokens"].push_back(added_token(256, "<end>"));
  const Tokenizer tokenizer = make(file);
  EXPECT_TRUE(end_tokens(folder_, tokenizer).empty());
  write("tokenizer_config.json", {{"eos_token", "<end>"}});
  EXPECT_EQ(end_tokens(folder_, tokenizer), std::vector<std::int32_t>{256});
  write("config.json", {{"eos_token_id", 7}});
  EXPECT_EQ(end_tokens(folder_, tokenizer), std::vector<std::int32_t>{7});
  write("generation_config.json", {{"eos_token_id", {3, 4}}});
  EXPECT_EQ(end_tokens(folder_, tokenizer), (std::vector<std::int32_t>{3, 4}));
}

}  // namespace
}  // namespace rq::tokenizer
