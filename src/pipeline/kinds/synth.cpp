#include "pipeline/kinds/synth.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/json.h"
#include "base/require.h"
#include "base/threads.h"
#include "data/box_writer.h"
#include "data/conversation.h"
#include "data/preference.h"
#include "data/store.h"
#include "pipeline/kinds/teacher.h"
#include "pipeline/kinds/training.h"
#include "pipeline/kinds/workload.h"
#include "pipeline/recipe.h"
#include "reward/grade.h"
#include "synth/overlap.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

Question of_problem(reward::Problem problem) {
  return {.asked = {{{data::Role::kUser, problem.prompt}}},
          .problem = problem,
          .id = problem.id,
          .domain = std::string(name_of(problem.domain))};
}

// Up to the last turn of its user; without messages where there is none.
Question of_conversation(data::Conversation conversation, const std::string& box) {
  auto& messages = conversation.messages;
  while (!messages.empty() && messages.back().role != data::Role::kUser) {
    messages.pop_back();
  }
  std::string id = conversation.document();
  return {.asked = std::move(conversation), .problem = {}, .id = std::move(id), .domain = box};
}

class SynthProcess : public Process {
 public:
  using Settings = SynthSettings;
  Settings settings;

  ConfigNode config() const override { return write_config(settings); }
  Thing makes() const override { return {ThingType::kData, settings.makes}; }
  std::optional<data::Content> content() const override {
    return settings.form == Form::kConversations ? data::Content::kConversations
                                                 : data::Content::kPreferences;
  }

  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    if (!settings.from.empty()) {
      inputs.push_back({from(), "from"});
    }
    for (const auto& [names, key] :
         {std::pair{&settings.prompts, "prompts"}, std::pair{&settings.clear_of, "clear_of"}}) {
      for (const std::string& name : *names) {
        inputs.push_back({{ThingType::kData, name}, key});
      }
    }
    return inputs;
  }

  std::vector<std::string> problems(const Recipe& recipe) const override {
    std::vector<std::string> found = chat_problems(recipe, settings.from);
    for (const std::string& name : settings.prompts) {
      const auto content = recipe.content_of(name);
      const bool is_fit = !content || *content == data::Content::kProblems ||
                          *content == data::Content::kConversations;
      if (!is_fit) {
        found.push_back(fmt::format("prompts: data.{} holds {}, neither problems nor conversations",
                                    name,
                                    enum_name(*content)));
      } else if (content == data::Content::kConversations && settings.form == Form::kPreferences) {
        found.push_back(
            fmt::format("prompts: data.{} holds conversations, of whose answers no program says "
                        "which is right, "
                        "as form=preferences needs",
                        name));
      }
    }
    return found;
  }

  // Each question's answers that are kept: all that may be.
  std::optional<double> documents(const Recipe& recipe) const override {
    plan::Workload work;
    return questions(recipe, work) * recipe.answers_of(makes()).kept *
           static_cast<double>(std::min(settings.samples, settings.keep.at_most));
  }

  std::optional<Lengths> lengths(const Recipe& recipe) const override {
    plan::Workload work;
    const std::string& system =
        settings.written_system.empty() ? settings.system : settings.written_system;
    return Lengths{.question = question_tokens_in(recipe, settings.prompts, work) +
                               recipe.token_count()(system),
                   .answer = answer_tokens_of(recipe, makes(), settings.max_tokens)};
  }

  std::optional<plan::Workload> workload(const Recipe& recipe) const override {
    plan::Workload work{.dollars = settings.budget.dollars};
    if (!settings.from.empty()) {
      const auto shape = recipe.model_config(settings.from);
      if (!shape) {
        return {};
      }
      work.shape = *shape;
      work.has_prediction = false;
      work.generation = generation_of(recipe,
                                      {.made = makes(),
                                       .prompts = settings.prompts,
                                       .system = settings.system,
                                       .max_tokens = settings.max_tokens},
                                      work);
      work.generation.group = static_cast<double>(settings.samples);
      work.generation.temperature = settings.temperature;
      work.generation.top_p = settings.top_p;
      work.generation.answers = questions(recipe, work) * static_cast<double>(settings.samples);
      work.row_tokens = work.generation.prompt_tokens + work.generation.answer_tokens;
    }
    return work;
  }

  void run(Context& context) const override {
    const std::vector<Question> questions = read_questions(context);
    Answers answers = settings.from.empty() ? ask_endpoint(context, settings, questions)
                                            : ask_model(context, settings, questions);
    grade(questions, answers);
    write(context, questions, answers);
  }

 private:
  Thing from() const { return {ThingType::kModel, settings.from}; }

  double questions(const Recipe& recipe, plan::Workload& work) const {
    double sum = 0;
    for (const std::string& name : settings.prompts) {
      sum += documents_in(recipe, name, work);
    }
    return sum;
  }

  std::vector<Question> read_questions(const Context& context) const {
    std::vector<Question> questions;
    std::int64_t unasked = 0;
    for (const std::string& name : settings.prompts) {
      const data::DocumentStore box(context.place({ThingType::kData, name}));
      const std::string origin = "data." + name;
      for (std::int64_t i = 0; i < box.size(); ++i) {
        const bool is_conversation = box[i].starts_with("{\"messages\":");
        questions.push_back(is_conversation
                                ? of_conversation(data::parse_conversation(box[i], origin), name)
                                : of_problem(reward::parse_problem(box[i], origin)));
        if (questions.back().asked.messages.empty()) {
          questions.pop_back();
          ++unasked;
        } else {
          set_system(questions.back().asked.messages, settings.system);
        }
      }
    }
    if (unasked > 0) {
      context.log(fmt::format("{} conversations in which nobody asks are left out", unasked));
    }
    return questions;
  }

  // In place of the system prompt that a conversation has; "": nothing is changed.
  static void set_system(std::vector<data::Message>& messages, const std::string& system) {
    if (system.empty()) {
      return;
    }
    std::erase_if(messages,
                  [](const data::Message& message) { return message.role == data::Role::kSystem; });
    messages.insert(messages.begin(), {data::Role::kSystem, system});
  }

  static void grade(const std::vector<Question>& questions, Answers& answers) {
    const reward::Sandbox sandbox;
    for_each_index(questions.size(), threads_for(0), [&](std::size_t i) {
      const auto& problem = questions[i].problem;
      for (synth::Candidate& answer : answers[i]) {
        answer.is_right = !problem || reward::grade(*problem, answer.text, sandbox).is_right;
      }
    });
  }

  // What is kept, as a box of conversations.
  void write(Context& context,
             const std::vector<Question>& questions,
             const Answers& answers) const {
    const synth::WordRuns forbidden = forbidden_runs(context);
    synth::KeptTally tally;
    std::vector<std::string> documents;
    std::int64_t overlapping = 0;
    std::size_t came = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const auto kept = synth::kept(answers[i], settings.keep);
      tally.add(questions[i].domain, answers[i], kept);
      came += answers[i].size();
      for (const Made& made : make(questions[i], answers[i], kept)) {
        if (std::ranges::any_of(made.texts, [&](const data::Conversation& text) {
              return is_forbidden(text, forbidden);
            })) {
          ++overlapping;
        } else {
          documents.push_back(made.document);
        }
      }
    }
    check(
        !documents.empty(),
        "of {} answers nothing is made, {} being too near to what they must be clear of ({}): ask "
        "another teacher, other questions, or more samples",
        came,
        overlapping,
        tally.as_json().dump());
    data::write_box(context.output,
                    settings.makes,
                    documents,
                    {{"teacher", settings.from.empty() ? settings.endpoint.model : settings.from},
                     {"answers", tally.as_json()},
                     {"overlapping", overlapping}});
    context.log(fmt::format("{} {} of {} answers{}",
                            documents.size(),
                            enum_name(settings.form),
                            came,
                            overlapping == 0 ? ""
                                             : fmt::format("; {} were too near to {}",
                                                           overlapping,
                                                           fmt::join(settings.clear_of, ", "))));
  }

  // A document, and the conversations in it.
  struct Made {
    std::string document;
    std::vector<data::Conversation> texts;
  };
  std::vector<Made> make(const Question& question,
                         const std::vector<synth::Candidate>& answers,
                         const std::vector<std::size_t>& kept) const {
    std::vector<Made> all;
    data::Conversation asked = question.asked;
    set_system(asked.messages, settings.written_system);
    if (settings.form == Form::kPreferences) {
      if (const auto both = synth::right_and_wrong(answers, settings.keep)) {
        const data::Preference made{.asked = asked,
                                    .chosen = answers[both->right].text,
                                    .rejected = answers[both->wrong].text};
        all.push_back({made.document(), {made.with(made.chosen), made.with(made.rejected)}});
      }
      return all;
    }
    for (const std::size_t chosen : kept) {
      data::Conversation made = asked;
      made.messages.push_back({data::Role::kAssistant, answers[chosen].text});
      std::string document = made.document();
      all.push_back({std::move(document), {std::move(made)}});
    }
    return all;
  }

  static bool is_forbidden(const data::Conversation& made, const synth::WordRuns& forbidden) {
    return !forbidden.empty() &&
           std::ranges::any_of(made.messages, [&](const data::Message& message) {
             return message.role == data::Role::kUser ? forbidden.overlaps(message.content)
                                                      : message.role == data::Role::kAssistant &&
                                                            forbidden.shares_run(message.content);
           });
  }

  synth::WordRuns forbidden_runs(const Context& context) const {
    synth::WordRuns runs;
    const auto add = [&](std::string_view document) {
      for (const std::string& text : synth::texts_of(document)) {
        runs.add(text);
      }
    };
    for (const std::string& name : settings.clear_of) {
      const fs::path folder = context.place({ThingType::kData, name});
      const data::DocumentStore box(folder);
      for (std::int64_t i = 0; i < box.size(); ++i) {
        add(box[i]);
      }
      for (const std::string& document : data::read_heldout(folder)) {
        add(document);
      }
    }
    return runs;
  }
};

}  // namespace

std::vector<std::string> SynthSettings::problems() const {
  Requirements all;
  all.require(from.empty() != endpoint.base_url.empty(),
              "the teacher is either a model (from) or an endpoint (its base_url)");
  all.require(!prompts.empty(), "prompts names no box of questions");
  all.require_positive("samples", samples);
  all.require_positive("max_tokens", max_tokens);
  all.require(temperature >= 0, "temperature={} must not be negative", temperature);
  all.require(form == Form::kConversations || samples > 1,
              "form=preferences needs samples of 2 or more: a right answer and a wrong one");
  all.require(top_p > 0 && top_p <= 1, "top_p={} must lie above 0 and not above 1", top_p);
  return all.take();
}

Kind synth_kind() {
  return kind_of<SynthProcess>("synth");
}

}  // namespace rq::pipeline
