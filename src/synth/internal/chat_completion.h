#pragma once
// Chat completions as OpenAI's API has them: the body that asks a question, and the body that comes
// back, which is read with distrust.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "synth/answer_store.h"
#include "synth/endpoint.h"

namespace rq::synth {

// An Error where its parts are not what a request can be made of.
void check_question(const Question& question);
// Under which the answer is kept.
AnswerKey key_of(const EndpointConfig& config, const Question& question);
std::string request_body(const EndpointConfig& config, const Question& question);

struct ChatReply {
  // Without an answer: text that is empty, and `junk` says what is wrong.
  StoredAnswer answer = {};
  std::string junk = {};
  bool is_usage_believed = true;
};

// Reads the body of a reply with status 200 to a question of `question_bytes`. Usage is believed
// where it is there and the texts allow it: a token is a byte at least and 64 at most on average,
// and a chat template adds up to 1024 tokens to a question. Tokens of reasoning that the endpoint
// keeps to itself are believed as it reports them. Else it is estimated by 4 bytes a token. A reply
// that is junk costs what it reports, and nothing where it reports nothing. Dollars are left at 0.
ChatReply read_chat_reply(std::string_view body, std::size_t question_bytes);

// What an endpoint says about a failure, in one line of 300 bytes at most, without `key`.
std::string words_of(std::string_view body, std::string_view key);

}  // namespace rq::synth
