#include "tokenizer/jinja/template.h"

#include <cstdint>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "tokenizer/jinja/environment.h"
#include "tokenizer/jinja/statements.h"
#include "tokenizer/jinja/token_stream.h"
#include "tokenizer/jinja/value.h"

namespace rq::tokenizer::jinja {
namespace {

Value range(const Arguments& given) {
  constexpr std::int64_t kMost = 100'000;  // as Jinja's sandbox has it
  const auto at = [&](std::size_t i, std::int64_t fallback) {
    return i < given.positional.size() ? given.positional[i].integer().value_or(fallback)
                                       : fallback;
  };
  const bool has_one = given.positional.size() == 1;
  const std::int64_t first = has_one ? 0 : at(0, 0), last = at(has_one ? 0 : 1, 0), step = at(2, 1);
  check(step != 0, "range cannot have the step 0");
  List numbers;
  for (std::int64_t i = first; step > 0 ? i < last : i > last; i += step) {
    check(std::ssize(numbers) < kMost, "range has more than {} numbers", kMost);
    numbers.emplace_back(i);
  }
  return numbers;
}

Value today(const Arguments& given) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::ostringstream text;
  text << std::put_time(&local, given.required(0, "format", "strftime_now").str().c_str());
  return text.str();
}

Value mapping_of(const Arguments& given, bool is_namespace) {
  Mapping result{.items = {}, .is_namespace = is_namespace};
  for (const auto& [name, value] : given.named) {
    result.set(name, value);
  }
  return result;
}

// What every template may call.
Environment::Scope functions() {
  return {
      {"range", Function(range)},
      {"strftime_now", Function(today)},
      {"namespace", Function([](const Arguments& given) { return mapping_of(given, true); })},
      {"dict", Function([](const Arguments& given) { return mapping_of(given, false); })},
      {"raise_exception", Function([](const Arguments& given) -> Value {
         throw Error(given.required(0, "message", "raise_exception").str());
       })},
  };
}

}  // namespace

Template::Template(std::string_view text, std::string origin) : origin_(std::move(origin)) {
  try {
    TokenStream tokens(tokens_of(text));
    body_ = [body = parse_template(tokens)](Environment& at, std::string& out) { body(at, out); };
  } catch (const Error& error) {
    throw Error(fmt::format("{}, {}", origin_, error.what()));
  }
}

std::string Template::render(const Json& variables) const {
  Environment::Scope globals = functions();
  for (const auto& [name, value] : variables.items()) {
    globals[name] = Value::from(value);
  }
  Environment at(std::move(globals));
  std::string out;
  try {
    body_(at, out);
  } catch (const Error& error) {
    throw Error(fmt::format("{}, line {}: {}", origin_, at.line, error.what()));
  }
  return out;
}

}  // namespace rq::tokenizer::jinja
