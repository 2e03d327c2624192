#include "data/internal/continuation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/rng.h"
#include "data/conversation.h"
#include "data/store.h"

namespace rq::data {
namespace {

constexpr std::array<std::string_view, 4> kRequests = {
    "Write on: ", "Go on with this text: ", "How does this go on? ", "Continue: "};
constexpr int kTries = 1'000;  // places that are looked at for one conversation

// Its words with single blanks between them.
std::string with_single_blanks(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) {
      plain += c;
    } else if (!plain.empty() && plain.back() != ' ') {
      plain += ' ';
    }
  }
  return plain;
}

// Where the first sentence that begins after `at` begins.
std::optional<std::size_t> sentence_after(std::string_view text, std::size_t at) {
  for (std::size_t i = at; i + 2 < text.size(); ++i) {
    const bool is_end = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (is_end && text[i + 1] == ' ' && text[i + 2] >= 'A' && text[i + 2] <= 'Z') {
      return i + 2;
    }
  }
  return std::nullopt;
}

// As many whole sentences from the beginning of `text` as fit, without the blank after the last.
std::string_view sentences_within(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (auto next = sentence_after(text, 0); next && *next - 1 <= most;
       next = sentence_after(text, *next)) {
    end = *next - 1;
  }
  return text.substr(0, end);
}

}  // namespace

std::string continuation_document(const ContinuationConfig& config,
                                  const DocumentStore& texts,
                                  std::int64_t index) {
  Rng rng(static_cast<std::uint64_t>(config.seed), fmt::format("data/continuation/{}", index));
  const auto opening_bytes = static_cast<std::size_t>(config.opening_bytes);
  const auto answer_bytes = static_cast<std::size_t>(config.answer_bytes);
  for (int i = 0; i < kTries && texts.size() > 0; ++i) {
    const std::string_view document = texts[rng.between(0, texts.size() - 1)];
    // Room for both parts, the sentence that the place cuts, and blanks that go.
    const std::string_view piece =
        document.substr(rng.below(document.size() + 1), 3 * (opening_bytes + answer_bytes));
    const std::string plain = with_single_blanks(piece);
    const auto begin = sentence_after(plain, 0);
    if (!begin) {
      continue;
    }
    const std::string_view rest = std::string_view(plain).substr(*begin);
    const std::string_view opening = sentences_within(rest, opening_bytes);
    const std::string_view after = rest.substr(std::min(opening.size() + 1, rest.size()));
    const std::string_view answer = sentences_within(after, answer_bytes);
    if (!opening.empty() && !answer.empty()) {
      const std::string_view request = kRequests[rng.below(kRequests.size())];
      return Conversation{{{Role::kUser, std::string(request).append(opening)},
                           {Role::kAssistant, std::string(answer)}}}
          .document();
    }
  }
  fail(
      "{} holds no text with a sentence of {} bytes and one of {} after it: raise "
      "continuation.opening_bytes and answer_bytes",
      config.from,
      config.opening_bytes,
      config.answer_bytes);
}

}  // namespace rq::data
