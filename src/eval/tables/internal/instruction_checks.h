#pragma once
// Whether an answer follows an instruction, one function a kind; `told` holds what the instruction
// asks for, and has been checked to hold it. Case never counts where words are looked for, and a
// keyword may stand within a longer word, as IFEval has it.

#include <string_view>

#include "base/json.h"

namespace rq::eval {

// The two relations of a count to what is asked for.
inline constexpr std::string_view kLessThan = "less than", kAtLeast = "at least";

// instruction_words.cpp: letters, words, sentences, languages
bool has_keywords(std::string_view answer, const Json& told);
bool has_keyword_frequency(std::string_view answer, const Json& told);
bool has_no_forbidden_word(std::string_view answer, const Json& told);  // whole words alone
bool has_letter_frequency(std::string_view answer, const Json& told);
bool is_in_language(std::string_view answer, const Json& told);
bool has_sentences(std::string_view answer, const Json& told);
bool has_words(std::string_view answer, const Json& told);
bool has_capital_words(std::string_view answer, const Json& told);
bool is_english_in_capitals(std::string_view answer, const Json& told);
bool is_english_in_lower_case(std::string_view answer, const Json& told);
bool has_no_comma(std::string_view answer, const Json& told);

// instruction_forms.cpp: how an answer is laid out, begins and ends
bool has_paragraphs(std::string_view answer, const Json& told);  // with *** between them
bool has_paragraph_with_first_word(std::string_view answer, const Json& told);
bool has_placeholders(std::string_view answer, const Json& told);
bool has_postscript(std::string_view answer, const Json& told);
bool has_bullets(std::string_view answer, const Json& told);
bool has_one_of_the_answers(std::string_view answer, const Json& told);
bool has_highlights(std::string_view answer, const Json& told);
bool has_sections(std::string_view answer, const Json& told);
bool is_json(std::string_view answer, const Json& told);
bool has_title(std::string_view answer, const Json& told);
bool is_two_responses(std::string_view answer, const Json& told);  // with ****** between them
bool repeats_prompt(std::string_view answer, const Json& told);
bool ends_with_phrase(std::string_view answer, const Json& told);
bool is_quotation(std::string_view answer, const Json& told);

}  // namespace rq::eval
