#pragma once
// Answers compared as words: SQuAD's exact match and F1 (arXiv 1606.05250), with Chinese by
// character as CMRC 2018 has it.

#include <string>
#include <string_view>
#include <vector>

namespace rq::eval {

// In lower case, without ASCII punctuation and the articles a, an, the; Chinese, Japanese and
// Korean characters are a word each.
std::vector<std::string> answer_words(std::string_view text);

// Whether both have the same words.
bool same_words(std::string_view given, std::string_view right);

// 2 P R / (P + R) over the words that both have; two answers without words are the same.
double word_overlap(std::string_view given, std::string_view right);

}  // namespace rq::eval
