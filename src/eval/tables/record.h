#pragma once
// What came of one task with one model, question by question, in a file of JSON lines: the first
// says how it was made, each other holds a question's replies and their mark. From it alone a table
// can be made again, and replies that it holds are not asked for again.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "eval/tables/marking.h"
#include "eval/tables/subject.h"

namespace rq::eval {

// All that it takes to make the figures again.
struct Making {
  std::string model = {};  // its name in the table
  Json identity = {};      // of the model
  std::string engine = {};
  std::string task = {};  // its name
  Json config = {};       // of the task, whole
  std::string task_digest = {}, data_digest = {};
  Form form = Form::kText;
  std::int64_t rows = 0;    // that the task has; fewer may have been asked
  Json contamination = {};  // what training data were looked through; null: none
  Json judge = {};          // {"model", "identity", "engine"} of who marked; null: programs did

  // Empty where programs marked.
  std::string judge_digest() const;
  Json as_json() const;
  static Making from(const Json& json, std::string_view origin);
};

struct RecordLine {
  std::string id = {}, cluster = {}, group = {};
  std::string shown = {};
  Json right = {};
  std::vector<std::string> keys = {};        // of the requests
  std::vector<Reply> replies = {};           // beside them
  Mark mark = {};                            // where each has a reply
  std::vector<std::string> judge_keys = {};  // of what a judge was asked about the replies
  std::vector<Reply> judgements = {};        // beside them
  bool is_in_training = false;               // where the record's training data were looked through

  bool is_answered() const;
  // Whether the mark counts: it is answered, and judged where a judge is to say what it is worth.
  bool is_measured() const { return is_answered() && mark.unjudged.empty(); }
};

struct Record {
  Making making = {};
  std::vector<RecordLine> lines = {};
};

Record read_record(const std::filesystem::path& path);
void write_record(const std::filesystem::path& path, const Record& record);

// Under which a reply is kept: 32 hexadecimal digits that stand for the model and what it was
// asked.
std::string key_of(const std::string& model_digest, const Request& request);

// The replies that a record and a run that was cut short have left, by their keys; new ones are
// appended to the file beside the record as they come.
class ReplyLog {
 public:
  // `record`: the path where the record will be.
  explicit ReplyLog(const std::filesystem::path& record);
  // Null where there is none.
  const Reply* find(const std::string& key) const;
  void add(const std::string& key, const Reply& reply);
  // Once the record holds all: removes the file.
  void finish();

 private:
  void keep(const std::vector<std::string>& keys, const std::vector<Reply>& replies);

  std::filesystem::path path_;
  std::map<std::string, Reply> replies_;
};

}  // namespace rq::eval
