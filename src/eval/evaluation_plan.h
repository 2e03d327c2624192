#pragma once
// What a table is made of, beside the records: the models and tasks in their order, and what was
// refused. It lies in the folder of the records as evaluation.json.

#include <filesystem>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/json.h"

namespace rq::eval {

class EvaluationPlan {
 public:
  explicit EvaluationPlan(const std::filesystem::path& folder)
      : path_(folder / "evaluation.json") {}

  void read() {
    check(std::filesystem::exists(path_),
          "{} is not there: no evaluation was recorded",
          path_.string());
    json_ = read_json(path_);
  }
  void begin(const std::vector<std::string>& models) {
    json_ = {{"models", models},
             {"tasks", Json::array()},
             {"records", Json::array()},
             {"refused", Json::array()}};
  }
  void add_task(const std::string& name) { json_["tasks"].push_back(name); }
  void add_record(const std::filesystem::path& file) { json_["records"].push_back(file.string()); }
  void refuse(const std::string& model, const std::string& task, const std::string& why) {
    json_["refused"].push_back({{"model", model}, {"task", task}, {"why", why}});
  }
  void write() const { write_json(path_, json_); }
  const Json& json() const { return json_; }
  std::vector<std::string> list(const char* key) const {
    return json_value<std::vector<std::string>>(json_, key, {}, path_.string());
  }

 private:
  std::filesystem::path path_;
  Json json_;
};

}  // namespace rq::eval
