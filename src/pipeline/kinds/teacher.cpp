#include "pipeline/kinds/teacher.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/progress.h"
#include "base/rng.h"
#include "generate/answer_all.h"
#include "model/hf_weights.h"
#include "pipeline/kinds/training.h"
#include "plan/flops.h"
#include "synth/answer_log.h"

namespace rq::pipeline {

namespace fs = std::filesystem;

Answers ask_model(Context& context,
                  const SynthSettings& settings,
                  const std::vector<Question>& questions) {
  const fs::path folder = context.place({ThingType::kModel, settings.from});
  const auto vocabulary = load_tokenizer(folder);
  const Chat chat = load_chat(folder, vocabulary, settings.from);
  const model::Model model = model::load_model(folder);
  synth::AnswerLog log(context.work / "answers.jsonl");
  std::vector<generate::Request> requests;
  std::vector<std::pair<const Question*, std::int64_t>> asked;  // beside the requests
  for (const Question& question : questions) {
    Rng seeds(context.seed, "synth/" + question.id);
    const auto prompt = vocabulary.encode(chat.format.render(question.asked.as_json()));
    for (std::int64_t sample = 0; sample < settings.samples; ++sample) {
      const std::uint64_t seed = seeds.next();
      if (log.find(question.id, sample) != nullptr) {
        continue;
      }
      asked.emplace_back(&question, sample);
      requests.push_back(
          {.prompt = prompt,
           .sampling = {.temperature = settings.temperature, .top_p = settings.top_p, .seed = seed},
           .max_tokens = settings.max_tokens,
           .end_tokens = chat.end_tokens});
    }
  }
  const auto all = static_cast<std::int64_t>(questions.size()) * settings.samples;
  std::int64_t done = all - static_cast<std::int64_t>(requests.size());
  Progress bar(context.work.filename().string(), all, "answers");
  bar.resume_at(done);
  const double flops = plan::forward_flops(model.config, settings.max_tokens);
  generate::Engine engine(model, {});
  generate::answer_all(
      engine, std::move(requests), [&](std::size_t i, const generate::Answer& answer) {
        const auto& [question, sample] = asked[i];
        log.add(question->id,
                sample,
                {.text = vocabulary.decode(answer.tokens),
                 .tokens = static_cast<std::int64_t>(answer.tokens.size()),
                 .is_cut = answer.is_cut});
        bar.update(++done);
        context.cost.add_tokens(static_cast<std::int64_t>(answer.tokens.size()));
        context.cost.add_flops(flops * static_cast<double>(answer.tokens.size()));
      });
  Answers answers(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    for (std::int64_t sample = 0; sample < settings.samples; ++sample) {
      answers[i].push_back(*log.find(questions[i].id, sample));
    }
  }
  return answers;
}

Answers ask_endpoint(Context& context,
                     const SynthSettings& settings,
                     const std::vector<Question>& questions) {
  const Json sampling = {{"temperature", settings.temperature},
                         {"top_p", settings.top_p},
                         {"max_tokens", settings.max_tokens}};
  std::vector<synth::Question> asked;
  for (const Question& question : questions) {
    for (std::int64_t sample = 0; sample < settings.samples; ++sample) {
      asked.push_back(
          {.messages = question.asked.as_json(), .sampling = sampling, .sample = sample});
    }
  }
  synth::AnswerStore store(context.cache / "answers.sqlite");
  synth::Endpoint endpoint(settings.endpoint, store);
  Progress bar(
      context.work.filename().string(), static_cast<std::int64_t>(asked.size()), "answers");
  const synth::EndpointAnswers got = endpoint.ask(
      asked, {.budget = settings.budget, .on_progress = [&](const synth::Tally& tally) {
                bar.update(tally.done());
              }});
  bar.finish();
  const synth::Tally& tally = got.tally;
  context.cost.add_tokens(tally.cost.answer_tokens);
  context.log(
      fmt::format("{} answers for {:.2f} dollars, {} known before; {} refused, {} given up, {} "
                  "no answers, {} "
                  "past the budget",
                  tally.answered,
                  tally.cost.dollars,
                  tally.stored,
                  tally.refused,
                  tally.given_up,
                  tally.junk,
                  tally.out_of_budget));
  Answers answers(questions.size());
  for (std::size_t i = 0; i < got.answers.size(); ++i) {
    const synth::EndpointAnswer& one = got.answers[i];
    if (one.outcome == synth::Outcome::kAnswered || one.outcome == synth::Outcome::kStored) {
      answers[i / static_cast<std::size_t>(settings.samples)].push_back(
          {.text = one.answer.text,
           .tokens = one.answer.cost.answer_tokens,
           .is_cut = one.answer.finish_reason == "length"});
    }
  }
  return answers;
}

}  // namespace rq::pipeline
