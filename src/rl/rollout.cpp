#include "rl/rollout.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/format.h"
#include "base/rng.h"
#include "base/signals.h"
#include "generate/engine.h"

namespace rq::rl {

Rollout roll_out(const model::Model& model,
                 const std::vector<const Prompt*>& prompts,
                 const std::vector<std::int32_t>& end_tokens,
                 const RlConfig& config,
                 std::uint64_t seed) {
  generate::Engine engine(model, {.cache_tokens = config.cache_tokens});
  Rollout rollout;
  rollout.groups.assign(prompts.size(),
                        std::vector<Answer>(static_cast<std::size_t>(config.group)));
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    Rng seeds(seed, fmt::format("rl/answers/{}", i));
    for (Answer& answer : rollout.groups[i]) {
      // The end token is the policy's own choice: it is listened for, and kept.
      engine.add({.prompt = prompts[i]->tokens,
                  .sampling = {.temperature = config.temperature, .seed = seeds.next()},
                  .max_tokens = config.max_tokens,
                  .is_tempered = true,
                  .on_token =
                      [&answer, &end_tokens](const generate::Token& token) {
                        answer.tokens.push_back(token.token);
                        answer.logprobs.push_back(token.logprob);
                        return std::ranges::find(end_tokens, token.token) == end_tokens.end();
                      },
                  .on_finish =
                      [&answer](const generate::Outcome& outcome) {
                        answer.is_cut = outcome.finish == generate::Finish::kLength;
                      }});
    }
  }
  while (engine.step()) {
    throw_if_stopped();
  }
  const generate::EngineStatus status = engine.status();
  rollout.prompt_tokens = status.prompt_tokens - status.reused_tokens;
  return rollout;
}

}  // namespace rq::rl
