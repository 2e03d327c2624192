#pragma once
// A problem whose answers a program can check: what reinforcement learning asks, what evaluation
// counts, and, where a worked solution is known, what supervised training begins with. One JSON
// object a line holds it in files.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rq::reward {

enum class Domain : std::uint8_t { kMath, kCode, kLogic };
std::string_view name_of(Domain domain);  // "math", "code", "logic"

// One run of the code that is tested. With an entry point: the arguments as a JSON array and the
// result as JSON. Without: what stands on standard input and what must stand on standard output.
struct TestCase {
  std::string input, output;
  friend bool operator==(const TestCase&, const TestCase&) = default;
};

// How an answer in Python is tested: `setup`, the answer and `program`, one after the other, run
// through without an exception, and every case gives its output. Either part may be empty, not
// both.
struct CodeTests {
  std::string entry_point = {};  // to be called: "solve", "Solution().add"; "": standard input
  std::string setup = {};        // imports; a header that an answer may repeat, or go on from
  std::string program = {};      // asserts
  std::vector<TestCase> cases = {};
  bool empty() const { return program.empty() && cases.empty(); }
  friend bool operator==(const CodeTests&, const CodeTests&) = default;
};

struct Problem {
  std::string id = {};  // the same id: the same problem, whatever its wording
  Domain domain = Domain::kMath;
  std::string kind = {};  // the generator or collection that it is from
  int difficulty = 0;     // 1 to 5; 0 where nobody said
  std::string prompt = {};
  std::string answer = {};  // math and logic: the final answer; code: a solution, if one is known
  bool is_ordered = false;  // the answer's parts between commas stand in an order that counts
  CodeTests tests = {};     // code alone
  // Worked solutions, empty where none is known: in a few steps, and with an opening thought and a
  // check by another way. Each ends in written_answer().
  std::string short_reasoning = {}, long_reasoning = {};
  friend bool operator==(const Problem&, const Problem&) = default;
};

// How an answer is given: "\boxed{42}", or a block of Python between fences.
std::string written_answer(Domain domain, std::string_view answer);

// A problem as one line of JSON, without the newline; members without content are left out.
std::string to_line(const Problem& problem);
// The problem that a line holds. An Error begins with `origin` ("set.jsonl:12") and names the
// member that is missing, unknown, of the wrong type or out of range.
Problem parse_problem(std::string_view line, std::string_view origin);

// An Error where a problem cannot be asked or its answers not be checked.
void validate(const Problem& problem, std::string_view origin);

}  // namespace rq::reward
