// Where needles stand, and what surrounds them.

#include "eval/needle_prompt.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/config.h"
#include "eval/testing/prose.h"

namespace rq::eval {
namespace {

using testing::Lines;
using testing::prose;
using testing::small_tokenizer;

constexpr std::int64_t kLongestSentence = 60;  // tokens, of the made-up prose

NeedleConfig all_variants() {
  return {.lengths = {400, 1000},
          .depths = {0, 0.3, 1},
          .needles = 6,
          .variants = {Variant::kSingle, Variant::kMultiKey, Variant::kMultiNeedle}};
}

// Calls visit(place, prompt) for every prompt of the config.
template <typename Visit>
void for_each_prompt(const NeedleConfig& config, Lines lines, const Visit& visit) {
  const PromptMaker prompts(small_tokenizer(), prose(600, lines), config);
  for (const Variant variant : config.variants) {
    for (const std::int64_t length : config.lengths) {
      for (const double depth : config.depths) {
        for (std::int64_t number = 0; number < config.needles; ++number) {
          const NeedlePlace place{.variant = variant, .length = length, .depth = depth};
          SCOPED_TRACE(fmt::format("{} {} {} {}", enum_name(variant), length, depth, number));
          visit(place, prompts(place, number));
        }
      }
    }
  }
}

std::string decode(const Prompt& prompt, std::int64_t first, std::int64_t end) {
  return small_tokenizer().decode(std::span(prompt.tokens).subspan(first, end - first));
}

// The line that begins at a token, without its newline.
std::string line_at(const Prompt& prompt, std::int64_t first) {
  const std::string text = decode(prompt, first, static_cast<std::int64_t>(prompt.tokens.size()));
  return text.substr(0, text.find('\n'));
}

TEST(NeedlePrompt, HasExactlyItsLengthAndEndsWithTheLastAnswer) {
  for_each_prompt(
      all_variants(), Lines::kSentences, [](const NeedlePlace& place, const auto& prompt) {
        EXPECT_EQ(static_cast<std::int64_t>(prompt.tokens.size()), place.length);
        const AnswerSpan& last = prompt.answers.back();
        EXPECT_EQ(last.first + last.count, place.length);
      });
}

TEST(NeedlePrompt, EveryFactIsALineOfItsOwnAndEveryAskedOneIsRepeatedAtTheEnd) {
  const NeedleConfig config = all_variants();
  for_each_prompt(config, Lines::kOne, [&](const NeedlePlace& place, const Prompt& prompt) {
    ASSERT_EQ(static_cast<std::int64_t>(prompt.statements.size()),
              config.stated_facts(place.variant));
    std::set<std::string> statements, asked;
    for (const std::int64_t first : prompt.statements) {
      EXPECT_TRUE(first == 0 || decode(prompt, first - 1, first).ends_with('\n'));
      statements.insert(line_at(prompt, first));
    }
    EXPECT_EQ(statements.size(), prompt.statements.size());
    for (const AnswerSpan& answer : prompt.answers) {
      const std::string before = decode(prompt, 0, answer.first);
      const std::string question = before.substr(before.rfind('\n') + 1);
      EXPECT_EQ(question.rfind("Remember ", 0), 0U) << question;
      EXPECT_EQ(decode(prompt, answer.first, answer.first + answer.count), answer.text);
      EXPECT_TRUE(statements.contains(question + answer.text + ".")) << question + answer.text;
      asked.insert(question + answer.text + ".");
    }
    EXPECT_EQ(static_cast<std::int64_t>(asked.size()), config.asked_facts(place.variant));
    EXPECT_TRUE(asked.contains(line_at(prompt, prompt.statements.front())));
  });
}

TEST(NeedlePrompt, TheFirstFactStandsAtItsDepth) {
  for_each_prompt(all_variants(), Lines::kOne, [](const NeedlePlace& place, const Prompt& prompt) {
    const auto statement = [&](std::int64_t first) {
      return static_cast<std::int64_t>(
          small_tokenizer().encode_ordinary(line_at(prompt, first) + "\n").size());
    };
    // The haystack's tokens before the fact, and in all, without newlines between.
    std::int64_t before = prompt.statements.front(), facts = 0;
    for (const std::int64_t first : prompt.statements) {
      before -= first < prompt.statements.front() ? statement(first) : 0;
      facts += statement(first);
    }
    const std::string text = decode(prompt, 0, prompt.answers.front().first);
    const std::int64_t tail =
        static_cast<std::int64_t>(
            small_tokenizer().encode_ordinary(text.substr(text.rfind('\n'))).size()) +
        place.length - prompt.answers.front().first;
    const auto whole = static_cast<double>(place.length - facts - tail);
    EXPECT_LE(std::abs(static_cast<double>(before) - place.depth * whole), kLongestSentence);
    EXPECT_NEAR(static_cast<double>(before) / whole, prompt.depth, 10 / whole);
    if (place.depth == 0) {
      EXPECT_EQ(before, 0);
    }
  });
}

TEST(NeedlePrompt, FactsStandBetweenSentencesAndNotInThem) {
  for_each_prompt(all_variants(), Lines::kOne, [](const NeedlePlace&, const Prompt& prompt) {
    for (const std::int64_t first : prompt.statements) {
      const std::string before = decode(prompt, 0, first);
      EXPECT_TRUE(first == 0 || before.ends_with(".\n")) << before.substr(before.size() - 9);
    }
  });
}

TEST(NeedlePrompt, WhatIsNotAFactIsAPieceOfTheHaystack) {
  const std::string haystack = prose(600, Lines::kSentences);
  for_each_prompt(all_variants(), Lines::kSentences, [&](const NeedlePlace&, const Prompt& prompt) {
    std::string rest = decode(prompt, 0, static_cast<std::int64_t>(prompt.tokens.size()));
    for (std::size_t at = 0; (at = rest.find("Remember ", at)) != std::string::npos;) {
      rest.erase(at, std::min(rest.find('\n', at), rest.size()) - at + 1);
    }
    rest.pop_back();  // the newline before the questions
    EXPECT_NE((haystack + haystack).find(rest), std::string::npos) << rest;
  });
}

TEST(NeedlePrompt, IsTheSameForTheSameNumberAndSeedAndNoOther) {
  const auto tokens = [](std::int64_t seed, std::int64_t number) {
    NeedleConfig config = all_variants();
    config.seed = seed;
    const PromptMaker prompts(small_tokenizer(), prose(600, Lines::kOne), config);
    return prompts({.variant = Variant::kSingle, .length = 400, .depth = 0.3}, number).tokens;
  };
  EXPECT_EQ(tokens(1, 0), tokens(1, 0));
  EXPECT_NE(tokens(1, 0), tokens(1, 1));
  EXPECT_NE(tokens(1, 0), tokens(2, 0));
}

TEST(NeedlePrompt, ProseWithoutBordersStillTakesAFactAtItsDepth) {
  const std::string endless(20000, 'a');
  const PromptMaker prompts(small_tokenizer(), endless, {});
  const Prompt prompt = prompts({.variant = Variant::kSingle, .length = 1500, .depth = 0.5}, 0);
  EXPECT_EQ(prompt.tokens.size(), 1500U);
  EXPECT_NEAR(prompt.depth, 0.5, 0.02);
}

void expect_refusal(const NeedlePlace& place, const std::string& haystack, const char* sentence) {
  const PromptMaker prompts(small_tokenizer(), haystack, {});
  try {
    prompts.check_fits(place);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(sentence), std::string::npos) << error.what();
  }
}

TEST(NeedlePrompt, LengthsThatHoldTooLittleAreRefusedWithBothNumbers) {
  expect_refusal({.variant = Variant::kMultiNeedle, .length = 90, .depth = 0},
                 prose(600, Lines::kOne),
                 "a length of 90 tokens is too short for multi-needle: its facts and questions");
}

TEST(NeedlePrompt, AHaystackShorterThanTheLengthIsRefusedWithBothNumbers) {
  const std::string brief = prose(5, Lines::kOne);
  expect_refusal({.variant = Variant::kSingle, .length = 5000, .depth = 0},
                 brief,
                 fmt::format("the haystack has {} tokens, fewer than the length of 5000",
                             small_tokenizer().encode(brief).size())
                     .c_str());
  EXPECT_THROW(PromptMaker(small_tokenizer(), "", {}), Error);
}

}  // namespace
}  // namespace rq::eval
