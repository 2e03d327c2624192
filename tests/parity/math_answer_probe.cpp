// What math_answer_parity.py needs: pairs of answers compared. For tests only.
//
// Lines {"given": "...", "expected": "..."} in; a line {"same": true, "microseconds": 12.5} out for
// each.

#include <chrono>
#include <iostream>
#include <string>

#include "base/json.h"
#include "reward/math_answer.h"

int main() {
  using Clock = std::chrono::steady_clock;
  for (std::string line; std::getline(std::cin, line);) {
    const rq::Json asked = rq::parse_json(line, "the line");
    const auto given = asked["given"].get<std::string>(),
               expected = asked["expected"].get<std::string>();
    const Clock::time_point begin = Clock::now();
    const bool is_same = rq::reward::is_same_answer(given, expected);
    const std::chrono::duration<double, std::micro> time = Clock::now() - begin;
    std::cout << rq::Json({{"same", is_same}, {"microseconds", time.count()}}).dump() << '\n';
  }
}
