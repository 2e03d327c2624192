#pragma once
// Questions that stand in training data: those that share a run of 13 words with a document of a
// data box (GPT-3, arXiv 2005.14165, appendix C). A question of fewer words meets only a document
// of the same words.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "eval/tables/record.h"
#include "eval/tables/task.h"

namespace rq::eval {

// What was looked through, as a record tells it.
struct Contamination {
  std::vector<std::filesystem::path> boxes = {};  // folders of data
  std::int64_t documents = 0;
  std::map<std::string, std::set<std::string>> found = {};  // ids of questions, by task

  // Marks the record's questions.
  void note(Record& record) const;
};

// The data boxes of a run folder. An Error where it has none.
std::vector<std::filesystem::path> boxes_of_run(const std::filesystem::path& run);

// Goes once through all documents, held-out ones apart. Sets are named by their tasks. Throws
// Interrupted where a stop was requested.
Contamination find_contamination(const std::map<std::string, const QuestionSet*>& sets,
                                 const std::vector<std::filesystem::path>& boxes);

}  // namespace rq::eval
