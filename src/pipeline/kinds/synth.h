#pragma once
// kind = "synth": a teacher answers, and what is kept of its answers becomes training data. R1's
// reasoning for the experts, rejection sampling from the experts, V2.5's answers for people to
// review (DeepSeek-V3 §5.1) are all this, with other teachers and settings:
//
//   [process.distil-math]
//   kind = "synth"
//   from = "r1"
//   prompts = ["math-problems"]
//   system = "Think first, check your steps, then answer."
//   samples = 4
//   keep = { right = true, at_most = 2 }
//   clear_of = ["math-tests"]
//   makes = "math-reasoning"
//
// A teacher behind an endpoint of OpenAI's protocol stands in place of `from`; what it answered is
// kept in the cache folder, whatever becomes of the run, and is not paid for again:
//
//   endpoint = { base_url = "https://api.example.com/v1", model = "r1", key_variable = "API_KEY" }
//   budget = { dollars = 5 }

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/process.h"
#include "synth/endpoint.h"
#include "synth/rejection.h"

namespace rq::pipeline {

// What becomes of a question and its answers: a conversation of each answer that is kept; or, of a
// problem, one preference of a right answer to a wrong one, where there are both (samples = 4).
enum class Form { kConversations, kPreferences };
constexpr std::array<std::pair<Form, std::string_view>, 2> enum_names(Form) {
  return {{{Form::kConversations, "conversations"}, {Form::kPreferences, "preferences"}}};
}

struct SynthSettings {
  static constexpr std::array<std::string_view, 2> kRequired = {"prompts", "makes"};
  std::string from = {};                  // the teacher: made by a process, or [model.NAME]
  synth::EndpointConfig endpoint = {};    // or this is
  synth::Budget budget = {};              // of the endpoint, over all runs
  std::vector<std::string> prompts = {};  // [data.NAME] boxes: of problems, whose answers a program
                                          // checks; of conversations, whose last turn is answered
                                          // anew
  std::string system = {};  // said before each question, and part of what is made; "": nothing
  std::string written_system = {};  // in place of it in what is made, the teacher never told
  int64_t samples = 1;              // answers to each question
  double temperature = 0.7;
  double top_p = 0.95;
  int64_t max_tokens = 1'024;  // of an answer
  synth::KeepConfig keep = {};
  Form form = Form::kConversations;
  std::vector<std::string> clear_of = {};  // boxes of which no question or answer may hold 13 words
                                           // in a row; their held-out documents too
  std::string makes = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("from", from);
    visit("endpoint", endpoint);
    visit("budget", budget);
    visit("prompts", prompts);
    visit("system", system);
    visit("written_system", written_system);
    visit("samples", samples);
    visit("temperature", temperature);
    visit("top_p", top_p);
    visit("max_tokens", max_tokens);
    visit("keep", keep);
    visit("form", form);
    visit("clear_of", clear_of);
    visit("makes", makes);
  }
  std::vector<std::string> problems() const;
};

Kind synth_kind();

}  // namespace rq::pipeline
