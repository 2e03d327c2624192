#pragma once
// A request under way: its tokens, which of them the network has read, and the pages that remember
// them. No torch.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "generate/engine.h"
#include "generate/page_pool.h"

namespace rq::generate {

struct Sequence {
  Engine::Id id;
  Request request;
  Sampler sampler;
  std::vector<std::int32_t> tokens;  // the prompt, then the answer
  std::vector<Token> prompt_scores;

  std::vector<std::int32_t> pages;  // held
  std::int64_t published = 0;       // of the pages, known to the pool
  std::int64_t read = 0;            // tokens that the pages remember
  std::optional<Finish> finish = std::nullopt;
  Outcome outcome;

  // Guessing ahead.
  bool is_drafted = false;  // whether the prediction layer has read what the network has
  std::optional<std::int32_t> draft = std::nullopt;  // the guess of what follows the last token
  std::array<std::int32_t, 2> last_and_draft = {};   // what a step reads

  Sequence(Engine::Id new_id, Request new_request)
      : id(new_id),
        request(std::move(new_request)),
        sampler(request.sampling),
        tokens(request.prompt) {}

  std::int64_t length() const { return static_cast<std::int64_t>(tokens.size()); }
  std::int64_t prompt_length() const { return static_cast<std::int64_t>(request.prompt.size()); }
  std::int64_t unread() const { return length() - read; }
  bool reads_prompt() const { return read < prompt_length(); }
  // Whether the prompt's log-probabilities are still to be told.
  bool is_scored() const { return request.scores_prompt && length() == prompt_length(); }
  Said said() const {
    const std::span<const std::int32_t> all(tokens);
    return {all.first(request.prompt.size()), all.subspan(request.prompt.size())};
  }
  // Tokens at the beginning whose logits are not needed.
  std::int64_t unscored() const {
    return is_scored() ? request.scores_from - 1 : prompt_length() - 1;
  }
  // The tokens of the prompt that may come from the cache: those whose logits are not needed.
  std::span<const std::int32_t> reusable() const {
    return std::span(request.prompt).first(static_cast<std::size_t>(unscored()));
  }

  static std::int64_t pages_for(std::int64_t positions) {
    return (positions + kPageTokens - 1) / kPageTokens;
  }
  // Takes pages for so many positions; false where the pool has none left, with what it got.
  bool grow(PagePool& pool, std::int64_t positions) {
    while (static_cast<std::int64_t>(pages.size()) < pages_for(positions)) {
      const std::optional<std::int32_t> page = pool.take();
      if (!page) {
        return false;
      }
      pages.push_back(*page);
    }
    return true;
  }
  // Gives every page back, the last one first.
  void drop_pages(PagePool& pool) {
    while (!pages.empty()) {
      pool.release(pages.back());
      pages.pop_back();
    }
    read = published = 0;
    prompt_scores.clear();
    draft.reset();
  }
  // Lets other prompts use the pages that are full of this one. An answer's are not published:
  // attention reads prompts by another form than answers, and its rounding is another.
  void publish(PagePool& pool) {
    const std::int64_t full = std::min(read, prompt_length()) / kPageTokens;
    for (; published < full; ++published) {
      const auto index = static_cast<std::size_t>(published);
      pool.publish(pages[index],
                   published == 0 ? std::nullopt : std::optional(pages[index - 1]),
                   std::span(tokens).subspan(index * kPageTokens, kPageTokens));
    }
  }
};

}  // namespace rq::generate
