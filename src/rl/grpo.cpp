#include "rl/grpo.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "base/rng.h"
#include "base/threads.h"
#include "kernels/cross_entropy.h"
#include "model/parameters.h"
#include "rl/alarms.h"
#include "rl/lessons.h"
#include "rl/objective.h"
#include "rl/step_numbers.h"
#include "train/objective.h"

namespace rq::rl {
namespace {

using train::Foretold;

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// The text of an answer: without the token that ended it.
std::string text_of(const Answer& answer, const tokenizer::Tokenizer& tokenizer) {
  const std::span<const std::int32_t> tokens(answer.tokens);
  return tokenizer.decode(answer.is_cut ? tokens : tokens.first(tokens.size() - 1));
}

int64_t tokens_of(std::span<const Lesson> lessons) {
  int64_t tokens = 0;
  for (const Lesson& lesson : lessons) {
    tokens += lesson.length();
  }
  return tokens;
}

double answer_tokens_of(const std::vector<JudgedGroup>& groups) {
  double tokens = 0;
  for (const JudgedGroup& group : groups) {
    for (const JudgedAnswer& judged : group.answers) {
      tokens += static_cast<double>(judged.answer.tokens.size());
    }
  }
  return tokens;
}

// What is seen in the passes of a step; sums over tokens of answers, and a largest value.
struct Sums {
  double answer_tokens = 0, kl = 0, clipped = 0, mismatch = 0;
};

class GroupSteps : public train::Steps {
 public:
  explicit GroupSteps(RlJob& job) : job_(job), alarms_(job.config.mismatch_limit) {}

  Way way(const train::Trainer& trainer) const override {
    const int64_t answers = job_.config.prompts * job_.config.group;  // of a step
    return {step_of(trainer) * answers, job_.config.steps * answers, "answers"};
  }

  train::StepDone next(train::Trainer& trainer) override {
    const int64_t step = step_of(trainer);
    const auto began = std::chrono::steady_clock::now();
    const std::vector<std::size_t> asked = prompts_of(step);
    const Rollout rollout = roll_out(step, asked);
    const double rollout_s = seconds_since(began);
    const std::vector<JudgedGroup> groups = judged(asked, rollout);
    const double judging_s = seconds_since(began) - rollout_s;
    if (job_.config.reference_every > 0 && step > 0 && step % job_.config.reference_every == 0) {
      refresh_reference();
    }
    train::StepDone done = learn(trainer, step, groups);
    done.scalars.insert(done.scalars.end(),
                        {{"rollout_s", rollout_s},
                         {"judging_s", judging_s},
                         {"update_s", seconds_since(began) - rollout_s - judging_s}});
    const double generated = static_cast<double>(rollout.prompt_tokens) + answer_tokens_of(groups);
    const double forward = job_.forward_flops * (job_.reference ? 1 : 0);
    done.flops = static_cast<double>(done.tokens) * (job_.training_flops + forward) +
                 generated * job_.forward_flops;
    done.scalars.emplace_back("answer_tokens", answer_tokens_of(groups));
    if (job_.on_answers) {
      job_.on_answers(step + 1, groups);
    }
    return done;
  }

  Json state() const override {
    return {{"seed", job_.seed},
            {"prompts", job_.prompts.size()},
            {"updates_per_step", job_.config.updates_per_step()},
            {"alarms", alarms_.state()}};
  }
  void restore(const Json& state) override {
    const Json now = this->state();
    for (const char* const key : {"seed", "prompts", "updates_per_step"}) {
      check(state.at(key) == now.at(key),
            "the checkpoint is of another training: {} was {} and is {}",
            key,
            state.at(key).dump(),
            now.at(key).dump());
    }
    alarms_.restore(state.at("alarms"));
  }
  std::vector<std::pair<std::string, Tensor>> tensors() override {
    std::vector<std::pair<std::string, Tensor>> named;
    if (job_.reference && job_.config.reference_every > 0) {
      model::each_tensor(*job_.reference,
                         [&](const std::string& name, const Tensor& tensor, model::Role) {
                           named.emplace_back("reference." + name, tensor);
                         });
    }
    return named;
  }

 private:
  int64_t step_of(const train::Trainer& trainer) const {
    return trainer.steps() / job_.config.updates_per_step();
  }

  // The prompts of a step: epoch by epoch all of them, each time in another order.
  std::vector<std::size_t> prompts_of(int64_t step) const {
    const auto all = static_cast<int64_t>(job_.prompts.size());
    std::vector<std::size_t> asked, order(job_.prompts.size());
    int64_t ordered = -1;
    for (int64_t i = 0; i < job_.config.prompts; ++i) {
      const int64_t place = step * job_.config.prompts + i;
      if (place / all != ordered) {
        ordered = place / all;
        std::iota(order.begin(), order.end(), 0);
        Rng(job_.seed, fmt::format("rl/prompts/{}", ordered)).shuffle(order);
      }
      asked.push_back(order[static_cast<std::size_t>(place % all)]);
    }
    return asked;
  }

  Rollout roll_out(int64_t step, const std::vector<std::size_t>& asked) const {
    std::vector<const Prompt*> prompts;
    for (const std::size_t i : asked) {
      prompts.push_back(&job_.prompts[i]);
    }
    Rng seeds(job_.seed, fmt::format("rl/rollout/{}", step));
    return rl::roll_out(job_.model, prompts, job_.end_tokens, job_.config, seeds.next());
  }

  std::vector<JudgedGroup> judged(const std::vector<std::size_t>& asked,
                                  const Rollout& rollout) const {
    const auto group = static_cast<std::size_t>(job_.config.group);
    std::vector<JudgedGroup> groups;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      groups.push_back({.prompt = asked[i], .answers = {}});
      for (const Answer& answer : rollout.groups[i]) {
        groups.back().answers.push_back({.answer = answer,
                                         .text = text_of(answer, job_.tokenizer),
                                         .reward = {},
                                         .advantage = 0});
      }
    }
    for_each_index(groups.size() * group, threads_for(0), [&](std::size_t i) {
      JudgedAnswer& answer = groups[i / group].answers[i % group];
      answer.reward = job_.judge(groups[i / group].prompt, answer.text);
    });
    if (job_.judge_all) {
      job_.judge_all(groups);
    }
    for (JudgedGroup& one : groups) {
      std::vector<double> rewards;
      for (const JudgedAnswer& answer : one.answers) {
        rewards.push_back(answer.reward.value);
      }
      const std::vector<double> advantages = group_advantages(rewards);
      for (std::size_t i = 0; i < group; ++i) {
        one.answers[i].advantage = advantages[i];
      }
    }
    return groups;
  }

  // The step's updates.
  train::StepDone learn(train::Trainer& trainer,
                        int64_t step,
                        const std::vector<JudgedGroup>& groups) {
    const int64_t minibatches = job_.config.minibatches;
    std::vector<Lesson> lessons = lessons_of(groups);
    train::StepDone done;
    Sums sums;
    for (int64_t update = 0; update < job_.config.updates_per_step(); ++update) {
      const int64_t part = update % minibatches;
      if (minibatches > 1 && part == 0) {
        Rng(job_.seed, fmt::format("rl/minibatches/{}/{}", step, update)).shuffle(lessons);
      }
      const auto count = static_cast<int64_t>(lessons.size());
      const auto first = count * part / minibatches, last = count * (part + 1) / minibatches;
      const std::span<const Lesson> minibatch(lessons.data() + first, lessons.data() + last);
      const double mismatch = sums.mismatch;
      const int64_t tokens = tokens_of(minibatch);
      done.report = trainer.step(tokens, pieces_of(minibatch, sums));
      done.tokens += tokens;
      sums.mismatch = update == 0 ? sums.mismatch : mismatch;  // later the policy is another
    }
    StepNumbers numbers = numbers_of(groups, job_.prompts);
    if (sums.answer_tokens > 0) {
      numbers.kl = sums.kl / sums.answer_tokens;
      numbers.clipped = sums.clipped / sums.answer_tokens;
      numbers.mismatch = sums.mismatch;
    }
    for (const std::string& sentence : alarms_.look(numbers)) {
      job_.workplace.log(fmt::format("step {}: {}", step + 1, sentence));
    }
    done.scalars = numbers.scalars();
    done.note = fmt::format("reward {:.3f}, {:.0f} tokens", numbers.reward, numbers.length);
    return done;
  }

  std::vector<Lesson> lessons_of(const std::vector<JudgedGroup>& groups) const {
    std::vector<Lesson> lessons;
    for (const JudgedGroup& group : groups) {
      if (job_.config.skip_flat && group.is_flat()) {
        continue;
      }
      for (const JudgedAnswer& judged : group.answers) {
        if (!judged.answer.is_cut || job_.config.overlong == Overlong::kGraded) {
          lessons.push_back({&job_.prompts[group.prompt], &judged});
        }
      }
    }
    return lessons;
  }

  // The pieces of an update; each adds what it sees to the sums.
  std::vector<train::Piece> pieces_of(std::span<const Lesson> minibatch, Sums& sums) const {
    const std::vector<double> weights = weights_of(minibatch, job_.config.mean);
    std::vector<int64_t> lengths;
    for (const Lesson& lesson : minibatch) {
      lengths.push_back(lesson.length());
    }
    std::vector<train::Piece> pieces;
    for (const auto& [first, count] : train::cut(lengths, job_.config.piece_tokens)) {
      const auto from = static_cast<std::size_t>(first), size = static_cast<std::size_t>(count);
      pieces.emplace_back([this,
                           lessons = minibatch.subspan(from, size),
                           token_weights = std::vector(weights.begin() + first,
                                                       weights.begin() + first + count),
                           share = static_cast<double>(tokens_of(minibatch.subspan(from, size))) /
                                   static_cast<double>(tokens_of(minibatch)),
                           &sums](const train::LossWeights& factors) {
        PackedLessons packed = pack(lessons, token_weights);
        packed.samples.share = share;
        return train::sample_losses(
            job_.model, packed.samples, factors, job_.config.recompute, [&](const Foretold& found) {
              return loss_of(packed, found, sums);
            });
      });
    }
    return pieces;
  }

  Tensor loss_of(const PackedLessons& packed, const Foretold& found, Sums& sums) const {
    const Policy policy{.logprobs = logprobs_of(job_.model, found),
                        .rollout_logprobs = packed.rollout_logprobs.index_select(0, found.places),
                        .reference_logprobs = reference_logprobs(packed),
                        .advantages = packed.advantages.index_select(0, found.places),
                        .weights = found.weights};
    const PolicyLoss loss = policy_loss(
        policy,
        {.clip_below = job_.config.clip,
         .clip_above = job_.config.clip_above > 0 ? job_.config.clip_above : job_.config.clip,
         .kl_weight = job_.config.kl_weight,
         .kl_correction = job_.config.kl_correction});
    sums.answer_tokens += static_cast<double>(found.tokens.size(0));
    sums.clipped += loss.is_clipped.sum().item<double>();
    sums.kl += loss.kl.defined() ? loss.kl.sum().item<double>() : 0;
    sums.mismatch =
        std::max(sums.mismatch,
                 (policy.logprobs.detach() - policy.rollout_logprobs).abs().max().item<double>());
    return loss.total;
  }

  // At the rollout's temperature.
  Tensor logprobs_of(const model::Model& model, const Foretold& found) const {
    return kernels::log_probabilities(
        found.hidden / job_.config.temperature, model.output_head(), found.tokens);
  }

  Tensor reference_logprobs(const PackedLessons& packed) const {
    if (!job_.reference) {
      return {};
    }
    const at::NoGradGuard no_grad;
    return logprobs_of(*job_.reference, train::foretell(*job_.reference, packed.samples));
  }

  void refresh_reference() {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> now;
    model::each_tensor(job_.model, [&](const std::string&, const Tensor& tensor, model::Role) {
      now.push_back(tensor);
    });
    std::size_t next = 0;
    model::each_tensor(*job_.reference, [&](const std::string&, Tensor& tensor, model::Role) {
      tensor.copy_(now[next++]);
    });
  }

  RlJob& job_;
  Alarms alarms_;
};

}  // namespace

void reinforce(RlJob job) {
  check(!job.prompts.empty(), "there is no prompt to learn from");
  check(job.reference.has_value() == (job.config.kl_weight > 0),
        "a reference is needed where kl_weight={} is positive, and nowhere else",
        job.config.kl_weight);
  train::Trainer trainer(job.model, job.config);
  GroupSteps steps(job);
  train::run_loop(job.config, trainer, steps, job.workplace);
}

}  // namespace rq::rl
