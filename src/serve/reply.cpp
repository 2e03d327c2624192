#include "serve/reply.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/rng.h"
#include "serve/api_error.h"
#include "tokenizer/text_stream.h"

namespace rq::serve {

Reply::Reply(ModelHost& host, Settings settings)
    : host_(host),
      settings_(std::move(settings)),
      id_(fmt::format("{:08x}{:08x}", std::random_device()(), std::random_device()())),
      created_(std::chrono::duration_cast<std::chrono::seconds>(
                   std::chrono::system_clock::now().time_since_epoch())
                   .count()) {}

void Reply::want(const std::vector<std::int32_t>& prompt,
                 std::int64_t max_tokens,
                 std::int64_t alternatives,
                 bool scores_prompt) {
  prompt_tokens_ += static_cast<std::int64_t>(prompt.size());
  for (std::int64_t i = 0; i < settings_.n; ++i) {
    AnswerStream::Wanted one{.request = {.prompt = prompt,
                                         .sampling = settings_.sampling,
                                         .max_tokens = max_tokens,
                                         .end_tokens = host_.end_tokens(),
                                         .alternatives = alternatives,
                                         .scores_prompt = scores_prompt},
                             .stops = settings_.stops};
    // The first answer to the first prompt is that of the seed itself, alone or among others.
    one.request.sampling.seed += mix64(wanted_.size()) - mix64(0);
    wanted_.push_back(std::move(one));
  }
}

Json Reply::head(const char* object) const {
  return {{"id", fmt::format("{}-{}", object[0] == 'c' ? "chatcmpl" : "cmpl", id_)},
          {"object", object},
          {"created", created_},
          {"model", host_.name()}};
}

void Reply::count(const AnswerEvent& event) {
  answer_tokens_ += static_cast<std::int64_t>(event.tokens.size());
  cached_tokens_ += event.outcome ? event.outcome->reused_tokens : 0;
}

Json Reply::usage() const {
  return {{"prompt_tokens", prompt_tokens_},
          {"completion_tokens", answer_tokens_},
          {"total_tokens", prompt_tokens_ + answer_tokens_},
          {"prompt_tokens_details", {{"cached_tokens", cached_tokens_}}}};
}

std::string Reply::text_of(std::int32_t token) const {
  const std::string bytes(host_.tokenizer().bytes_of(token));
  return tokenizer::repaired_utf8(bytes);
}

Json finish_reason(const std::optional<generate::Outcome>& outcome) {
  if (!outcome) {
    return {};
  }
  return outcome->finish == generate::Finish::kLength ? "length" : "stop";
}

}  // namespace rq::serve
