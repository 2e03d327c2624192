#include "data/tokenize.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "base/rng.h"
#include "data/collect.h"
#include "data/internal/augment.h"
#include "data/internal/test_folder.h"
#include "data/internal/utf8.h"
#include "data/store.h"
#include "data/token_shards.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// How byte-level vocabularies spell a byte: printable Latin-1 as itself, the others from U+0100 on.
std::string spelled(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    std::uint32_t shift = 0;
    const auto is_printable = [](unsigned b) {
      return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    };
    const auto byte = static_cast<unsigned char>(c);
    for (unsigned b = 0; b < byte; ++b) {
      shift += is_printable(b) ? 0 : 1;
    }
    text += utf8_of(is_printable(byte) ? byte : 256 + shift);
  }
  return text;
}

// Bytes, a few merges with combined tokens of punctuation and newlines, and V3's special tokens.
tokenizer::Tokenizer small_tokenizer(bool has_fim = true) {
  Json vocab = Json::object(), merges = Json::array(), added = Json::array();
  for (int byte = 0; byte < 256; ++byte) {
    vocab[spelled(std::string(1, static_cast<char>(byte)))] = byte;
  }
  int id = 256;
  for (const auto& [left, right] : {std::pair{".", "\n"},
                                    std::pair{".\n", "\n"},
                                    std::pair{")", ";"},
                                    std::pair{");", "\n"},
                                    std::pair{"a", "\n"},
                                    std::pair{"t", "h"}}) {
    merges.push_back(spelled(left) + " " + spelled(right));
    vocab[spelled(std::string(left) + right)] = id++;
  }
  for (const auto token :
       {tokenizer::kEndOfSentence, tokenizer::kFimBegin, tokenizer::kFimHole, tokenizer::kFimEnd}) {
    if (has_fim || token == tokenizer::kEndOfSentence) {
      added.push_back({{"id", id++},
                       {"content", token},
                       {"single_word", false},
                       {"lstrip", false},
                       {"rstrip", false},
                       {"normalized", false},
                       {"special", true}});
    }
  }
  const Json byte_level = {{"type", "ByteLevel"},
                           {"add_prefix_space", false},
                           {"trim_offsets", true},
                           {"use_regex", false}};
  const Json file = {{"version", "1.0"},
                     {"truncation", nullptr},
                     {"padding", nullptr},
                     {"added_tokens", added},
                     {"normalizer", nullptr},
                     {"pre_tokenizer", byte_level},
                     {"post_processor", nullptr},
                     {"decoder", byte_level},
                     {"model",
                      {{"type", "BPE"},
                       {"dropout", nullptr},
                       {"unk_token", nullptr},
                       {"fuse_unk", false},
                       {"byte_fallback", false},
                       {"vocab", vocab},
                       {"merges", merges}}}};
  return tokenizer::Tokenizer::from_json(file.dump());
}

std::vector<std::string> sample_documents() {
  Rng rng(11, "test");
  const std::vector<std::string> pieces = {
      "the ", "end.\n", "f(x);\n", "漢字", ".\n\n", "data\n", "x = 1", " é"};
  std::vector<std::string> documents;
  for (int i = 0; i < 300; ++i) {
    std::string text = std::to_string(i);
    for (std::int64_t count = rng.between(0, 40); count > 0; --count) {
      text += pieces[rng.below(pieces.size())];
    }
    documents.push_back(text);
  }
  return documents;
}

// Bytes of the tokens between the positions of two tokens, the whole being `ids`.
std::string between(const tokenizer::Tokenizer& tokenizer,
                    const std::vector<std::int32_t>& ids,
                    std::string_view from,
                    std::string_view to) {
  const auto first = std::ranges::find(ids, *tokenizer.id_of(from)) + 1;
  const auto last = std::find(first, ids.end(), *tokenizer.id_of(to));
  return tokenizer.decode(std::vector(first, last));
}

TEST(Augmenter, PrefixMiddleAndSuffixJoinToTheDocument) {
  const auto tokenizer = small_tokenizer();
  const Augmenter augmenter(tokenizer, {.fim_rate = 1, .split_rate = 0.3});
  for (const auto& text : sample_documents()) {
    std::vector<std::int32_t> ids;
    EXPECT_TRUE(augmenter.append(text, ids).is_fim);
    EXPECT_EQ(ids.front(), tokenizer.id_of(tokenizer::kFimBegin));
    EXPECT_EQ(between(tokenizer, ids, tokenizer::kFimBegin, tokenizer::kFimHole) +
                  between(tokenizer, ids, tokenizer::kFimEnd, tokenizer::kEndOfSentence) +
                  between(tokenizer, ids, tokenizer::kFimHole, tokenizer::kFimEnd),
              text);
    EXPECT_EQ(ids.back(), tokenizer.id_of(tokenizer::kEndOfSentence));
  }
}

TEST(Augmenter, SplitTokensDecodeToTheSameBytes) {
  const auto tokenizer = small_tokenizer();
  const Augmenter never(tokenizer, {.fim_rate = 0, .split_rate = 0}),
      always(tokenizer, {.fim_rate = 0, .split_rate = 1});
  std::int64_t split = 0;
  for (const auto& text : sample_documents()) {
    std::vector<std::int32_t> whole, cut;
    never.append(text, whole);
    split += always.append(text, cut).split_tokens;
    whole.pop_back();
    cut.pop_back();
    EXPECT_EQ(whole, tokenizer.encode_ordinary(text));
    EXPECT_EQ(tokenizer.decode(cut), text);
    for (const auto id : cut) {
      EXPECT_TRUE(always.parts_of(id).empty());
    }
  }
  EXPECT_GT(split, 1000);
}

TEST(Augmenter, OnlyPunctuationFollowedByNewlinesIsCombined) {
  const auto tokenizer = small_tokenizer();
  const Augmenter augmenter(tokenizer, {});
  const auto parts = [&](std::string_view token) {
    std::vector<std::string> bytes;
    for (const auto id : augmenter.parts_of(*tokenizer.id_of(token))) {
      bytes.emplace_back(tokenizer.bytes_of(id));
    }
    return bytes;
  };
  using Strings = std::vector<std::string>;
  EXPECT_EQ(parts(".\n"), (Strings{".", "\n"}));
  EXPECT_EQ(parts(".\n\n"), (Strings{".", "\n", "\n"}));
  EXPECT_EQ(parts(");\n"), (Strings{");", "\n"}));
  EXPECT_EQ(parts("a\n"), Strings{});
  EXPECT_EQ(parts(");"), Strings{});
  EXPECT_EQ(parts("\n"), Strings{});
}

TEST(Augmenter, TheRatesAreMet) {
  const auto tokenizer = small_tokenizer();
  const Augmenter augmenter(tokenizer, {.fim_rate = 0.1, .split_rate = 0.25});
  int fim = 0;
  std::int64_t split = 0;
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 4000; ++i) {
    const Augmented result = augmenter.append("document " + std::to_string(i) + ".\n", ids);
    fim += result.is_fim ? 1 : 0;
    split += result.split_tokens;
  }
  EXPECT_NEAR(fim, 400, 80);
  EXPECT_NEAR(static_cast<double>(split), 1000, 120);
}

TEST(Augmenter, ATokenizerWithoutTheFimTokensIsRefusedUnlessTheRateIsZero) {
  const auto tokenizer = small_tokenizer(/*has_fim=*/false);
  EXPECT_NE(error_of([&] {
              Augmenter(tokenizer, {});
            }).find("<｜fim▁begin｜>\", which fim_rate > 0 needs"),
            std::string::npos);
  EXPECT_EQ(error_of([&] { Augmenter(tokenizer, {.fim_rate = 0}); }), "");
  EXPECT_NE(error_of([&] {
              Augmenter(tokenizer, {.fim_rate = 0, .end_token = "<none>"});
            }).find("<none>"),
            std::string::npos);
}

class Tokenizing : public testing::Test {
 protected:
  void SetUp() override {
    std::string lines;
    for (const auto& text : sample_documents()) {
      lines += Json({{"text", text}}).dump() + "\n";
    }
    write_file(folder_ / "in.jsonl", lines);
    collect({.source = {.glob = {"in.jsonl"}}, .heldout = 0.05},
            "data",
            {folder_.path(), folder_.path()},
            folder_ / "data");
  }
  TestFolder folder_;
  tokenizer::Tokenizer tokenizer_ = small_tokenizer();
};

TEST_F(Tokenizing, ShardsHoldEveryDocumentInOrder) {
  const ShardConfig config = {.shard_tokens = 1000};
  const Json manifest = tokenize(folder_ / "data", tokenizer_, config, folder_ / "tokens");
  EXPECT_GT(manifest["shards"].size(), 3U);
  const DocumentStore store(folder_ / "data");
  const TokenFolder tokens(folder_ / "tokens");
  const Augmenter augmenter(tokenizer_, config);
  ASSERT_EQ(tokens.documents(), store.size());
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < store.size(); ++i) {
    std::vector<std::int32_t> expected, found(static_cast<std::size_t>(tokens.length(i)));
    augmenter.append(store[i], expected);
    tokens.read(i, 0, found);
    EXPECT_EQ(found, expected);
    total += tokens.length(i);
  }
  EXPECT_EQ(tokens.tokens(), total);
  EXPECT_EQ(manifest["tokens"], total);
}

TEST_F(Tokenizing, TheManifestCountsDocumentsAndTokensByPowersOfTwo) {
  const Json manifest = tokenize(folder_ / "data", tokenizer_, {}, folder_ / "tokens");
  const TokenFolder tokens(folder_ / "tokens");
  std::int64_t documents = 0;
  double share = 0;
  for (const auto& bucket : manifest["lengths"]) {
    const auto from = bucket["from"].get<std::int64_t>();
    EXPECT_EQ(from & (from - 1), 0) << from;
    std::int64_t of_its_length = 0, its_tokens = 0;
    for (std::int64_t i = 0; i < tokens.documents(); ++i) {
      const std::int64_t length = tokens.length(i);
      const bool is_its = length >= from && length < 2 * from;
      of_its_length += is_its ? 1 : 0;
      its_tokens += is_its ? length : 0;
    }
    EXPECT_GT(of_its_length, 0);
    EXPECT_EQ(bucket["documents"], of_its_length);
    EXPECT_EQ(bucket["tokens"], its_tokens);
    documents += of_its_length;
    share += bucket["share"].get<double>();
  }
  EXPECT_EQ(documents, tokens.documents());
  EXPECT_NEAR(share, 1, 1e-9);
}

TEST_F(Tokenizing, TheNumberOfThreadsChangesNothing) {
  const Json one = tokenize(folder_ / "data", tokenizer_, {}, folder_ / "one", 1);
  const Json four = tokenize(folder_ / "data", tokenizer_, {}, folder_ / "four", 4);
  EXPECT_EQ(one, four);
  EXPECT_EQ(read_file(folder_ / "one/shard-00000.tokens"),
            read_file(folder_ / "four/shard-00000.tokens"));
}

TEST_F(Tokenizing, AnotherSeedDrawsOtherDocuments) {
  const Json one = tokenize(folder_ / "data", tokenizer_, {.seed = 1}, folder_ / "one");
  const Json two = tokenize(folder_ / "data", tokenizer_, {.seed = 2}, folder_ / "two");
  EXPECT_NE(one["shards"], two["shards"]);
}

TEST_F(Tokenizing, ACompleteFolderIsKeptAndAnUnfinishedOneIsMadeAgain) {
  const Json first =
      tokenize(folder_ / "data", tokenizer_, {.shard_tokens = 1000}, folder_ / "tokens");
  const auto written = fs::last_write_time(folder_ / "tokens/shard-00000.tokens");
  EXPECT_EQ(tokenize(folder_ / "data", tokenizer_, {.shard_tokens = 1000}, folder_ / "tokens"),
            first);
  EXPECT_EQ(fs::last_write_time(folder_ / "tokens/shard-00000.tokens"), written);
  fs::remove(folder_ / "tokens/manifest.json");
  const Json one = tokenize(folder_ / "data", tokenizer_, {}, folder_ / "tokens");
  EXPECT_EQ(one["shards"].size(), 1U);
  EXPECT_FALSE(fs::exists(folder_ / "tokens/shard-00001.tokens"));
}

}  // namespace
}  // namespace rq::data
