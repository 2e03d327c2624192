// rorqual chat: a conversation in the terminal.

#include <editline/readline.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/check.h"
#include "base/format.h"
#include "base/json.h"
#include "base/signals.h"
#include "serve/answer_stream.h"
#include "serve/model_host.h"

namespace rq {
namespace {

constexpr std::string_view kHelp =
    "/system TEXT  begins a new conversation under these instructions\n"
    "/new          begins a new conversation\n"
    "/again        takes the last answer back and asks for another\n"
    "/quit         ends; so does Ctrl-D. Ctrl-C stops an answer.\n";

struct ChatOptions {
  std::string model, system;
  std::int64_t max_tokens = 0;  // 0: as many as the context has room for
  generate::Sampling sampling;
};

Json message(const char* role, std::string_view content) {
  return {{"role", role}, {"content", content}};
}

// From here on Ctrl-C stops an answer, and the next one another; SIGTERM ends the program.
void listen_to_interrupts() {
  request_stop(false);
  catch_stop_signals();
  std::signal(SIGTERM, SIG_DFL);
}

class Conversation {
 public:
  explicit Conversation(const ChatOptions& options)
      : options_(options),
        host_(options.model, options.model, {}),
        is_terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {
    check(host_.chat().has_value(),
          "{} has no chat template: it continues texts (rorqual generate)",
          options.model);
    begin(options.system);
  }

  // False where the conversation is over.
  bool turn() {
    std::optional<std::string> line = read_line();
    if (!line || *line == "/quit") {
      return false;
    }
    if (line->empty()) {
      return true;
    }
    if (line->front() != '/') {
      messages_.push_back(message("user", *line));
      answer();
    } else if (*line == "/new") {
      begin(system_);
    } else if (line->starts_with("/system ")) {
      begin(line->substr(line->find(' ') + 1));
    } else if (*line == "/again" && messages_.size() >= 2 &&
               messages_.back()["role"] == "assistant") {
      messages_.erase(messages_.size() - 1);
      ++seed_;
      answer();
    } else {
      std::cout << kHelp << std::flush;
    }
    return true;
  }

 private:
  void begin(const std::string& system) {
    system_ = system;
    messages_ = Json::array();
    if (!system.empty()) {
      messages_.push_back(message("system", system));
    }
  }

  // The editor keeps what was said for the up key; nothing at the end of the input.
  std::optional<std::string> read_line() const {
    if (!is_terminal_) {
      std::string line;
      return std::getline(std::cin, line) ? std::optional(line) : std::nullopt;
    }
    const std::unique_ptr<char, decltype(&std::free)> read(::readline("> "), std::free);
    if (!read) {
      std::cout << "\n";
      return std::nullopt;
    }
    if (*read != '\0') {
      ::add_history(read.get());
    }
    return std::string(read.get());
  }

  serve::AnswerStream::Wanted wanted() const {
    serve::AnswerStream::Wanted wanted{
        .request = {.prompt = host_.tokenizer().encode(host_.chat()->render(messages_)),
                    .sampling = options_.sampling,
                    .end_tokens = host_.end_tokens()},
        .stops = {},
        .splits_reasoning = true};
    const auto room = host_.context() - static_cast<std::int64_t>(wanted.request.prompt.size());
    wanted.request.max_tokens =
        options_.max_tokens > 0 ? options_.max_tokens : std::max<std::int64_t>(room, 1);
    wanted.request.sampling.seed += seed_;
    return wanted;
  }

  // Prints the answer as it comes, thoughts in grey, and keeps what was said of it.
  void answer() {
    std::string said;
    listen_to_interrupts();  // not to one that came before
    try {
      std::vector<serve::AnswerStream::Wanted> one;
      one.push_back(wanted());
      serve::AnswerStream stream(host_, std::move(one));
      while (!stream.is_over() && !stop_requested()) {
        if (const auto event = stream.next(std::chrono::milliseconds(50))) {
          print_thought(event->reasoning);
          std::cout << event->text << std::flush;
          said += event->text;
        }
      }
    } catch (const Error& error) {  // the context is full, say: the conversation can go on anew
      std::cout << "rorqual: " << error.what() << "; /new begins anew";
      messages_.erase(messages_.size() - 1);
      std::cout << std::endl;
      return;
    }
    const bool is_stopped = stop_requested();
    listen_to_interrupts();
    std::cout << (is_stopped ? " [stopped]\n" : "\n") << std::flush;
    messages_.push_back(message("assistant", said));
    ++seed_;
  }

  void print_thought(const std::string& thought) const {
    if (!thought.empty()) {
      std::cout << (is_terminal_ ? "\033[90m" + thought + "\033[0m" : thought) << std::flush;
    }
  }

  const ChatOptions& options_;
  serve::ModelHost host_;
  bool is_terminal_;
  std::string system_;
  Json messages_;
  std::uint64_t seed_ = 0;  // another one for each answer
};

void chat(const ChatOptions& options) {
  Conversation conversation(options);
  listen_to_interrupts();
  std::cout << "/help shows what can be asked for; Ctrl-C stops an answer, Ctrl-D ends.\n";
  while (conversation.turn()) {
  }
}

}  // namespace

void add_chat(CLI::App& app) {
  const auto options = std::make_shared<ChatOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "chat",
      "Talks with a model in the terminal, by its own chat template.\n" + std::string(kHelp));
  const auto add = [verb](const std::string& name, auto& value, const std::string& help) {
    verb->add_option(name, value, help)->capture_default_str();
  };
  verb->add_option("--model", options->model, "Folder in Hugging Face layout")->required();
  add("--system", options->system, "Instructions that come before the conversation");
  add("--max-tokens", options->max_tokens, "Of an answer; 0: as many as the context has room for");
  add("--temperature", options->sampling.temperature, "0: the most probable token");
  add("--top-p",
      options->sampling.top_p,
      "Draw from the most probable tokens that reach this share");
  add("--seed", options->sampling.seed, "Of the draws");
  verb->callback([options] { chat(*options); });
}

}  // namespace rq
