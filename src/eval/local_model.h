#pragma once
// A model folder as whom an evaluation asks: its weights run here, by generate's engine.

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "eval/tables/subject.h"

namespace rq::eval {

enum class BeginToken { kNever, kAlways };

struct LocalModelConfig {
  std::filesystem::path folder;                 // in Hugging Face layout
  BeginToken begin_token = BeginToken::kNever;  // before each text that is no chat
};

class LocalModel : public Subject {
 public:
  // Reads the tokenizer and looks at the weights; what an endpoint has no need of is an Error that
  // names the folder. The weights are loaded when something is asked.
  explicit LocalModel(LocalModelConfig config);
  ~LocalModel() override;

  Json identity() const override;
  std::string engine() const override;
  std::string refusal(Asked asked) const override;
  // Texts are cut as lm_eval cuts them: tokens of `context` and `continuation` together, blanks at
  // the end of the context going to the continuation; what does not fit the model's context loses
  // its beginning.
  void ask(std::span<const Request> requests, const OnReply& on_reply) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::eval
