#pragma once
// What the tests of the queue have in common: items, verdicts, a queue in a folder of its own and
// under a clock of its own.

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "review/queue.h"

namespace rq::review {

inline Item item(const std::string& id) {
  return {.id = id,
          .messages = R"([{"role": "user", "content": "What is )" + id + R"(?"}])",
          .candidates = {{"first " + id, "v2.5"}, {"second " + id, "v2"}}};
}

inline std::vector<Item> items(int count) {
  std::vector<Item> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(item(fmt::format("item{:03}", i)));
  }
  return all;
}

inline const Verdict kAccepts{.kind = Kind::kAccept};
inline const Verdict kRejects{.kind = Kind::kReject, .text = "wrong"};
inline const Verdict kFlags{.kind = Kind::kFlag, .text = "who knows physics?"};

class ReviewQueue : public testing::Test {
 protected:
  void SetUp() override { make_folder(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // With `overlap` 0 one person judges an item, with 1 two do.
  Queue open(double overlap) {
    return Queue(path_, {.overlap = overlap, .lease_s = 60, .now_s = [this] { return now_s_; }});
  }
  static std::string next_id(Queue& queue, const std::string& reviewer) {
    const auto given = queue.next(reviewer);
    return given ? given->item.id : "none";
  }
  static std::string message(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  double now_s_ = 1000;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / fmt::format("review_{}", ::getpid());
  std::filesystem::path path_ = folder_ / "review.sqlite";
};

}  // namespace rq::review
