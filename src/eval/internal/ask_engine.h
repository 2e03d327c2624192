#pragma once
// An evaluation's requests put to an engine.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eval/tables/subject.h"
#include "generate/engine.h"
#include "tokenizer/chat_format.h"
#include "tokenizer/tokenizer.h"

namespace rq::eval {

struct AskedEngine {
  generate::Engine& engine;
  const tokenizer::Tokenizer& tokenizer;
  const tokenizer::ChatFormat* chat;  // null where there is none
  const std::vector<std::int32_t>& end_tokens;
  std::optional<std::int32_t> begin;   // put before each text that is no chat
  std::optional<std::int32_t> prefix;  // stands in for an empty context
};

// As Subject::ask.
void ask_engine(const AskedEngine& asked,
                std::span<const Request> requests,
                const Subject::OnReply& on_reply);

}  // namespace rq::eval
