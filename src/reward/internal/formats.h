#pragma once
// How collections write a problem: one function a format, from one JSON object.

#include <string>
#include <string_view>

#include "base/json.h"
#include "reward/problem.h"

namespace rq::reward {

// "{kind}-{hash of the prompt}": for collections whose problems have no name of their own.
std::string id_by_prompt(std::string_view kind, std::string_view prompt);

// problem.cpp: our own
Problem read_own(const Json& object, std::string_view origin);

// math_formats.cpp: an answer that is a number, an expression or a word
Problem read_gsm8k(const Json& object, std::string_view origin);
Problem read_math(const Json& object, std::string_view origin);
Problem read_reasoning_gym(const Json& object, std::string_view origin);

// code_formats.cpp: an answer that is a program
Problem read_human_eval(const Json& object, std::string_view origin);
Problem read_mbpp(const Json& object, std::string_view origin);
Problem read_live_code_bench(const Json& object, std::string_view origin);
Problem read_codeforces(const Json& object, std::string_view origin);

}  // namespace rq::reward
