#pragma once
// An endpoint of OpenAI's completions, which continue a text and can tell the log-probabilities of
// its tokens: vLLM, SGLang, llama.cpp, `rorqual serve`. Nothing is kept.

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "base/json.h"
#include "synth/endpoint.h"

namespace rq::synth {

struct CompletionReply {
  Json body = {};            // as it came
  std::string failure = {};  // why there is none, with the endpoint's words
};

class Completions {
 public:
  // An Error with all problems of the config, or where the key is missing.
  explicit Completions(EndpointConfig config, Patience patience = {});

  // Posts each body, with the model's name put in, several at once; `on_reply` is told of each, in
  // their order, on the caller's thread. An Error where there is no endpoint, or where it refuses
  // the key or the model; Interrupted on a stop.
  void post(std::span<const Json> bodies,
            const std::function<void(std::size_t index, CompletionReply)>& on_reply) const;

 private:
  EndpointConfig config_;
  Patience patience_;
  std::string key_;
};

}  // namespace rq::synth
