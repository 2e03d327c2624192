#pragma once
// Where in a model's text its final answer stands. Every function looks only at what follows the
// last "</think>", where there is one, takes the last of several places, runs in linear time, and
// gives a part of the text itself, trimmed, or nothing.

#include <optional>
#include <string_view>

namespace rq::reward {

// What follows the model's reasoning: all after the last "</think>", the whole text where there is
// no reasoning, nothing where it was begun and never ended.
std::string_view after_thinking(std::string_view text);

// The content of the \boxed{...} or \fbox{...} that ends last (of nested ones the outermost), or of
// a "\boxed 5" without braces, up to the next space or dollar sign. A box that is never closed was
// cut off and holds no answer.
std::optional<std::string_view> boxed_answer(std::string_view text);

// The rest of the line after "answer is" or "answer:", in any case, without the sentence's end.
std::optional<std::string_view> stated_answer(std::string_view text);

// The rest of the line after "####", as the solutions of GSM8K end.
std::optional<std::string_view> hash_answer(std::string_view text);

// The last number: "-1,234.5" of "it falls to -1,234.5 metres."
std::optional<std::string_view> last_number(std::string_view text);

}  // namespace rq::reward
