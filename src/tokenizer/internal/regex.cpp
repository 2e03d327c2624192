#include "tokenizer/internal/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include <pcre2.h>

#include "base/check.h"
#include "tokenizer/internal/regex_dialect.h"

namespace rq::tokenizer {
namespace {

constexpr std::size_t kFirstStackBytes = 32 << 10;
constexpr std::size_t kLargestStackBytes = 256 << 20;

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

}  // namespace

RegexScratch::RegexScratch()
    : match_(pcre2_match_data_create(1, nullptr)),
      context_(pcre2_match_context_create(nullptr)),
      stack_(pcre2_jit_stack_create(kFirstStackBytes, kLargestStackBytes, nullptr)) {
  if (match_ == nullptr || context_ == nullptr) {
    throw std::bad_alloc();
  }
  pcre2_set_match_limit(context_, UINT32_MAX);  // a piece may be as long as a document
  pcre2_jit_stack_assign(context_, nullptr, stack_);
}

RegexScratch::~RegexScratch() {
  pcre2_match_data_free(match_);
  pcre2_match_context_free(context_);
  pcre2_jit_stack_free(stack_);
}

void Regex::Free::operator()(pcre2_real_code_8* code) const {
  pcre2_code_free(code);
}

Regex::Regex(std::string_view pattern, std::string_view origin)
    : Regex(from_pcre2(to_pcre2(pattern, origin), origin)) {}

Regex Regex::from_pcre2(std::string_view pattern, std::string_view origin) {
  int error = 0;
  std::size_t at = 0;
  const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
      pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  Regex regex;
  regex.code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()),
                                  pattern.size(),
                                  PCRE2_UTF | PCRE2_UCP,
                                  &error,
                                  &at,
                                  context.get()));
  check(regex.code_ != nullptr,
        "{}: the pattern \"{}\" is not a regular expression: {} at byte {}",
        origin,
        pattern,
        message_of(error),
        at);
  pcre2_jit_compile(regex.code_.get(), PCRE2_JIT_COMPLETE);  // where it cannot, PCRE2 interprets
  return regex;
}

std::optional<Regex::Match> Regex::find(std::string_view text,
                                        std::size_t from,
                                        RegexScratch& scratch) const {
  const int count = pcre2_match(code_.get(),
                                reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(),
                                from,
                                PCRE2_NO_UTF_CHECK,
                                scratch.match_,
                                scratch.context_);
  if (count == PCRE2_ERROR_NOMATCH) {
    return std::nullopt;
  }
  if (count < 0) {
    throw MachineError(
        fmt::format("matching a pattern of the pre-tokenizer failed: {}", message_of(count)));
  }
  const std::size_t* const bounds = pcre2_get_ovector_pointer(scratch.match_);
  return Match{bounds[0], bounds[1]};
}

}  // namespace rq::tokenizer
