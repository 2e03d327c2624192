#pragma once
// The special tokens of our own tokenizers, spelled as in DeepSeek-V3's and R1's tokenizer.json.

#include <array>
#include <string_view>

namespace rq::tokenizer {

inline constexpr std::string_view kBeginOfSentence = "<｜begin▁of▁sentence｜>";
inline constexpr std::string_view kEndOfSentence = "<｜end▁of▁sentence｜>";
inline constexpr std::string_view kPad = "<｜▁pad▁｜>";
inline constexpr std::string_view kFimHole = "<｜fim▁hole｜>";
inline constexpr std::string_view kFimBegin = "<｜fim▁begin｜>";
inline constexpr std::string_view kFimEnd = "<｜fim▁end｜>";
inline constexpr std::string_view kUser = "<｜User｜>";
inline constexpr std::string_view kAssistant = "<｜Assistant｜>";
inline constexpr std::string_view kThinkBegin = "<think>";
inline constexpr std::string_view kThinkEnd = "</think>";

// As in V3's file, the first three have the ids 0, 1 and 2, and the others follow the last merge in
// this order.
inline constexpr std::array kFirstSpecialTokens = {kBeginOfSentence, kEndOfSentence, kPad};
inline constexpr std::array kLastSpecialTokens = {
    kThinkBegin, kThinkEnd, kFimHole, kFimBegin, kFimEnd, kUser, kAssistant};

}  // namespace rq::tokenizer
