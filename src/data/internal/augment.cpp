#include "data/internal/augment.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <utf8proc.h>

#include "base/check.h"
#include "base/hash.h"
#include "base/rng.h"
#include "data/internal/utf8.h"
#include "tokenizer/special_tokens.h"

namespace rq::data {
namespace {

std::int32_t demand_token(const tokenizer::Tokenizer& tokenizer,
                          std::string_view token,
                          std::string_view use) {
  const auto id = tokenizer.id_of(token);
  check(id.has_value(), "the tokenizer has no token \"{}\", which {} needs", token, use);
  return *id;
}

// Punctuation and symbols of any script, after at most one space: what V3's pre-tokenizer joins
// with newlines.
bool is_punctuation(std::string_view text) {
  if (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  if (text.empty() || find_invalid_utf8(text) != std::string_view::npos) {
    return false;
  }
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()),
                                        &point);
    const auto category = utf8proc_category(point);
    if (category < UTF8PROC_CATEGORY_PC || category > UTF8PROC_CATEGORY_SO) {  // Pc to Po, Sm to So
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(bytes));
  }
  return true;
}

}  // namespace

Augmenter::Augmenter(const tokenizer::Tokenizer& tokenizer, const ShardConfig& config)
    : tokenizer_(tokenizer),
      config_(config),
      end_(demand_token(tokenizer, config.end_token, "end_token")) {
  if (config.fim_rate > 0) {
    fim_begin_ = demand_token(tokenizer, tokenizer::kFimBegin, "fim_rate > 0");
    fim_hole_ = demand_token(tokenizer, tokenizer::kFimHole, "fim_rate > 0");
    fim_end_ = demand_token(tokenizer, tokenizer::kFimEnd, "fim_rate > 0");
  }
  find_combined_tokens();
}

void Augmenter::find_combined_tokens() {
  parts_.resize(static_cast<std::size_t>(tokenizer_.vocab_size()));
  for (std::int32_t id = 0; id < tokenizer_.vocab_size(); ++id) {
    const std::string_view bytes = tokenizer_.bytes_of(id);
    const std::size_t newlines = bytes.find_last_not_of("\r\n") + 1;
    if (newlines == 0 || newlines == bytes.size() || tokenizer_.is_special(id) ||
        !is_punctuation(bytes.substr(0, newlines))) {
      continue;
    }
    std::vector<std::int32_t> parts = tokenizer_.encode_ordinary(bytes.substr(0, newlines));
    tokenizer_.encode_ordinary_to(bytes.substr(newlines), parts);
    if (tokenizer_.decode(parts) == bytes) {  // a normalizer could make them differ
      parts_[static_cast<std::size_t>(id)] = std::move(parts);
    }
  }
}

const std::vector<std::int32_t>& Augmenter::parts_of(std::int32_t token) const {
  return parts_.at(static_cast<std::size_t>(token));
}

bool Augmenter::append_fim(std::string_view text,
                           std::uint64_t hash,
                           std::vector<std::int32_t>& tokens) const {
  Rng rng(static_cast<std::uint64_t>(config_.seed), "data/fim/" + hex64(hash));
  if (rng.uniform() >= config_.fim_rate) {
    return false;
  }
  const std::size_t first = border_before(text, rng.below(text.size() + 1));
  const std::size_t second = border_before(text, rng.below(text.size() + 1));
  const auto [begin, end] = std::minmax(first, second);
  tokens.push_back(fim_begin_);
  tokenizer_.encode_ordinary_to(text.substr(0, begin), tokens);
  tokens.push_back(fim_hole_);
  tokenizer_.encode_ordinary_to(text.substr(end), tokens);
  tokens.push_back(fim_end_);
  tokenizer_.encode_ordinary_to(text.substr(begin, end - begin), tokens);
  return true;
}

Augmented Augmenter::append(std::string_view text, std::vector<std::int32_t>& tokens) const {
  const std::uint64_t hash = xxh3(text);
  std::vector<std::int32_t> whole;
  Augmented result{.is_fim = append_fim(text, hash, whole)};
  if (!result.is_fim) {
    tokenizer_.encode_ordinary_to(text, whole);
  }
  Rng rng(static_cast<std::uint64_t>(config_.seed), "data/split/" + hex64(hash));
  for (const auto token : whole) {
    const auto& parts = parts_[static_cast<std::size_t>(token)];
    if (!parts.empty() && rng.uniform() < config_.split_rate) {
      tokens.insert(tokens.end(), parts.begin(), parts.end());
      ++result.split_tokens;
    } else {
      tokens.push_back(token);
    }
  }
  tokens.push_back(end_);
  return result;
}

}  // namespace rq::data
