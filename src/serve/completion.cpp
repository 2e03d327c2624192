// POST /v1/completions: texts or tokens continued, with the log-probabilities of all of them where
// they are wanted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "serve/api_error.h"
#include "serve/reply.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/text_stream.h"

namespace rq::serve {
namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::int64_t kMostAlternatives = 20;
constexpr std::size_t kMostPrompts = 2048;

Tokens read_tokens(const Json& list) {
  Tokens tokens;
  for (const Json& token : list) {
    if (!token.is_number_integer() || token.get<std::int64_t>() < 0 ||
        token.get<std::int64_t>() > INT32_MAX) {
      throw ApiError(400, "prompt: a list of tokens holds something else than tokens", "prompt");
    }
    tokens.push_back(token.get<std::int32_t>());
  }
  return tokens;
}

// Fill-in-the-middle as the training data has it: prefix, suffix, then the middle.
Tokens with_suffix(const ModelHost& host, const std::string& prefix, const std::string& suffix) {
  const tokenizer::Tokenizer& tokenizer = host.tokenizer();
  const auto begin = tokenizer.id_of(tokenizer::kFimBegin),
             hole = tokenizer.id_of(tokenizer::kFimHole), end = tokenizer.id_of(tokenizer::kFimEnd);
  if (!begin || !hole || !end) {
    throw ApiError(400, "suffix: this model has no tokens to fill in a middle", "suffix");
  }
  Tokens tokens = {*begin};
  tokenizer.encode_ordinary_to(prefix, tokens);
  tokens.push_back(*hole);
  tokenizer.encode_ordinary_to(suffix, tokens);
  tokens.push_back(*end);
  return tokens;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

class Completion : public Reply {
 public:
  Completion(ModelHost& host, const Json& body)
      : Reply(host,
              read_settings(body, host.vocabulary()),
              {.id = "cmpl", .object = "text_completion", .chunk = "text_completion"}),
        echoes_(flag_or(body, "echo", false)),
        alternatives_(integer_or(body, "logprobs", -1, 0, kMostAlternatives)) {
    const std::int64_t max_tokens = integer_or(body, "max_tokens", 16, 0, INT32_MAX);
    const std::string suffix = text_or(body, "suffix", "");
    const Json prompt = body.contains("prompt") ? body["prompt"] : Json();
    if (!suffix.empty() && !prompt.is_string()) {
      throw ApiError(400, "suffix: the prompt must then be one text", "prompt");
    }
    prompts_ = suffix.empty()
                   ? read_prompts(host, prompt)
                   : std::vector<Tokens>{with_suffix(host, prompt.get<std::string>(), suffix)};
    for (const Tokens& tokens : prompts_) {
      want(tokens,
           max_tokens,
           std::max<std::int64_t>(alternatives_, 0),
           echoes_ && alternatives_ >= 0);
    }
    choices_.resize(prompts_.size() * static_cast<std::size_t>(settings_.n));
  }

  std::vector<Json> take(AnswerEvent event) override {
    count(event);
    const std::size_t answer = event.answer;
    Choice& choice = choices_[answer];
    if (!streams()) {
      choice.add(std::move(event));
      return {};
    }
    // A stream says what is new; an echo comes with the first of it.
    Answered news;
    news.add(std::move(event));
    const bool is_first = !choice.is_begun;
    if (is_first && news.text.empty() && news.tokens.empty() && !news.outcome) {
      choice.prompt_tokens = std::move(news.prompt_tokens);
      return {};
    }
    choice.is_begun = true;
    if (is_first) {
      news.prompt_tokens = std::move(choice.prompt_tokens);
    }
    Json piece = chunk();
    piece["choices"] = Json::array({describe(answer, news, is_first, choice.characters)});
    const auto pass = [&](std::int32_t token) {
      choice.characters += characters_of(text_of(token));
    };
    if (is_first && echoes_) {
      std::ranges::for_each(prompt_of(answer), pass);
    }
    std::ranges::for_each(news.tokens, pass, &generate::Token::token);
    return {piece};
  }

  Json whole() const override {
    Json reply = head();
    reply["choices"] = Json::array();
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      reply["choices"].push_back(describe(i, choices_[i], true, 0));
    }
    reply["usage"] = usage();
    return reply;
  }

 private:
  struct Choice : Answered {
    bool is_begun = false;       // a stream has said something of it
    std::size_t characters = 0;  // of the tokens that it has said
  };

  const Tokens& prompt_of(std::size_t answer) const {
    return prompts_[answer / static_cast<std::size_t>(settings_.n)];
  }

  // `before`: characters of the tokens before these.
  Json describe(std::size_t answer,
                const Answered& choice,
                bool with_prompt,
                std::size_t before) const {
    const bool echoes = echoes_ && with_prompt;
    std::string text;
    if (echoes) {
      text = tokenizer::repaired_utf8(host_.tokenizer().decode(prompt_of(answer)));
    }
    return {{"index", answer},
            {"text", text + choice.text},
            {"logprobs", alternatives_ < 0 ? Json() : logprobs(answer, choice, echoes, before)},
            {"finish_reason", finish_reason(choice.outcome)}};
  }

  Json logprobs(std::size_t answer, const Answered& choice, bool echoes, std::size_t offset) const {
    Json tokens = Json::array(), values = Json::array(), best = Json::array(),
         offsets = Json::array();
    const auto add = [&](std::int32_t token, const Json& value, const Json& alternatives) {
      const std::string text = text_of(token);
      tokens.push_back(text);
      values.push_back(value);
      best.push_back(alternatives);
      offsets.push_back(offset);
      offset += characters_of(text);
    };
    const auto add_token = [&](const generate::Token& token) {
      Json alternatives = Json::object();
      for (const generate::TokenLogprob& one : token.alternatives) {
        alternatives.emplace(text_of(one.token), one.logprob);  // the most probable of one text
      }
      alternatives.emplace(text_of(token.token), token.logprob);
      add(token.token, token.logprob, alternatives_ > 0 ? alternatives : Json());
    };
    if (echoes) {
      add(prompt_of(answer).front(), Json(), Json());
      std::ranges::for_each(choice.prompt_tokens, add_token);
    }
    std::ranges::for_each(choice.tokens, add_token);
    return {{"tokens", tokens},
            {"token_logprobs", values},
            {"top_logprobs", best},
            {"text_offset", offsets}};
  }

  bool echoes_;
  std::int64_t alternatives_;  // -1: no log-probabilities
  std::vector<Tokens> prompts_;
  std::vector<Choice> choices_;
};

}  // namespace

std::vector<Tokens> read_prompts(const ModelHost& host, const Json& prompt) {
  if (prompt.is_string()) {
    return {host.tokenizer().encode(prompt.get<std::string>())};
  }
  if (!prompt.is_array() || prompt.empty()) {
    throw ApiError(400, "prompt must be a text, tokens, or a list of either", "prompt");
  }
  if (prompt.front().is_number()) {
    return {read_tokens(prompt)};
  }
  if (prompt.size() > kMostPrompts) {
    throw ApiError(400, fmt::format("prompt: at most {} at once", kMostPrompts), "prompt");
  }
  std::vector<Tokens> prompts;
  for (const Json& one : prompt) {
    if (!one.is_string() && !one.is_array()) {
      throw ApiError(400, "prompt must be a text, tokens, or a list of either", "prompt");
    }
    prompts.push_back(one.is_string() ? host.tokenizer().encode(one.get<std::string>())
                                      : read_tokens(one));
  }
  return prompts;
}

std::unique_ptr<Reply> make_completion(ModelHost& host, const Json& body) {
  return std::make_unique<Completion>(host, body);
}

}  // namespace rq::serve
