#include "reward/problem_files.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/files.h"
#include "base/format.h"
#include "base/json.h"
#include "reward/internal/formats.h"
#include "reward/internal/packed.h"
#include "reward/problem.h"

namespace rq::reward {
namespace {

namespace fs = std::filesystem;

// Adding a format: its reader in internal/formats.h and one row here; the first that fits is taken.
struct Format {
  std::string_view members[3];  // which tell it from the others; "" for none
  Problem (*read)(const Json& object, std::string_view origin);
};
constexpr Format kFormats[] = {
    {{"domain", "prompt", "id"}, &read_own},
    {{"canonical_solution", "entry_point", "test"}, &read_human_eval},
    {{"code", "test_list", ""}, &read_mbpp},
    {{"question_content", "public_test_cases", ""}, &read_live_code_bench},
    {{"description", "official_tests", "input_format"}, &read_codeforces},
    {{"problem", "solution", ""}, &read_math},
    {{"question", "metadata", ""}, &read_reasoning_gym},
    {{"question", "answer", ""}, &read_gsm8k},
};

}  // namespace

Problem read_problem(const Json& object, std::string_view origin) {
  check(object.is_object(), "{}: not a JSON object but {}", origin, object.type_name());
  for (const auto& format : kFormats) {
    const bool fits = std::ranges::all_of(format.members, [&](std::string_view name) {
      return name.empty() || object.contains(std::string(name));
    });
    if (fits) {
      Problem problem = format.read(object, origin);
      validate(problem, origin);
      return problem;
    }
  }
  std::string names;
  for (const auto& [name, value] : object.items()) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
  }
  fail("{}: no known form of a problem has the members {}",
       origin,
       names.empty() ? "(none)" : names);
}

namespace {

class Reading {
 public:
  explicit Reading(BrokenLines broken) : broken_(broken) {}

  // Counts what `read` throws, or lets it pass.
  template <typename Read>
  void add(Read&& read) {
    try {
      file_.problems.push_back(read());
    } catch (const Error& error) {
      if (broken_ == BrokenLines::kStop) {
        throw;
      }
      file_.broken.emplace_back(error.what());
    }
  }
  ProblemFile take() { return std::move(file_); }

 private:
  BrokenLines broken_;
  ProblemFile file_;
};

void read_lines(std::string_view text, const std::string& name, Reading& reading) {
  std::int64_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      const std::string origin = fmt::format("{}:{}", name, number);
      reading.add([&] { return read_problem(parse_json(line, origin), origin); });
    }
  }
}

void read_document(std::string_view text, const std::string& name, Reading& reading) {
  const Json document = parse_json(text, name);
  if (!document.is_array()) {
    return reading.add([&] { return read_problem(document, name); });
  }
  for (std::size_t i = 0; i < document.size(); ++i) {
    const std::string origin = fmt::format("{}: entry {}", name, i + 1);
    reading.add([&] { return read_problem(document[i], origin); });
  }
}

}  // namespace

ProblemFile read_problems(const fs::path& path, BrokenLines broken) {
  const std::string name = path.string();
  std::string bytes = read_file(path);
  const bool is_packed = is_gzip(bytes);
  if (is_packed) {
    bytes = inflated(bytes, name);
  }
  Reading reading(broken);
  const bool is_document =
      (is_packed && path.extension() == ".gz" ? path.stem() : path).extension() == ".json";
  (is_document ? read_document : read_lines)(bytes, name, reading);
  return reading.take();
}

void write_problems(const fs::path& path, std::span<const Problem> problems) {
  FileWriter file(path);
  for (const auto& problem : problems) {
    file.write(to_line(problem) + "\n");
  }
  file.commit();
}

}  // namespace rq::reward
