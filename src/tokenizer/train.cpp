#include "tokenizer/train.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/require.h"
#include "tokenizer/definition.h"
#include "tokenizer/internal/byte_alphabet.h"
#include "tokenizer/internal/pair_merger.h"
#include "tokenizer/internal/pre_tokenizer.h"
#include "tokenizer/internal/word_counter.h"
#include "tokenizer/special_tokens.h"
#include "tokenizer/tokenizer.h"

namespace rq::tokenizer {
namespace {

constexpr std::int64_t kBytes = 256;
constexpr std::int64_t kMostDigits = 9;
constexpr auto kSmallestVocabulary =
    static_cast<std::int64_t>(kFirstSpecialTokens.size() + kLastSpecialTokens.size()) + kBytes;
constexpr std::int64_t kLargestVocabulary = 1 << 24;

// All bytes in the order of the characters that spell them, as `tokenizers` numbers its alphabet.
std::vector<unsigned char> bytes_in_order() {
  std::vector<unsigned char> bytes(kBytes);
  std::iota(bytes.begin(), bytes.end(), static_cast<unsigned char>(0));
  std::ranges::sort(bytes, {}, [](unsigned char byte) { return byte_characters()[byte]; });
  return bytes;
}

Json byte_level(bool trims_offsets) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", true},
          {"trim_offsets", trims_offsets},
          {"use_regex", true}};
}

// Thinking is text that readers see; the others steer.
bool is_control(std::string_view token) {
  return token != kThinkBegin && token != kThinkEnd;
}

void add_special_token(std::string_view content, std::int32_t id, Definition& definition) {
  definition.added_tokens.push_back({.id = id,
                                     .content = std::string(content),
                                     .normalized = false,
                                     .is_special = is_control(content)});
}

Definition define(const PairMerger& merger, const TrainConfig& config) {
  Definition definition;
  const auto& tokens = merger.tokens();
  std::vector<std::string> spellings;
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    const bool is_special = id < kFirstSpecialTokens.size();
    definition.vocabulary.emplace_back(is_special ? tokens[id] : spell_bytes(tokens[id]),
                                       static_cast<std::int32_t>(id));
    if (is_special) {
      add_special_token(tokens[id], static_cast<std::int32_t>(id), definition);
    }
  }
  for (const PairMerger::Merge& merge : merger.merges()) {
    definition.merges.push_back({merge.left, merge.right, merge.result});
  }
  auto next = static_cast<std::int32_t>(tokens.size());
  for (const std::string_view content : kLastSpecialTokens) {
    // The corpus may have taught a token of the very same bytes: then it is that one.
    const auto learnt = std::ranges::find(tokens, content);
    const bool is_learnt = learnt != tokens.end() && spell_bytes(content) == content;
    add_special_token(content,
                      is_learnt ? static_cast<std::int32_t>(learnt - tokens.begin()) : next++,
                      definition);
  }
  definition.pre_tokenizer = v3_pre_tokenizer(config.digits);
  definition.post_processor = byte_level(/*trims_offsets=*/false);
  definition.decoder = byte_level(/*trims_offsets=*/true);
  return definition;
}

}  // namespace

std::vector<std::string> TrainConfig::problems() const {
  Requirements all;
  all.require(vocab_size >= kSmallestVocabulary && vocab_size <= kLargestVocabulary,
              "vocab_size={} must be from {} ({} special tokens and the 256 bytes) to {}",
              vocab_size,
              kSmallestVocabulary,
              kSmallestVocabulary - kBytes,
              kLargestVocabulary);
  all.require(min_frequency >= 1, "min_frequency={} must be at least 1", min_frequency);
  all.require(max_token_bytes == 0 || max_token_bytes >= 2,
              "max_token_bytes={} must be 0 (no limit) or at least 2",
              max_token_bytes);
  all.require(
      digits >= 1 && digits <= kMostDigits, "digits={} must be from 1 to {}", digits, kMostDigits);
  return all.take();
}

void TrainConfig::validate() const {
  const auto found = problems();
  check(found.empty(), "{}", fmt::join(found, "; "));
}

Tokenizer train(const NextDocument& next, const TrainConfig& config, const TrainRun& run) {
  config.validate();
  std::vector<std::string> tokens(kFirstSpecialTokens.begin(), kFirstSpecialTokens.end());
  std::vector<std::uint32_t> of_byte(kBytes);
  for (const unsigned char byte : bytes_in_order()) {
    of_byte[byte] = static_cast<std::uint32_t>(tokens.size());
    tokens.emplace_back(1, static_cast<char>(byte));
  }
  const PreTokenizer pre_tokenizer(v3_pre_tokenizer(config.digits), "train");
  const WordTable words = count_words(next, pre_tokenizer, run);
  PairMerger merger(words, std::move(tokens), of_byte);
  merger.run(static_cast<std::size_t>(config.vocab_size) - kLastSpecialTokens.size(), config, run);
  return Tokenizer(define(merger, config), "train");
}

}  // namespace rq::tokenizer
