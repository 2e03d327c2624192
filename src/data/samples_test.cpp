// Conversations as samples, with a vocabulary of bytes and DeepSeek's signs.

#include "data/samples.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "data/sample_loader.h"
#include "tokenizer/folder.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/train.h"

namespace rq::data {
namespace {

namespace fs = std::filesystem;

// Trained on a single letter, it has no merges.
tokenizer::Tokenizer bytes_alone() {
  bool is_over = false;
  return tokenizer::train(
      [&](std::string& document) {
        document = "a";
        return !std::exchange(is_over, true);
      },
      {.vocab_size = 266});
}

class Samples : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    tokenizer::save_tokenizer_folder(tokenizer_, folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<Sample> samples_of(std::string_view messages, std::int64_t most_tokens = 1000) {
    SampleMaker make(tokenizer_,
                     tokenizer::ChatFormat::load(folder_).value(),
                     *tokenizer_.id_of(tokenizer::kEndOfSentence),
                     most_tokens);
    auto samples = make(read_conversation(Json::parse(messages)));
    counts_ = make.counts();
    return samples;
  }
  // The sample's text, what is learned of it in brackets.
  std::string marked(const Sample& sample) const {
    std::string text;
    bool is_answer = false;
    for (std::size_t i = 0; i < sample.tokens.size(); ++i) {
      if (sample.is_answer[i] != is_answer) {
        is_answer = !is_answer;
        text += is_answer ? '[' : ']';
      }
      text += tokenizer_.bytes_of(sample.tokens[i]);
    }
    return text + (is_answer ? "]" : "");
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / ("rorqual_samples_" + std::to_string(::getpid()));
  tokenizer::Tokenizer tokenizer_ = bytes_alone();
  SampleCounts counts_;
};

constexpr std::string_view kTwoTurns =
    R"([{"role": "system", "content": "S"}, {"role": "user", "content": "u1"},
        {"role": "assistant", "content": "<think>t</think>a1"}, {"role": "user", "content": "u2"},
        {"role": "assistant", "content": "a2"}])";

TEST_F(Samples, AnswersAreLearnedAndPromptsOnlyRead) {
  const auto samples = samples_of(kTwoTurns);
  ASSERT_EQ(samples.size(), 1);
  EXPECT_EQ(
      marked(samples[0]),
      "<｜begin▁of▁sentence｜>S<｜User｜>u1<｜Assistant｜>[<think>t</think>a1<｜end▁of▁sentence｜>]"
      "<｜User｜>u2<｜Assistant｜>[a2<｜end▁of▁sentence｜>]");
}

TEST_F(Samples, AFormatThatForgetsReasoningMakesASampleOfEachAnswer) {
  write_file(folder_ / "chat_template.jinja",
             "{% for m in messages %}{% if m['role'] == 'assistant' %}"
             "A:{{ m['content'].split('</think>')[-1] }};{% else %}U:{{ m['content'] }};{% endif %}"
             "{% endfor %}{{ 'A:<think>\\n' }}");
  const auto samples = samples_of(kTwoTurns);
  ASSERT_EQ(samples.size(), 2);
  EXPECT_EQ(marked(samples[0]), "U:S;U:u1;A:<think>\n[t</think>a1<｜end▁of▁sentence｜>]");
  EXPECT_EQ(marked(samples[1]), "U:S;U:u1;A:a1;U:u2;A:<think>\n[a2<｜end▁of▁sentence｜>]");
}

TEST_F(Samples, WhatIsTooLongIsCutAndDroppedWhereNoAnswerIsLeft) {
  const auto whole = samples_of(kTwoTurns)[0].tokens.size();
  const auto cut = samples_of(kTwoTurns, static_cast<std::int64_t>(whole) - 1);
  EXPECT_EQ(cut[0].tokens.size(), whole - 1);
  EXPECT_EQ(counts_.truncated, 1);
  EXPECT_EQ(counts_.answer_tokens,
            static_cast<std::int64_t>(std::ranges::count(cut[0].is_answer, true)));
  EXPECT_TRUE(samples_of(kTwoTurns, 4).empty());
  EXPECT_EQ(counts_.dropped, 1);
  EXPECT_EQ(counts_.samples, 0);
}

TEST_F(Samples, APreferenceIsBothAnswersWithTheEndOfEachMarked) {
  SampleMaker make(tokenizer_,
                   tokenizer::ChatFormat::load(folder_).value(),
                   *tokenizer_.id_of(tokenizer::kEndOfSentence),
                   40);
  const Preference preference{.asked = {{{Role::kUser, "u"}}}, .chosen = "good", .rejected = "bad"};
  const auto pair = make.pair(preference);
  ASSERT_TRUE(pair);
  EXPECT_EQ(marked(*pair),
            "<｜begin▁of▁sentence｜><｜User｜>u<｜Assistant｜>good[<｜end▁of▁sentence｜>]"
            "<｜begin▁of▁sentence｜><｜User｜>u<｜Assistant｜>bad[<｜end▁of▁sentence｜>]");
  EXPECT_FALSE(
      make.pair({.asked = preference.asked, .chosen = "good", .rejected = std::string(40, 'b')}));
}

// Samples of one to `count` tokens.
SampleSource source(std::int32_t count, double times) {
  SampleSource made{.samples = {}, .times = times};
  for (std::int32_t i = 1; i <= count; ++i) {
    made.samples.push_back({std::vector<std::int32_t>(i, i), std::vector<bool>(i, true)});
  }
  return made;
}

std::vector<std::int32_t> lengths_of(const std::vector<const Sample*>& batch) {
  std::vector<std::int32_t> lengths;
  for (const Sample* const sample : batch) {
    lengths.push_back(sample->tokens.front());
  }
  return lengths;
}

TEST(SampleLoader, GivesEachSampleSoManyTimesAnEpoch) {
  SampleLoader loader({{"a", source(10, 1)}, {"b", source(4, 2.5)}}, 2, 1);
  EXPECT_EQ(loader.samples(), 40);
  std::map<std::int32_t, int> seen;
  std::int64_t tokens = 0;
  for (auto batch = loader.next(12); !batch.empty(); batch = loader.next(12)) {
    std::int64_t held = 0;
    for (const std::int32_t length : lengths_of(batch)) {
      ++seen[length];
      held += length;
    }
    EXPECT_LE(held, 12);
    tokens += held;
  }
  EXPECT_EQ(tokens, loader.tokens());
  EXPECT_EQ(loader.taken(), tokens);
  for (std::int32_t length = 5; length <= 10; ++length) {
    EXPECT_EQ(seen[length], 2);
  }
  EXPECT_EQ(seen[1] + seen[2] + seen[3] + seen[4], 8 + 20);
  for (std::int32_t length = 1; length <= 4; ++length) {
    EXPECT_GE(seen[length], 6);
  }
}

TEST(SampleLoader, ALongerSampleThanThereIsRoomForComesAlone) {
  SampleLoader loader({{"a", source(9, 1)}}, 1, 1);
  for (auto batch = loader.next(3); !batch.empty(); batch = loader.next(3)) {
    if (lengths_of(batch).front() > 3) {
      EXPECT_EQ(batch.size(), 1);
    }
  }
  EXPECT_EQ(loader.taken(), 45);
}

// The samples of all batches that are left.
std::vector<std::int32_t> rest_of(SampleLoader& loader) {
  std::vector<std::int32_t> all;
  for (auto batch = loader.next(9); !batch.empty(); batch = loader.next(9)) {
    const auto lengths = lengths_of(batch);
    all.insert(all.end(), lengths.begin(), lengths.end());
  }
  return all;
}

TEST(SampleLoader, ARestoredOneGivesTheSameSamplesFromAnyPointOn) {
  const std::map<std::string, SampleSource> sources = {{"a", source(10, 1.5)}};
  SampleLoader going(sources, 3, 7), whole(sources, 3, 7);
  std::vector<std::int32_t> left = rest_of(whole);
  ASSERT_EQ(left.size(), 45);
  for (;;) {
    SampleLoader again(sources, 3, 7);
    again.restore(Json::parse(going.state().dump()));
    EXPECT_EQ(rest_of(again), left);
    EXPECT_EQ(again.taken(), again.tokens());
    const std::size_t taken = going.next(9).size();
    if (taken == 0) {
      break;
    }
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  SampleLoader other({{"a", source(11, 1.5)}}, 3, 7);
  EXPECT_THROW(other.restore(whole.state()), Error);
}

}  // namespace
}  // namespace rq::data
