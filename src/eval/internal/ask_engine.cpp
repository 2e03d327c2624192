#include "eval/internal/ask_engine.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/signals.h"
#include "tokenizer/text_stream.h"

namespace rq::eval {
namespace {

using Tokens = std::vector<std::int32_t>;

constexpr std::size_t kUnderWay = 256;  // requests that the engine knows of at once
constexpr std::size_t kTogether = 32;   // contexts whose first continuations are read together

// Choices of one question stand next to each other. Put in this order, the first ones of several
// questions are read together, and the others find what they have in common with them.
std::vector<std::size_t> reading_order(std::span<const Request> requests) {
  std::vector<std::vector<std::size_t>> by_context;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const bool goes_on = i > 0 && requests[i].asked == Asked::kLikelihood &&
                         requests[i].context == requests[i - 1].context;
    if (!goes_on) {
      by_context.emplace_back();
    }
    by_context.back().push_back(i);
  }
  std::vector<std::size_t> order;
  for (std::size_t begin = 0; begin < by_context.size(); begin += kTogether) {
    const std::size_t end = std::min(begin + kTogether, by_context.size());
    const std::size_t before = order.size();
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i) {
      count += by_context[i].size();
    }
    for (std::size_t rank = 0; order.size() < before + count; ++rank) {
      for (std::size_t i = begin; i < end; ++i) {
        if (rank < by_context[i].size()) {
          order.push_back(by_context[i][rank]);
        }
      }
    }
  }
  return order;
}

// Blanks at its end; they belong to the token that follows.
std::size_t blanks_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? text.size() : text.size() - last - 1;
}

class EngineAsking {
 public:
  EngineAsking(const AskedEngine& asked,
               std::span<const Request> requests,
               const Subject::OnReply& on_reply)
      : asked_(asked),
        context_(static_cast<std::size_t>(asked.engine.config().context)),
        requests_(requests),
        on_reply_(on_reply),
        under_way_(requests.size()) {}

  void run() {
    const std::vector<std::size_t> order = reading_order(requests_);
    std::size_t next = 0;
    while (true) {
      throw_if_stopped();
      while (next < order.size() && held_ < kUnderWay) {
        begin(order[next++]);
      }
      if (!asked_.engine.step() && next == order.size()) {
        return;
      }
    }
  }

 private:
  struct UnderWay {
    Reply reply = {};
    std::optional<tokenizer::TextStream> text = {};
    std::size_t parts = 0;  // requests of the engine that have not ended
  };

  void begin(std::size_t index) {
    const Request& request = requests_[index];
    try {
      switch (request.asked) {
        case Asked::kLikelihood:
          begin_likelihood(index);
          break;
        case Asked::kPassage:
          begin_passage(index);
          break;
        default:
          begin_answer(index);
      }
    } catch (const MachineError&) {
      throw;
    } catch (const Error& error) {
      on_reply_(index, {.failure = error.what()});
    }
  }

  // Tokens of a context and of what follows it, as those of the whole text, and how many are the
  // context's.
  std::pair<Tokens, std::size_t> encode_pair(const Request& request) const {
    const std::string& text = request.context;
    const std::string context = text.substr(0, text.size() - blanks_behind(text));
    Tokens tokens;
    if (asked_.begin) {
      tokens.push_back(*asked_.begin);
    }
    const std::size_t before = tokens.size();
    asked_.tokenizer.encode_to(text + request.continuation, tokens);
    Tokens alone = asked_.tokenizer.encode(context);
    std::size_t known = before + alone.size();
    if (known == 0) {
      check(asked_.prefix.has_value(),
            "nothing can stand before a text without context: the model's folder names neither a "
            "token to begin nor one to end with");
      tokens.insert(tokens.begin(), *asked_.prefix);
      known = 1;
    }
    return {std::move(tokens), std::min(known, tokens.size())};
  }

  void begin_likelihood(std::size_t index) {
    auto [tokens, known] = encode_pair(requests_[index]);
    check(tokens.size() > known, "the continuation has no token of its own");
    UnderWay& mine = under_way_[index];
    const std::size_t scored = tokens.size() - known;
    check(scored < context_,
          "a continuation of {} tokens exceeds the context of {}",
          scored,
          context_);
    if (tokens.size() > context_) {
      mine.reply.is_shortened = true;
      tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(context_));
      known = context_ - scored;
    }
    mine.reply.is_greedy = true;
    add_scored(index, std::move(tokens), known);
  }

  // In windows of the context that begin half of one apart, as generate's log_probabilities.
  void begin_passage(std::size_t index) {
    Tokens tokens;
    if (asked_.prefix) {
      tokens.push_back(*asked_.prefix);
    }
    asked_.tokenizer.encode_to(requests_[index].continuation, tokens);
    check(tokens.size() > 1, "the passage has no token that stands behind another");
    under_way_[index].reply.is_greedy = true;
    std::size_t scored = 1;
    for (std::size_t start = 0; scored < tokens.size();
         start += std::max<std::size_t>(context_ / 2, 1)) {
      const std::size_t end = std::min(start + context_, tokens.size());
      const auto at = [&](std::size_t i) {
        return tokens.begin() + static_cast<std::ptrdiff_t>(i);
      };
      add_scored(index, Tokens(at(start), at(end)), scored - start);
      scored = end;
    }
  }

  // Adds up the log-probabilities of the tokens from `first` on.
  void add_scored(std::size_t index, Tokens tokens, std::size_t first) {
    add(index,
        {.prompt = std::move(tokens),
         .max_tokens = 0,
         .alternatives = 1,
         .scores_prompt = true,
         .scores_from = static_cast<std::int64_t>(first),
         .on_prompt = [this, index](const std::vector<generate::Token>& scored) {
           Reply& reply = under_way_[index].reply;
           for (const generate::Token& token : scored) {
             reply.logprob += static_cast<double>(token.logprob);
             reply.is_greedy &= token.alternatives.front().token == token.token;
           }
           reply.tokens += std::ssize(scored);
         }});
  }

  void begin_answer(std::size_t index) {
    const Request& request = requests_[index];
    Tokens prompt;
    if (request.asked == Asked::kChat) {
      prompt = asked_.tokenizer.encode(asked_.chat->render(request.messages));
    } else {
      if (asked_.begin) {
        prompt.push_back(*asked_.begin);
      }
      asked_.tokenizer.encode_to(request.context, prompt);
      if (prompt.empty() && asked_.prefix) {
        prompt.push_back(*asked_.prefix);
      }
    }
    UnderWay& mine = under_way_[index];
    const std::size_t wanted = static_cast<std::size_t>(request.max_tokens);
    const std::size_t room = std::max(context_ - std::min(wanted, context_), context_ / 2);
    if (prompt.size() > room) {
      mine.reply.is_shortened = true;
      prompt.erase(prompt.begin(), prompt.end() - static_cast<std::ptrdiff_t>(room));
    }
    mine.text.emplace(asked_.tokenizer, request.stop);
    add(index,
        {.prompt = std::move(prompt),
         .sampling = {.temperature = request.temperature,
                      .top_p = request.top_p,
                      .seed = request.seed},
         .max_tokens = request.max_tokens,
         .end_tokens = asked_.end_tokens,
         .on_token = [this, index](const generate::Token& token) {
           UnderWay& under_way = under_way_[index];
           under_way.reply.text += under_way.text->push(token.token);
           ++under_way.reply.tokens;
           return !under_way.text->is_stopped();
         }});
  }

  void add(std::size_t index, generate::Request request) {
    request.on_finish = [this, index](const generate::Outcome& outcome) {
      end_part(index, outcome.finish);
    };
    asked_.engine.add(std::move(request));
    ++under_way_[index].parts;
    ++held_;
  }

  void end_part(std::size_t index, generate::Finish finish) {
    --held_;
    UnderWay& mine = under_way_[index];
    if (--mine.parts > 0) {
      return;
    }
    if (mine.text) {
      mine.reply.text += mine.text->finish();
      mine.reply.is_cut = finish == generate::Finish::kLength;
      mine.text.reset();
    }
    on_reply_(index, std::move(mine.reply));
  }

  const AskedEngine& asked_;
  std::size_t context_;  // tokens
  std::span<const Request> requests_;
  const Subject::OnReply& on_reply_;
  std::vector<UnderWay> under_way_;  // beside the requests
  std::size_t held_ = 0;             // requests of the engine
};

}  // namespace

void ask_engine(const AskedEngine& asked,
                std::span<const Request> requests,
                const Subject::OnReply& on_reply) {
  EngineAsking(asked, requests, on_reply).run();
}

}  // namespace rq::eval
