#include "pipeline/lengths.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/conversation.h"
#include "data/store.h"
#include "data/worked_document.h"
#include "reward/problem.h"
#include "reward/problem_generator.h"

namespace rq::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLooked = 64;  // documents of a box
// DeepSeek's chat: the beginning, who asks, who answers; and the end of the answer.
constexpr double kQuestionMarks = 3, kAnswerMarks = 1;
// Of what a request to write on may hold at most: whole sentences alone stand in it.
constexpr double kSentencesFill = 0.7;

Lengths conversation_lengths(const data::Conversation& conversation, const TokenCount& count) {
  Lengths lengths{.question = kQuestionMarks};
  const auto& messages = conversation.messages;
  const bool is_answered = !messages.empty() && messages.back().role == data::Role::kAssistant;
  for (std::size_t i = 0; i + (is_answered ? 1 : 0) < messages.size(); ++i) {
    lengths.question += count(messages[i].content);
  }
  lengths.answer = is_answered ? kAnswerMarks + count(messages.back().content) : 0;
  return lengths;
}

}  // namespace

TokenCount::TokenCount(std::shared_ptr<const tokenizer::Tokenizer> vocabulary,
                       double bytes_per_token)
    : vocabulary_(std::move(vocabulary)), bytes_per_token_(bytes_per_token) {}

double TokenCount::operator()(std::string_view text) const {
  return vocabulary_ ? static_cast<double>(vocabulary_->encode_ordinary(text).size())
                     : of_bytes(static_cast<double>(text.size()));
}

std::optional<Lengths> lengths_of(std::span<const std::string> documents,
                                  data::Content content,
                                  const TokenCount& count) {
  Lengths sum;
  for (const std::string& document : documents) {
    Lengths one;
    if (content == data::Content::kConversations) {
      one = conversation_lengths(data::parse_conversation(document, "a box"), count);
    } else if (content == data::Content::kProblems) {
      one.question = kQuestionMarks + count(reward::parse_problem(document, "a box").prompt);
    } else {
      return {};
    }
    sum.question += one.question;
    sum.answer += one.answer;
  }
  const auto all = static_cast<double>(documents.size());
  return all > 0 ? std::optional(Lengths{sum.question / all, sum.answer / all}) : std::nullopt;
}

std::optional<Lengths> drawn_lengths(const data::SourceConfig& source, const TokenCount& count) {
  if (!source.continuation.from.empty()) {
    const auto tokens = [&](std::int64_t most_bytes) {
      return count.of_bytes(kSentencesFill * static_cast<double>(most_bytes));
    };
    return Lengths{kQuestionMarks + tokens(source.continuation.opening_bytes),
                   kAnswerMarks + tokens(source.continuation.answer_bytes)};
  }
  if (source.asked.kinds.empty() || source.asked.answers == data::AnswerForm::kText) {
    return {};
  }
  reward::ProblemStream stream = data::problems_of(source.asked);
  std::vector<std::string> documents;
  for (std::int64_t i = 0; i < std::min(source.asked.count, kLooked); ++i) {
    documents.push_back(data::worked_document(stream.next(), source.asked.answers).value());
  }
  const bool is_asked = source.asked.answers == data::AnswerForm::kNone;
  return lengths_of(
      documents, is_asked ? data::Content::kProblems : data::Content::kConversations, count);
}

double share_of_programs(const std::vector<std::string>& kinds) {
  double programs = 0;
  for (const reward::ProblemKind& kind : reward::problem_kinds()) {
    const bool is_code = kind.domain == reward::Domain::kCode;
    programs += is_code && std::ranges::find(kinds, kind.name) != kinds.end() ? 1 : 0;
  }
  return kinds.empty() ? 0 : programs / static_cast<double>(kinds.size());
}

Known::Box look_into(const fs::path& folder,
                     std::optional<data::Content> content,
                     const TokenCount& count) {
  const data::DocumentStore box(folder);
  std::vector<std::string> documents;
  const std::int64_t looked = std::min(box.size(), kLooked);
  for (std::int64_t i = 0; i < looked; ++i) {
    documents.emplace_back(box[i * box.size() / looked]);
  }
  if (!content && looked > 0 && documents.front().starts_with("{\"messages\":")) {
    content = data::Content::kConversations;  // files decided
  }
  return {.documents = static_cast<double>(box.size()),
          .lengths = content ? lengths_of(documents, *content, count) : std::nullopt};
}

}  // namespace rq::pipeline
