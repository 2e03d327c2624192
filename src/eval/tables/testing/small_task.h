#pragma once
// For tests only: tasks from texts, in a folder that is gone at the end, and a subject that knows
// what it will say.

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/files.h"
#include "eval/tables/task.h"

namespace rq::eval::testing {

class Folder {
 public:
  Folder()
      : path_(std::filesystem::path(::testing::TempDir()) /
              ("rorqual_eval_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    make_folder(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(std::string_view name, std::string_view text) const {
    write_file(path_ / name, text);
    return path_ / name;
  }
  Task task(std::string_view toml, const std::vector<std::string>& overrides = {}) const {
    return load_task(write("small.toml", toml).string(), overrides);
  }

 private:
  std::filesystem::path path_;
};

class Oracle : public Subject {
 public:
  using Answer = std::function<Reply(const Request&)>;
  explicit Oracle(Answer answer) : answer_(std::move(answer)) {}

  Json identity() const override { return {{"kind", "oracle"}, {"digest", "d"}}; }
  std::string engine() const override { return "oracle"; }
  std::string refusal(Asked) const override { return {}; }
  void ask(std::span<const Request> requests, const OnReply& on_reply) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      ++asked;
      on_reply(i, answer_(requests[i]));
    }
  }

  int asked = 0;

 private:
  Answer answer_;
};

inline constexpr std::string_view kChoices = R"(
title = "Small"
kind = "choice"
[data]
files = ["rows.jsonl"]
needs = ["q", "options", "right"]
[prompt]
question = "Q: {{ q }}\nA:"
answer = " {{ options[right] }}"
[choice]
choices = "options"
right = "right"
)";

inline constexpr std::string_view kAnswers = R"(
title = "Sums"
kind = "generation"
[data]
files = ["rows.jsonl"]
[prompt]
question = "{{ q }} ="
[answer]
right = "right"
extract = "last-number"
compare = "mathematics"
)";

}  // namespace rq::eval::testing
