#pragma once
// What teachers answered, in one SQLite file, so that nothing is paid for twice: an answer is kept
// under its teacher, the question, the sampling and the number of the sample, from the moment it
// came. The file stands on a local disk; beside it SQLite keeps NAME-wal and NAME-shm while it is
// open, and after a crash until it is opened again.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace rq::synth {

// What was asked. Two texts of JSON that differ in a space are two questions.
struct AnswerKey {
  std::string teacher = {};
  std::string messages = {};  // JSON, as chat completions take them
  std::string sampling = {};  // JSON: temperature, most tokens ...
  std::int64_t sample = 0;    // several answers to one question differ in this

  // 64 hexadecimal digits that stand for all of it.
  std::string digest() const;
};

struct Cost {
  std::int64_t prompt_tokens = 0;
  std::int64_t answer_tokens = 0;
  double dollars = 0;

  Cost& operator+=(const Cost& other);
};

struct StoredAnswer {
  std::string text = {};           // with its reasoning as <think>...</think> before it
  std::string finish_reason = {};  // the teacher's word: "stop", "length"; may be empty
  Cost cost = {};
};

// Of one teacher.
struct StoreTotals {
  std::int64_t answers = 0;
  Cost cost = {};  // of the answers, and of what was lost
};

// Any thread may call any member. Several processes may share a file: one waits for the other, ten
// seconds at most. Every failure is an Error (a full disk a MachineError) that names the path.
class AnswerStore {
 public:
  // Opens the file, or makes it and its folder. An Error where it is something else than a store,
  // which is then left as it was, or one of a newer format.
  explicit AnswerStore(std::filesystem::path path);
  ~AnswerStore();
  AnswerStore(const AnswerStore&) = delete;
  AnswerStore& operator=(const AnswerStore&) = delete;

  std::optional<StoredAnswer> find(const AnswerKey& key) const;

  // Once it returns the answer is on disk; killed before, the file is as if it had not been called.
  // Where there is an answer already, that one stays.
  void put(const AnswerKey& key, const StoredAnswer& answer);
  // What a reply cost that was no answer: totals() counts it, find() still finds nothing.
  void put_loss(const AnswerKey& key, const Cost& cost);

  // By teacher.
  std::map<std::string, StoreTotals> totals() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rq::synth
