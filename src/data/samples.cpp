#include "data/samples.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/special_tokens.h"

namespace rq::data {
namespace {

// The answer without the sign that a prompt has already given: some formats begin the reasoning.
std::string_view after_begun_reasoning(std::string_view prompt, std::string_view answer) {
  std::string_view begun = prompt;
  while (!begun.empty() && begun.back() == '\n') {
    begun.remove_suffix(1);
  }
  if (begun.ends_with(tokenizer::kThinkBegin) && answer.starts_with(tokenizer::kThinkBegin)) {
    answer.remove_prefix(tokenizer::kThinkBegin.size());
    const std::string_view between = prompt.substr(begun.size());
    if (answer.starts_with(between)) {
      answer.remove_prefix(between.size());
    }
  }
  return answer;
}

}  // namespace

SampleMaker::SampleMaker(tokenizer::Tokenizer tokenizer,
                         tokenizer::ChatFormat format,
                         std::int32_t end_token,
                         std::int64_t most_tokens)
    : tokenizer_(std::move(tokenizer)),
      format_(std::move(format)),
      end_token_(end_token),
      end_text_(tokenizer_.bytes_of(end_token)),
      most_tokens_(most_tokens) {}

void SampleMaker::append(Sample& sample, std::string_view text, bool is_answer) const {
  tokenizer_.encode_to(text, sample.tokens);
  sample.is_answer.resize(sample.tokens.size(), is_answer);
}

void SampleMaker::finish(Sample sample, std::vector<Sample>& samples) {
  const auto most = static_cast<std::size_t>(most_tokens_);
  if (sample.tokens.size() > most) {
    ++counts_.truncated;
    sample.tokens.resize(most);
    sample.is_answer.resize(most);
  }
  const auto answers = std::ranges::count(sample.is_answer, true);
  if (answers == 0) {
    ++counts_.dropped;
    return;
  }
  ++counts_.samples;
  counts_.tokens += static_cast<std::int64_t>(sample.tokens.size());
  counts_.answer_tokens += answers;
  samples.push_back(std::move(sample));
}

std::vector<Sample> SampleMaker::operator()(const Conversation& conversation) {
  ++counts_.conversations;
  std::vector<Sample> samples;
  Sample sample;
  std::string text;  // of the sample
  Json before = Json::array();
  for (const Json& message : conversation.as_json()) {
    if (message["role"] == "assistant") {
      const std::string prompt = format_.render(before);
      if (!text.empty() && !prompt.starts_with(text)) {
        finish(std::exchange(sample, {}), samples);
        text.clear();
      }
      append(sample, std::string_view(prompt).substr(text.size()), false);
      const std::string_view answer =
          after_begun_reasoning(prompt, message["content"].get_ref<const std::string&>());
      append(sample, answer, true);
      sample.tokens.push_back(end_token_);
      sample.is_answer.push_back(true);
      text = prompt + std::string(answer) + end_text_;
    }
    before.push_back(message);
  }
  finish(std::move(sample), samples);
  return samples;
}

std::optional<Sample> SampleMaker::pair(const Preference& preference) {
  Sample pair;
  const std::int64_t truncated = counts_.truncated;
  for (const std::string& answer : {preference.chosen, preference.rejected}) {
    const std::vector<Sample> made = (*this)(preference.with(answer));
    if (made.empty() || counts_.truncated > truncated) {
      return std::nullopt;
    }
    // Of several, the last one holds the answer.
    pair.tokens.insert(pair.tokens.end(), made.back().tokens.begin(), made.back().tokens.end());
    pair.is_answer.resize(pair.tokens.size(), false);
    pair.is_answer.back() = true;
  }
  return pair;
}

}  // namespace rq::data
