#include "tokenizer/definition.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tokenizer/internal/test_tokenizers.h"

namespace rq::tokenizer {
namespace {

struct BadFile {
  std::string text;   // of the file
  std::string error;  // what the sentence must say
};

TEST(Definition, AFileThatCannotBeUsedIsRefusedInOneSentence) {
  const std::string whole = byte_level_file({{"a", "b"}}).dump();
  const auto with = [](const char* pointer, const Json& value) {
    Json file = byte_level_file({{"a", "b"}});
    file[Json::json_pointer(pointer)] = value;
    return file.dump();
  };
  const std::vector<BadFile> files = {
      {whole.substr(0, whole.size() / 2), "test.json is not whole JSON"},
      {"[]", "it has no \"model\""},
      {with("/model/type", "WordPiece"), "model.type is \"WordPiece\""},
      {R"({"model":{"type":"Unigram","vocab":[]}})", "model.type is \"Unigram\""},
      {with("/model/byte_fallback", true), "model.byte_fallback is true"},
      {with("/model/dropout", 0.1), "model.dropout is 0.1"},
      {with("/model/end_of_word_suffix", "</w>"), "model.end_of_word_suffix is \"</w>\""},
      {with("/model/vocab/x", "1"), "model.vocab: \"x\" is \"1\""},
      {with("/model/vocab/x", -1), "\"x\" has the id -1"},
      {with("/model/vocab/x", 2000000000), "the largest id is 2000000000"},
      {with("/model/merges", {"a b c"}), "\"a b c\" is not two tokens"},
      {with("/model/merges", {"a 中"}), "needs the token \"中\""},
      {with("/model/merges", Json::array({Json::array({"a", "z"})})),
       "merge 1 (\"a\" + \"z\") needs the token \"az\""},
      {with("/pre_tokenizer", nullptr), "not a byte-level BPE"},
      {with("/pre_tokenizer", {{"type", "Metaspace"}}),
       "pre_tokenizer \"Metaspace\" is not supported"},
      {with("/normalizer", {{"type", "Lowercase"}}), "normalizer \"Lowercase\" is not supported"},
      {with("/added_tokens", Json::array({added_token(7, "a")})),
       "\"a\" has the id 7, but 97 in model.vocab"},
  };
  for (const BadFile& file : files) {
    const std::string error = error_of([&] { Tokenizer::from_json(file.text, "test.json"); });
    EXPECT_NE(error.find(file.error), std::string::npos) << error << "\nlacks " << file.error;
    EXPECT_NE(error.find("test.json"), std::string::npos) << error;
  }
}

TEST(Definition, BothSpellingsOfMergesMeanTheSame) {
  Json file = byte_level_file({{"a", "b"}, {" ", "a"}});
  const auto pairs = make(file).to_json();
  file["model"]["merges"] = {"a b", "Ġ a"};
  EXPECT_EQ(make(file).to_json(), pairs);
}

TEST(Definition, AFileReadAndWrittenAndReadAgainIsTheSame) {
  Json file = byte_level_file({{"a", "b"}});
  file["added_tokens"] = {added_token(300, "<｜é｜>")};
  file["post_processor"] = {{"type", "TemplateProcessing"}, {"single", {1, 2}}};
  file["truncation"] = {{"max_length", 8}};
  file["model"]["unk_token"] = "a";
  file["model"]["ignore_merges"] = true;
  const std::string once = make(file).to_json();
  const Json written = parse_json(once, "once");
  EXPECT_EQ(Tokenizer::from_json(once).to_json(), once);
  EXPECT_EQ(written["post_processor"], file["post_processor"]);
  EXPECT_EQ(written["truncation"], file["truncation"]);
  EXPECT_EQ(written["added_tokens"], file["added_tokens"]);
  EXPECT_EQ(written["model"]["vocab"], file["model"]["vocab"]);
  EXPECT_EQ(written["model"]["merges"], file["model"]["merges"]);
  EXPECT_EQ(written["model"]["ignore_merges"], true);
}

}  // namespace
}  // namespace rq::tokenizer
