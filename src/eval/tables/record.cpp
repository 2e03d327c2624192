#include "eval/tables/record.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "base/files.h"
#include "base/hash.h"

namespace rq::eval {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kKeyDigits = 32;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Take>
void for_each_line(const fs::path& path, Take&& take) {
  const std::string text = read_file(path);
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) {
      break;  // half a line, which a kill left
    }
    take(std::string_view(text).substr(begin, end - begin),
         fmt::format("{}:{}", path.string(), ++number));
    begin = end + 1;
  }
}

Json as_json(const Mark& mark) {
  Json json = {{"score", mark.score}};
  if (mark.weight != 1) {
    json["weight"] = mark.weight;
  }
  if (!mark.chosen.empty()) {
    json["chosen"] = mark.chosen;
  }
  if (!mark.sample_scores.empty()) {
    json["samples"] = mark.sample_scores;
    json["found"] = mark.found;
    json["notes"] = mark.notes;
  }
  if (mark.without_answer > 0) {
    json["without_answer"] = mark.without_answer;
  }
  if (!mark.unjudged.empty()) {
    json["unjudged"] = mark.unjudged;
  }
  return json;
}

Mark mark_from(const Json& json, std::string_view origin) {
  return {.score = json_value<double>(json, "score", 0, origin),
          .weight = json_value<double>(json, "weight", 1, origin),
          .sample_scores = json_value<std::vector<double>>(json, "samples", {}, origin),
          .chosen = json_value<std::vector<int>>(json, "chosen", {}, origin),
          .found = json_value<std::vector<std::string>>(json, "found", {}, origin),
          .notes = json_value<std::vector<std::string>>(json, "notes", {}, origin),
          .without_answer = json_value<std::int64_t>(json, "without_answer", 0, origin),
          .unjudged = json_value<std::string>(json, "unjudged", "", origin)};
}

Json as_json(const std::vector<Reply>& replies) {
  Json all = Json::array();
  for (const Reply& reply : replies) {
    all.push_back(reply.as_json());
  }
  return all;
}

// Those of a line to the requests whose keys it holds.
std::vector<Reply> replies_from(const Json& json,
                                const char* member,
                                const std::vector<std::string>& keys,
                                std::string_view origin) {
  std::vector<Reply> replies;
  for (const Json& reply : json.value(member, Json::array())) {
    replies.push_back(Reply::from(reply, origin));
  }
  check(replies.size() == keys.size(),
        "{}: has {} {} to {} requests",
        origin,
        replies.size(),
        member,
        keys.size());
  return replies;
}

Json as_json(const RecordLine& line) {
  Json json = {{"id", line.id}};
  if (!line.cluster.empty()) {
    json["cluster"] = line.cluster;
  }
  if (!line.group.empty()) {
    json["group"] = line.group;
  }
  json["shown"] = line.shown;
  json["right"] = line.right;
  json["keys"] = line.keys;
  json["replies"] = as_json(line.replies);
  if (!line.judge_keys.empty()) {
    json["judge_keys"] = line.judge_keys;
    json["judgements"] = as_json(line.judgements);
  }
  if (line.is_answered()) {
    json["mark"] = as_json(line.mark);
  }
  if (line.is_in_training) {
    json["in_training"] = true;
  }
  return json;
}

RecordLine line_from(const Json& json, std::string_view origin) {
  check(json.is_object(), "{}: is no line of a record", origin);
  RecordLine line{
      .id = json_value<std::string>(json, "id", "", origin),
      .cluster = json_value<std::string>(json, "cluster", "", origin),
      .group = json_value<std::string>(json, "group", "", origin),
      .shown = json_value<std::string>(json, "shown", "", origin),
      .right = json.value("right", Json()),
      .keys = json_value<std::vector<std::string>>(json, "keys", {}, origin),
      .judge_keys = json_value<std::vector<std::string>>(json, "judge_keys", {}, origin)};
  check(!line.keys.empty(), "{}: has no requests", origin);
  line.replies = replies_from(json, "replies", line.keys, origin);
  line.judgements = replies_from(json, "judgements", line.judge_keys, origin);
  check(json.contains("mark") == line.is_answered(), "{}: its mark is missing", origin);
  if (line.is_answered()) {
    line.mark = mark_from(json["mark"], origin);
  }
  line.is_in_training = json_value<bool>(json, "in_training", false, origin);
  return line;
}

}  // namespace

std::string Making::judge_digest() const {
  return judge.is_null() ? "" : judge["identity"].value("digest", "");
}

Json Making::as_json() const {
  Json json = {{"record", kFormat},
               {"model", model},
               {"identity", identity},
               {"engine", engine},
               {"task", task},
               {"task_sha256", task_digest},
               {"data_sha256", data_digest},
               {"form", enum_name(form)},
               {"rows", rows},
               {"config", config}};
  if (!contamination.is_null()) {
    json["contamination"] = contamination;
  }
  if (!judge.is_null()) {
    json["judge"] = judge;
  }
  return json;
}

Making Making::from(const Json& json, std::string_view origin) {
  check(json.is_object() && json.contains("record"),
        "{}: this is no record of an evaluation",
        origin);
  const auto format = json_value<int>(json, "record", 0, origin);
  check(format == kFormat, "{}: a record of format {}, not {}", origin, format, kFormat);
  return {.model = json_value<std::string>(json, "model", "", origin),
          .identity = json.value("identity", Json()),
          .engine = json_value<std::string>(json, "engine", "", origin),
          .task = json_value<std::string>(json, "task", "", origin),
          .config = json.value("config", Json::object()),
          .task_digest = json_value<std::string>(json, "task_sha256", "", origin),
          .data_digest = json_value<std::string>(json, "data_sha256", "", origin),
          .form = json_value<std::string>(json, "form", "", origin) == enum_name(Form::kChat)
                      ? Form::kChat
                      : Form::kText,
          .rows = json_value<std::int64_t>(json, "rows", 0, origin),
          .contamination = json.value("contamination", Json()),
          .judge = json.value("judge", Json())};
}

bool RecordLine::is_answered() const {
  return std::ranges::all_of(replies, [](const Reply& reply) { return reply.failure.empty(); });
}

Record read_record(const fs::path& path) {
  Record record;
  bool is_first = true;
  for_each_line(path, [&](std::string_view text, const std::string& origin) {
    const Json json = parse_json(text, origin);
    if (std::exchange(is_first, false)) {
      record.making = Making::from(json, origin);
    } else {
      record.lines.push_back(line_from(json, origin));
    }
  });
  check(!is_first, "{}: the record is empty", path.string());
  return record;
}

void write_record(const fs::path& path, const Record& record) {
  FileWriter file(path);
  file.write(line_of(record.making.as_json()) + "\n");
  for (const RecordLine& line : record.lines) {
    file.write(line_of(as_json(line)) + "\n");
  }
  file.commit();
}

std::string key_of(const std::string& model_digest, const Request& request) {
  return sha256(model_digest + "\n" + line_of(request.as_json())).substr(0, kKeyDigits);
}

ReplyLog::ReplyLog(const fs::path& record) : path_(record.string() + ".part") {
  if (fs::exists(record)) {
    for (const RecordLine& line : read_record(record).lines) {
      keep(line.keys, line.replies);
      keep(line.judge_keys, line.judgements);
    }
  }
  if (fs::exists(path_)) {
    std::string whole;
    for_each_line(path_, [&](std::string_view text, const std::string& origin) {
      const Json json = parse_json(text, origin);
      replies_[json_value<std::string>(json, "key", "", origin)] =
          Reply::from(json.value("reply", Json()), origin);
      whole.append(text).append("\n");
    });
    write_file(path_, whole);  // half a line would spoil the next
  }
}

void ReplyLog::keep(const std::vector<std::string>& keys, const std::vector<Reply>& replies) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (replies[i].failure.empty()) {
      replies_.emplace(keys[i], replies[i]);
    }
  }
}

const Reply* ReplyLog::find(const std::string& key) const {
  const auto found = replies_.find(key);
  return found == replies_.end() ? nullptr : &found->second;
}

void ReplyLog::add(const std::string& key, const Reply& reply) {
  append_line(path_, line_of({{"key", key}, {"reply", reply.as_json()}}));
  replies_[key] = reply;
}

void ReplyLog::finish() {
  fs::remove(path_);
}

}  // namespace rq::eval
