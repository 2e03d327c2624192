#include "serve/reply.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "tokenizer/text_stream.h"

namespace rq::serve {

void Answered::add(AnswerEvent event) {
  text += event.text;
  reasoning += event.reasoning;
  std::ranges::move(event.prompt_tokens, std::back_inserter(prompt_tokens));
  std::ranges::move(event.tokens, std::back_inserter(tokens));
  outcome = event.outcome ? event.outcome : outcome;
}

Reply::Reply(ModelHost& host, Settings settings, const Names& names)
    : host_(host),
      settings_(std::move(settings)),
      names_(names),
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
  return {{"id", fmt::format("{}-{}", names_.id, id_)},
          {"object", object},
          {"created", created_},
          {"model", host_.name()}};
}
Json Reply::head() const {
  return head(names_.object);
}
Json Reply::chunk() const {
  return head(names_.chunk);
}

Json Reply::usage_chunk() const {
  Json last = chunk();
  last["choices"] = Json::array();
  last["usage"] = usage();
  return last;
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
  return tokenizer::repaired_utf8(host_.tokenizer().bytes_of(token));
}

Json finish_reason(const std::optional<generate::Outcome>& outcome) {
  if (!outcome) {
    return {};
  }
  return outcome->finish == generate::Finish::kLength ? "length" : "stop";
}

}  // namespace rq::serve
