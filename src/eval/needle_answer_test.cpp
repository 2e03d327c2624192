// What counts as found, on a small random model whose own continuations are the answers.

#include "eval/needle_answer.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/rng.h"
#include "eval/testing/prose.h"
#include "eval/testing/small_model.h"
#include "generate/engine.h"

namespace rq::eval {
namespace {

using testing::small_model;
using testing::small_tokenizer;
using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kAnswer = 3;  // tokens

Tokens random_tokens(Rng& rng, std::int64_t count) {
  Tokens tokens;
  while (static_cast<std::int64_t>(tokens.size()) < count) {
    tokens.push_back(static_cast<std::int32_t>(rng.between(3, 299)));
  }
  return tokens;
}

Tokens greedy(const Tokens& tokens, std::int64_t count) {
  static generate::Engine engine(small_model(), {.threads = 1});
  return generate::continue_tokens(
      engine, {.prompt = tokens, .sampling = {.temperature = 0}, .max_tokens = count});
}

// A prompt whose answers the model itself wrote.
struct Written {
  Prompt prompt;
  std::vector<bool> end_there;  // for each answer: what follows does not go on with it
};

bool goes_on(std::int32_t next) {
  const auto byte = static_cast<unsigned char>(small_tokenizer().bytes_of(next).front());
  return !small_tokenizer().is_special(next) && (byte >= 0x80 || std::isalnum(byte) != 0);
}

void append_answer(Written& written) {
  Prompt& prompt = written.prompt;
  Tokens answer = greedy(prompt.tokens, kAnswer + 1);
  written.end_there.push_back(!goes_on(answer.back()));
  answer.pop_back();
  prompt.answers.push_back({.first = static_cast<std::int64_t>(prompt.tokens.size()),
                            .count = kAnswer,
                            .text = small_tokenizer().decode(answer)});
  prompt.tokens.insert(prompt.tokens.end(), answer.begin(), answer.end());
}

// Forty random ones with two questions each, all of one length.
const std::vector<Written>& written_prompts() {
  static const std::vector<Written> all = [] {
    Rng rng(5, "test");
    std::vector<Written> made(40);
    for (Written& written : made) {
      Tokens& tokens = written.prompt.tokens;
      tokens = random_tokens(rng, rng.between(10, 20));
      append_answer(written);
      const Tokens between = random_tokens(rng, 40 - static_cast<std::int64_t>(tokens.size()));
      tokens.insert(tokens.end(), between.begin(), between.end());
      append_answer(written);
    }
    return made;
  }();
  return all;
}

std::vector<Prompt> random_prompts(std::size_t count) {
  std::vector<Prompt> prompts;
  for (std::size_t i = 0; i < count; ++i) {
    prompts.push_back(written_prompts()[i].prompt);
  }
  return prompts;
}

TEST(NeedleAnswer, TheModelsOwnContinuationIsFoundWhereItEndsWithTheAnswer) {
  const std::vector<Prompt> prompts = random_prompts(40);
  const std::vector<Verdict> verdicts = ask(small_model(), small_tokenizer())(prompts);
  int found = 0;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const auto& ends = written_prompts()[i].end_there;
    EXPECT_TRUE(verdicts[i].by_probability) << i;
    EXPECT_EQ(verdicts[i].by_generation, ends[0] && ends[1]) << i;
    found += verdicts[i].by_generation ? 1 : 0;
  }
  EXPECT_GT(found, 0);  // both outcomes were seen
  EXPECT_LT(found, 40);
}

TEST(NeedleAnswer, OneWrongTokenInAnyAnswerIsAMiss) {
  const Prompt right = random_prompts(1).front();
  for (std::size_t question = 0; question < 2; ++question) {
    for (std::int64_t token = 0; token < kAnswer; ++token) {
      Prompt wrong = right;
      const AnswerSpan& span = wrong.answers[question];
      std::int32_t& changed = wrong.tokens[span.first + token];
      changed = changed == 200 ? 201 : 200;
      wrong.answers[question].text =
          small_tokenizer().decode(std::span(wrong.tokens).subspan(span.first, kAnswer));
      EXPECT_EQ(ask(small_model(), small_tokenizer())({&wrong, 1}).front(), Verdict{})
          << question << " " << token;
    }
  }
}

TEST(NeedleAnswer, PromptsTogetherAreAnsweredAsEachAlone) {
  const std::vector<Prompt> prompts = random_prompts(12);
  const Answerer answerer = ask(small_model(), small_tokenizer());
  const std::vector<Verdict> together = answerer(prompts);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    EXPECT_EQ(together[i], answerer({&prompts[i], 1}).front()) << i;
  }
  EXPECT_TRUE(answerer({}).empty());
}

TEST(NeedleAnswer, AnAnswerCountsByItsTextHoweverItIsCutIntoTokens) {
  const auto& all = written_prompts();
  const auto found = std::find_if(all.begin(), all.end(), [](const Written& written) {
    return written.prompt.answers[1].text.size() > kAnswer && written.end_there[1];
  });
  ASSERT_NE(found, all.end());
  Prompt prompt = found->prompt;
  // The same text as single bytes: not the tokens that the model prefers.
  prompt.answers = {prompt.answers.back()};
  AnswerSpan& answer = prompt.answers.front();
  prompt.tokens.resize(static_cast<std::size_t>(answer.first));
  for (const char byte : answer.text) {
    prompt.tokens.push_back(*small_tokenizer().id_of(std::string_view(&byte, 1)));
  }
  answer.count = static_cast<std::int64_t>(answer.text.size());
  EXPECT_EQ(ask(small_model(), small_tokenizer())({&prompt, 1}).front(),
            (Verdict{.by_probability = false, .by_generation = true}));
}

TEST(NeedleAnswer, PromptsOfTwoLengthsAndTokensOutsideTheVocabularyAreRefused) {
  std::vector<Prompt> prompts = random_prompts(2);
  const Answerer answerer = ask(small_model(), small_tokenizer());
  prompts[1].tokens.push_back(3);
  EXPECT_THROW(answerer(prompts), Error);
  prompts.resize(1);
  prompts[0].tokens[0] = 300;
  EXPECT_THROW(answerer(prompts), Error);
}

}  // namespace
}  // namespace rq::eval
