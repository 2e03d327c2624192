#include "synth/answer_store.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/files.h"
#include "base/threads.h"

namespace rq::synth {
namespace {

namespace fs = std::filesystem;

AnswerKey key_of(std::int64_t sample) {
  return {"teacher", R"([{"role":"user"}])", "{}", sample};
}

// Long enough to need many pages of the file.
StoredAnswer answer_of(std::int64_t sample) {
  return {std::string(50'000, static_cast<char>('a' + sample % 26)), "stop", {10, 20, 0.5}};
}

// Runs `work` in a process of its own, which it must not outlive.
pid_t in_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
      ::_exit(0);
    } catch (...) {
      ::_exit(1);
    }
  }
  return child;
}

class Store : public testing::Test {
 public:
  Store() { fs::create_directories(folder_); }
  ~Store() override { fs::remove_all(folder_); }

 protected:
  std::string error_of_opening() const {
    try {
      const AnswerStore store(path_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  void run_sql(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("rorqual-store-test-{}", ::getpid());
  fs::path path_ = folder_ / "made" / "answers.sqlite";
};

TEST_F(Store, FindsAfterReopeningWhatWasPut) {
  const StoredAnswer put{std::string("<think>a\0b</think>ü", 20), "length", {1, 2, 0.25}};
  AnswerStore(path_).put(key_of(7), put);
  const AnswerStore store(path_);
  const auto found = store.find(key_of(7));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->text, put.text);
  EXPECT_EQ(found->finish_reason, "length");
  EXPECT_EQ(found->cost.prompt_tokens, 1);
  EXPECT_EQ(found->cost.answer_tokens, 2);
  EXPECT_EQ(found->cost.dollars, 0.25);
}

TEST_F(Store, EveryPartOfTheKeyCounts) {
  AnswerStore store(path_);
  store.put({"a", "b", "c", 1}, answer_of(0));
  EXPECT_TRUE(store.find({"a", "b", "c", 1}));
  EXPECT_FALSE(store.find({"x", "b", "c", 1}));
  EXPECT_FALSE(store.find({"a", "x", "c", 1}));
  EXPECT_FALSE(store.find({"a", "b", "x", 1}));
  EXPECT_FALSE(store.find({"a", "b", "c", 2}));
  EXPECT_FALSE(store.find({"a", "bc", "", 1}));
}

TEST_F(Store, TheFirstAnswerStaysAndCountsOnce) {
  AnswerStore store(path_);
  store.put(key_of(0), {"first", "stop", {10, 20, 0.5}});
  store.put(key_of(0), {"second", "stop", {1000, 2000, 50}});
  store.put_loss(key_of(0), {1000, 2000, 50});
  EXPECT_EQ(store.find(key_of(0))->text, "first");
  EXPECT_EQ(store.totals()["teacher"].answers, 1);
  EXPECT_EQ(store.totals()["teacher"].cost.answer_tokens, 20);
}

TEST_F(Store, TotalsAreByTeacherAndHoldWhatWasLost) {
  AnswerStore store(path_);
  EXPECT_TRUE(store.totals().empty());
  store.put_loss(key_of(0), {1, 2, 0.25});
  store.put_loss(key_of(0), {1, 2, 0.25});
  EXPECT_FALSE(store.find(key_of(0)).has_value());
  store.put(key_of(0), answer_of(0));
  store.put(key_of(1), answer_of(1));
  store.put({"other", "[]", "{}", 0}, answer_of(2));
  EXPECT_TRUE(store.find(key_of(0))->text == answer_of(0).text);
  const auto totals = store.totals();
  EXPECT_EQ(totals.at("teacher").answers, 2);
  EXPECT_EQ(totals.at("teacher").cost.prompt_tokens, 22);
  EXPECT_EQ(totals.at("teacher").cost.answer_tokens, 44);
  EXPECT_EQ(totals.at("teacher").cost.dollars, 1.5);
  EXPECT_EQ(totals.at("other").answers, 1);
}

TEST_F(Store, AFileThatIsNoDatabaseIsNamedAndLeftAsItIs) {
  for (const std::size_t bytes : {1, 16, 5000}) {
    const std::string text(bytes, 'x');
    write_file(path_, text);
    EXPECT_EQ(error_of_opening(), path_.string() + ": is not a store of answers");
    EXPECT_TRUE(read_file(path_) == text) << bytes;
  }
}

TEST_F(Store, ADatabaseOfOthersIsNamedAndLeftAsItIs) {
  fs::create_directories(path_.parent_path());
  run_sql("CREATE TABLE notes (text TEXT)");
  const std::string before = read_file(path_);
  EXPECT_EQ(error_of_opening(), path_.string() + ": is a database, but not a store of answers");
  EXPECT_TRUE(read_file(path_) == before);
}

TEST_F(Store, ANewerFormatIsNamed) {
  AnswerStore(path_).put(key_of(0), answer_of(0));
  run_sql("PRAGMA user_version = 2");
  EXPECT_EQ(error_of_opening(),
            path_.string() + ": a store of answers of format 2; this program reads format 1");
}

TEST_F(Store, AFolderInItsPlaceIsNamed) {
  fs::create_directories(path_);
  EXPECT_NE(error_of_opening().find(path_.string()), std::string::npos);
}

TEST_F(Store, ADamagedFileIsAnErrorThatNamesIt) {
  {
    AnswerStore store(path_);
    store.put(key_of(0), answer_of(0));
  }
  fs::resize_file(path_, 4096 * 3);
  try {
    AnswerStore(path_).find(key_of(0));
    FAIL() << "half of the file is missing";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path_.string()), std::string::npos);
  }
}

TEST_F(Store, ThreadsPutAndFindAtOnce) {
  AnswerStore store(path_);
  for_each_index(16, 4, [&](std::size_t i) {
    const auto sample = static_cast<std::int64_t>(i);
    store.put(key_of(sample), answer_of(sample));
    EXPECT_TRUE(store.find(key_of(sample))->text == answer_of(sample).text);
  });
  EXPECT_EQ(store.totals()["teacher"].answers, 16);
}

TEST_F(Store, TwoProcessesMakeAndFillOneFile) {
  const auto put_from = [this](std::int64_t first) {
    AnswerStore store(path_);
    for (std::int64_t i = first; i < first + 10; ++i) {
      store.put(key_of(i), answer_of(i));
    }
  };
  const pid_t child = in_child([&] { put_from(0); });
  put_from(10);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(AnswerStore(path_).totals()["teacher"].answers, 20);
}

// The child says by a pipe which answers are put. Killed at any moment, it leaves those, and of the
// one that it was at either all or nothing.
TEST_F(Store, AKilledProcessLeavesEveryAnswerWholeOrNotAtAll) {
  std::int64_t begin = 0;
  for (const int puts_before_kill : {0, 1, 3, 6, 9}) {
    int ends[2] = {};
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = in_child([&] {
      AnswerStore store(path_);
      for (std::int64_t i = begin;; ++i) {
        store.put(key_of(i), answer_of(i));
        [[maybe_unused]] const auto written = ::write(ends[1], &i, sizeof(i));
      }
    });
    ::close(ends[1]);
    std::int64_t last = begin - 1;
    for (int i = 0; i < puts_before_kill; ++i) {
      ASSERT_EQ(::read(ends[0], &last, sizeof(last)), sizeof(last));
    }
    ::usleep(static_cast<unsigned>(puts_before_kill) * 700);  // somewhere inside the next ones
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    while (::read(ends[0], &last, sizeof(last)) == sizeof(last)) {
    }
    ::close(ends[0]);

    const AnswerStore store(path_);
    for (std::int64_t i = 0; i <= last; ++i) {
      ASSERT_TRUE(store.find(key_of(i)).has_value()) << i;
      EXPECT_TRUE(store.find(key_of(i))->text == answer_of(i).text) << i;
    }
    const auto at_work = store.find(key_of(last + 1));
    EXPECT_TRUE(!at_work || at_work->text == answer_of(last + 1).text);
    EXPECT_FALSE(store.find(key_of(last + 2)).has_value());
    begin = last + 1;
  }
}

}  // namespace
}  // namespace rq::synth
