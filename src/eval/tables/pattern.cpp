#include "eval/tables/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <pcre2.h>

#include "base/check.h"

namespace rq::eval {
namespace {

constexpr std::uint32_t kMostSteps = 1'000'000;  // of PCRE2's matcher, for one match

}  // namespace

void Pattern::Free::operator()(pcre2_real_code_8* code) const {
  pcre2_code_free(code);
}

Pattern::Pattern(std::string_view pattern, std::string_view origin) {
  int error = 0;
  std::size_t at = 0;
  code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()),
                            pattern.size(),
                            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
                            &error,
                            &at,
                            nullptr));
  std::array<PCRE2_UCHAR, 256> words{};
  if (code_ == nullptr) {
    pcre2_get_error_message(error, words.data(), words.size());
  }
  check(code_ != nullptr,
        "{}: the pattern \"{}\" is not a regular expression: {} at byte {}",
        origin,
        pattern,
        reinterpret_cast<const char*>(words.data()),
        at);
}

std::vector<std::string_view> Pattern::all_in(std::string_view text) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(code_.get(), nullptr), &pcre2_match_data_free);
  const std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> limits(
      pcre2_match_context_create(nullptr), &pcre2_match_context_free);
  pcre2_set_match_limit(limits.get(), kMostSteps);
  std::vector<std::string_view> all;
  for (std::size_t from = 0; from <= text.size();) {
    const int groups = pcre2_match(code_.get(),
                                   reinterpret_cast<PCRE2_SPTR>(text.data()),
                                   text.size(),
                                   from,
                                   0,
                                   match.get(),
                                   limits.get());
    if (groups <= 0) {
      break;
    }
    const std::size_t* const bounds = pcre2_get_ovector_pointer(match.get());
    const std::size_t group = groups > 1 && bounds[2] != PCRE2_UNSET ? 1 : 0;
    all.push_back(text.substr(bounds[2 * group], bounds[2 * group + 1] - bounds[2 * group]));
    from = bounds[1] > from ? bounds[1] : from + 1;
  }
  return all;
}

std::optional<std::string_view> Pattern::last_in(std::string_view text) const {
  const std::vector<std::string_view> all = all_in(text);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::string as_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    pattern += byte < 0x80 && std::isalnum(byte) == 0 ? "\\" : "";
    pattern += c;
  }
  return pattern;
}

}  // namespace rq::eval
