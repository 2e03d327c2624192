#pragma once
// A task of an evaluation as a file says it: which rows of which files, how each becomes a
// question, how an answer is got and how it counts. One aggregate a table of the file;
// docs/evaluation.md teaches them.
//
//   title = "GSM8K"
//   kind = "generation"
//   [data]
//   folder = "gsm8k"
//   files = ["test.jsonl"]
//   needs = ["question", "answer"]
//   [shots]
//   count = 8
//   source.files = ["train.jsonl"]
//   [prompt]
//   question = "Question: {{ question }}\nAnswer:"
//   answer = " {{ answer }}"
//   [answer]
//   right = "answer.split('####')[1]"
//   extract = "last-number"
//   compare = "mathematics"
//
// Texts are Jinja templates over a row's members; what is called an expression is what may stand
// between {{ and }}.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/tables/data_settings.h"

namespace rq::eval {

enum class TaskKind { kChoice, kGeneration, kPerplexity };
constexpr std::array<std::pair<TaskKind, std::string_view>, 3> enum_names(TaskKind) {
  return {{{TaskKind::kChoice, "choice"},            // the likeliest of several texts
           {TaskKind::kGeneration, "generation"},    // an answer that the model writes
           {TaskKind::kPerplexity, "perplexity"}}};  // bits a byte of texts that are there
}

enum class Form { kText, kChat };
constexpr std::array<std::pair<Form, std::string_view>, 2> enum_names(Form) {
  return {{{Form::kText, "text"},    // the model continues
           {Form::kChat, "chat"}}};  // the prompt is what a user says, in the model's chat template
}

struct PromptSettings {
  Form form = Form::kText;
  std::string system = {};         // of a chat
  std::string preamble = {};       // template, over the question's row; stands before the shots
  std::string question = {};       // template
  std::string answer = {};         // template: how a shot goes on behind its question
  std::string between = "\n\n";    // behind each shot
  std::string chat_question = {};  // template in place of `question` and all before it, in a chat

  template <typename Visit>
  void each(Visit&& visit) {
    visit("form", form);
    visit("system", system);
    visit("preamble", preamble);
    visit("question", question);
    visit("answer", answer);
    visit("between", between);
    visit("chat_question", chat_question);
  }
};

enum class Norm { kRaw, kBytes, kTokens, kUnconditional };
constexpr std::array<std::pair<Norm, std::string_view>, 4> enum_names(Norm) {
  return {{{Norm::kRaw, "raw"},
           {Norm::kBytes, "per-byte"},
           {Norm::kTokens, "per-token"},
           // Less what the same text has behind `unconditional`.
           {Norm::kUnconditional, "unconditional-normalised"}}};
}

struct ChoiceSettings {
  std::string choices = {};   // expression: the texts that may follow; of one, `contexts` differ
  std::string contexts = {};  // expression: what stands before each, in place of `question`
  std::string right = {};  // expression: the place of the right one, its text, or a list of places
  std::string delimiter = " ";  // stands between the question and a choice, and is no part of it
  Norm norm = Norm::kRaw;       // which of the four decides
  std::string unconditional = "Answer:";

  template <typename Visit>
  void each(Visit&& visit) {
    visit("choices", choices);
    visit("contexts", contexts);
    visit("right", right);
    visit("delimiter", delimiter);
    visit("norm", norm);
    visit("unconditional", unconditional);
  }
};

enum class Extract { kWhole, kFirstLine, kPattern, kBoxed, kLastNumber, kLetter, kStated };
constexpr std::array<std::pair<Extract, std::string_view>, 7> enum_names(Extract) {
  return {{{Extract::kWhole, "whole"},
           {Extract::kFirstLine, "first-line"},
           {Extract::kPattern, "pattern"},         // the last match, or its first group
           {Extract::kBoxed, "boxed"},             // of the last \boxed{}
           {Extract::kLastNumber, "last-number"},  //
           {Extract::kLetter, "letter"},           // of a choice: "(B)", "the answer is B"
           {Extract::kStated, "stated"}}};         // behind "answer is"
}

enum class Compare {
  kExact,
  kWords,
  kWordOverlap,
  kContains,
  kMathematics,
  kProblem,
  kProgram,
  kJudge,
  kInstructions
};
constexpr std::array<std::pair<Compare, std::string_view>, 9> enum_names(Compare) {
  return {{{Compare::kExact, "exact"},     // the same text, blanks at its ends apart
           {Compare::kWords, "words"},     // SQuAD's exact match: case, articles, punctuation apart
           {Compare::kWordOverlap, "f1"},  // SQuAD's F1
           {Compare::kContains, "contains"},  // the right text stands in the answer
           {Compare::kMathematics, "mathematics"},
           // As the problem that the row is says: the tests of code, the right value of a sum.
           {Compare::kProblem, "problem"},
           // A program, from a template with the `extracted` answer, that ends without an error.
           {Compare::kProgram, "program"},
           {Compare::kJudge, "judge"},  // another model says what it is worth: JudgeSettings
           // It follows every instruction that the row names: instructions.h.
           {Compare::kInstructions, "instructions"}}};
}

struct AnswerSettings {
  // Expression: the answer, or a list of those that are right. Of a text with a \boxed{} what
  // stands in the box.
  std::string right = {};
  Extract extract = Extract::kWhole;
  std::string pattern = {};
  Compare compare = Compare::kExact;
  std::string program = {};

  template <typename Visit>
  void each(Visit&& visit) {
    visit("right", right);
    visit("extract", extract);
    visit("pattern", pattern);
    visit("compare", compare);
    visit("program", program);
  }
};

// How a judge is asked what an answer is worth. Who judges is said where the evaluation is ordered.
struct JudgeSettings {
  std::string system = {};
  // Template over the row's members with `answer`, the model's, and `right`; where two answers are
  // compared, with `first` and `second`.
  std::string prompt = {};
  std::string verdict = {};  // pattern: of its last match the first group is the verdict
  // What each verdict is worth, from 0 to 1: of two answers, to the first. Without them the verdict
  // is a number, which counts as its place between `least` and `most`.
  std::map<std::string, double> worth = {};
  double least = 0, most = 10;
  // Expression: the answer that the model's is compared with, in both orders.
  std::string against = {};
  std::int64_t max_tokens = 1024;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("system", system);
    visit("prompt", prompt);
    visit("verdict", verdict);
    visit("worth", worth);
    visit("least", least);
    visit("most", most);
    visit("against", against);
    visit("max_tokens", max_tokens);
  }
};

struct SamplingSettings {
  double temperature = 0;
  double top_p = 1;
  std::int64_t max_tokens = 512;
  std::vector<std::string> stop = {};
  std::int64_t samples = 1;
  std::int64_t pass_at = 1;  // k of pass@k
  std::int64_t seed = 1;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("temperature", temperature);
    visit("top_p", top_p);
    visit("max_tokens", max_tokens);
    visit("stop", stop);
    visit("samples", samples);
    visit("pass_at", pass_at);
    visit("seed", seed);
  }
};

enum class Average { kQuestions, kGroups };
constexpr std::array<std::pair<Average, std::string_view>, 2> enum_names(Average) {
  return {{{Average::kQuestions, "questions"}, {Average::kGroups, "groups"}}};
}

struct ScoreSettings {
  std::string id = {};       // expression; empty: the row's number
  std::string cluster = {};  // expression: questions alike in it are not independent of each other
  std::string group = {};    // expression: a subject, a language
  Average average = Average::kQuestions;

  template <typename Visit>
  void each(Visit&& visit) {
    visit("id", id);
    visit("cluster", cluster);
    visit("group", group);
    visit("average", average);
  }
};

struct TaskConfig {
  static constexpr std::array<std::string_view, 2> kRequired = {"title", "kind"};
  std::string title = {};    // of its row in a table
  std::string section = {};  // of the table
  std::string about = {};
  std::string source = {};   // where its data are to be had
  std::string licence = {};  // of its data
  TaskKind kind = TaskKind::kChoice;
  DataSettings data = {};
  ShotSettings shots = {};
  PromptSettings prompt = {};
  ChoiceSettings choice = {};
  AnswerSettings answer = {};
  JudgeSettings judge = {};  // where answer.compare is "judge"
  SamplingSettings sampling = {};
  ScoreSettings score = {};
  std::string text = {};  // expression: of a perplexity, what is scored

  template <typename Visit>
  void each(Visit&& visit) {
    visit("title", title);
    visit("section", section);
    visit("about", about);
    visit("source", source);
    visit("licence", licence);
    visit("kind", kind);
    visit("text", text);
    visit("data", data);
    visit("shots", shots);
    visit("prompt", prompt);
    visit("choice", choice);
    visit("answer", answer);
    visit("judge", judge);
    visit("sampling", sampling);
    visit("score", score);
  }
  // Everything that cannot be, a sentence each.
  std::vector<std::string> problems() const;
};

}  // namespace rq::eval
