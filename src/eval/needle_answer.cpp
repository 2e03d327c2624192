#include "eval/needle_answer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/ATen.h>

#include "base/check.h"
#include "generate/score.h"

namespace rq::eval {
namespace {

// What a continuation amounts to, as far as it is known.
enum class Spelling { kUnfinished, kRight, kWrong };

Spelling judge(std::string_view written, std::string_view answer) {
  if (written.size() <= answer.size()) {
    return answer.starts_with(written) ? Spelling::kUnfinished : Spelling::kWrong;
  }
  const auto next = static_cast<unsigned char>(written[answer.size()]);
  const bool goes_on = next >= 0x80 || (next >= '0' && next <= '9') ||
                       (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z');
  return written.starts_with(answer) && !goes_on ? Spelling::kRight : Spelling::kWrong;
}

// Row `index` of a cache as a cache of its own that holds `length` tokens; what is appended to it
// is written into the other.
model::Cache row_of(const model::Cache& cache, std::int64_t index, std::int64_t length) {
  model::Cache row;
  for (const auto& layer : cache.layers) {
    row.layers.push_back({layer.entries.narrow(0, index, 1), length});
  }
  return row;
}

class ModelAnswerer {
 public:
  ModelAnswerer(const model::Model& model, const tokenizer::Tokenizer& tokenizer)
      : model_(model), tokenizer_(tokenizer) {}

  std::vector<Verdict> operator()(std::span<const Prompt> prompts) const {
    if (prompts.empty()) {
      return {};
    }
    const at::NoGradGuard no_grad;
    const auto rows = static_cast<std::int64_t>(prompts.size()),
               length = static_cast<std::int64_t>(prompts.front().tokens.size());
    std::vector<std::int32_t> tokens;
    for (const Prompt& prompt : prompts) {
      check(static_cast<std::int64_t>(prompt.tokens.size()) == length,
            "prompts of {} and {} tokens cannot be asked together",
            length,
            prompt.tokens.size());
      generate::check_tokens(model_.config, prompt.tokens);
      tokens.insert(tokens.end(), prompt.tokens.begin(), prompt.tokens.end());
    }
    model::Cache cache = model_.make_cache(rows, length);
    const Tensor hidden =
        model_(at::tensor(tokens, at::kInt).to(at::kLong).view({rows, length}), &cache).hidden;
    std::vector<Verdict> verdicts;
    for (std::int64_t row = 0; row < rows; ++row) {
      const Prompt& prompt = prompts[row];
      // For each question the most probable tokens from the answer's first place on.
      std::vector<std::vector<std::int32_t>> best;
      for (const AnswerSpan& answer : prompt.answers) {
        best.push_back(
            best_tokens(hidden.narrow(0, row * length + answer.first - 1, answer.count)));
      }
      verdicts.push_back({.by_probability = are_most_probable(prompt, best),
                          .by_generation = is_written(prompt, best, cache, row)});
    }
    return verdicts;
  }

 private:
  // hidden [N, D] -> for each the most probable next token, of equals the lowest.
  std::vector<std::int32_t> best_tokens(const Tensor& hidden) const {
    const Tensor logits = at::linear(hidden, model_.output_head()).contiguous();  // [N, V]
    std::vector<std::int32_t> best;
    for (std::int64_t i = 0; i < logits.size(0); ++i) {
      const float* const first = logits.const_data_ptr<float>() + i * logits.size(1);
      best.push_back(
          static_cast<std::int32_t>(std::max_element(first, first + logits.size(1)) - first));
    }
    return best;
  }

  static bool are_most_probable(const Prompt& prompt,
                                const std::vector<std::vector<std::int32_t>>& best) {
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (!std::equal(
              best[i].begin(), best[i].end(), prompt.tokens.begin() + prompt.answers[i].first)) {
        return false;
      }
    }
    return true;
  }

  // From the last question to the first: a continuation is written over the cache from its answer
  // on, and the questions before it do not see that.
  bool is_written(const Prompt& prompt,
                  const std::vector<std::vector<std::int32_t>>& best,
                  const model::Cache& cache,
                  std::int64_t row) const {
    for (std::size_t i = best.size(); i-- > 0;) {
      model::Cache known = row_of(cache, row, prompt.answers[i].first);
      if (!writes(prompt.answers[i].text, best[i].front(), known)) {
        return false;
      }
    }
    return true;
  }

  // Whether a continuation that begins with `token` spells the answer. Never goes past the cache's
  // capacity, which is the prompt's length.
  bool writes(std::string_view answer, std::int32_t token, model::Cache& known) const {
    std::string written;
    while (true) {
      const std::string_view bytes = tokenizer_.bytes_of(token);
      if (bytes.empty() || tokenizer_.is_special(token)) {
        return written == answer;
      }
      written += bytes;
      const Spelling spelling = judge(written, answer);
      if (spelling != Spelling::kUnfinished) {
        return spelling == Spelling::kRight;
      }
      if (known.length() == known.layers.front().entries.size(1)) {
        return written == answer;
      }
      token = best_tokens(model_(at::full({1, 1}, token, at::kLong), &known).hidden).front();
    }
  }

  const model::Model& model_;
  const tokenizer::Tokenizer& tokenizer_;
};

}  // namespace

Answerer ask(const model::Model& model, const tokenizer::Tokenizer& tokenizer) {
  return ModelAnswerer(model, tokenizer);
}

}  // namespace rq::eval
