#include "eval/tables/instructions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/config.h"
#include "eval/tables/internal/instruction_checks.h"
#include "eval/tables/internal/language.h"

namespace rq::eval {
namespace {

// What an instruction is to be told.
enum class Told { kCount, kPlace, kText, kTexts, kRelation, kLanguage };
struct Need {
  std::string_view member = {};  // of the row's kwargs; empty: nothing more
  Told what = Told::kCount;
};
struct Instruction {
  std::string_view id;
  bool (*is_followed)(std::string_view answer, const Json& told);
  Need needs[3] = {};
};

// Adding an instruction: its check in internal/instruction_checks.h and one row here.
constexpr Instruction kInstructions[] = {
    {"keywords:existence", &has_keywords, {{"keywords", Told::kTexts}}},
    {"keywords:frequency",
     &has_keyword_frequency,
     {{"keyword", Told::kText}, {"frequency"}, {"relation", Told::kRelation}}},
    {"keywords:forbidden_words", &has_no_forbidden_word, {{"forbidden_words", Told::kTexts}}},
    {"keywords:letter_frequency",
     &has_letter_frequency,
     {{"letter", Told::kText}, {"let_frequency"}, {"let_relation", Told::kRelation}}},
    {"language:response_language", &is_in_language, {{"language", Told::kLanguage}}},
    {"length_constraints:number_sentences",
     &has_sentences,
     {{"num_sentences"}, {"relation", Told::kRelation}}},
    {"length_constraints:number_paragraphs", &has_paragraphs, {{"num_paragraphs"}}},
    {"length_constraints:number_words", &has_words, {{"num_words"}, {"relation", Told::kRelation}}},
    {"length_constraints:nth_paragraph_first_word",
     &has_paragraph_with_first_word,
     {{"num_paragraphs"}, {"nth_paragraph", Told::kPlace}, {"first_word", Told::kText}}},
    {"detectable_content:number_placeholders", &has_placeholders, {{"num_placeholders"}}},
    {"detectable_content:postscript", &has_postscript, {{"postscript_marker", Told::kText}}},
    {"detectable_format:number_bullet_lists", &has_bullets, {{"num_bullets"}}},
    {"detectable_format:constrained_response", &has_one_of_the_answers},
    {"detectable_format:number_highlighted_sections", &has_highlights, {{"num_highlights"}}},
    {"detectable_format:multiple_sections",
     &has_sections,
     {{"section_spliter", Told::kText}, {"num_sections"}}},
    {"detectable_format:json_format", &is_json},
    {"detectable_format:title", &has_title},
    {"combination:two_responses", &is_two_responses},
    {"combination:repeat_prompt", &repeats_prompt, {{"prompt_to_repeat", Told::kText}}},
    {"startend:end_checker", &ends_with_phrase, {{"end_phrase", Told::kText}}},
    {"startend:quotation", &is_quotation},
    {"change_case:capital_word_frequency",
     &has_capital_words,
     {{"capital_frequency"}, {"capital_relation", Told::kRelation}}},
    {"change_case:english_capital", &is_english_in_capitals},
    {"change_case:english_lowercase", &is_english_in_lower_case},
    {"punctuation:no_comma", &has_no_comma},
};

constexpr const char* kIds = "instruction_id_list";
constexpr const char* kKwargs = "kwargs";

bool is_text(const Json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty();
}

// Why the value is not what is needed; empty where it is.
std::string_view fault(const Json& value, Told what) {
  const auto is_integer_from = [&](std::int64_t least) {
    return value.is_number_integer() && value.get<std::int64_t>() >= least;
  };
  switch (what) {
    case Told::kCount:
      return is_integer_from(0) ? "" : "no integer from 0 on";
    case Told::kPlace:
      return is_integer_from(1) ? "" : "no integer from 1 on";
    case Told::kText:
      return is_text(value) ? "" : "no text";
    case Told::kTexts:
      return value.is_array() && !value.empty() && std::ranges::all_of(value, is_text)
                 ? ""
                 : "no list of texts";
    case Told::kRelation:
      return value == kLessThan || value == kAtLeast ? ""
                                                     : "neither \"less than\" nor \"at least\"";
    case Told::kLanguage:
      return is_text(value) && knows_language(value.get_ref<const std::string&>())
                 ? ""
                 : "the code of no language that is told from others here";
  }
  return {};
}

const Instruction* find(std::string_view id) {
  const auto* const found = std::ranges::find(kInstructions, id, &Instruction::id);
  return found == std::end(kInstructions) ? nullptr : found;
}

void check_known(std::string_view id) {
  if (find(id) == nullptr) {
    std::vector<std::string> ids;
    for (const Instruction& one : kInstructions) {
      ids.emplace_back(one.id);
    }
    const auto near = nearest(id, ids);
    fail("there is no instruction {}{}", id, near ? fmt::format("; did you mean {}?", *near) : "");
  }
}

// Of the kwargs, which may hold what other instructions need, as null, what this one is told.
Json told_to(const Instruction& instruction, const Json& kwargs) {
  Json told = Json::object();
  for (const auto& [member, what] : instruction.needs) {
    if (!member.empty()) {
      told[std::string(member)] = kwargs.at(std::string(member));
    }
  }
  return told;
}

}  // namespace

void check_instructions(const Json& row) {
  const Json ids = row.value(kIds, Json()), kwargs = row.value(kKwargs, Json());
  check(ids.is_array() && !ids.empty() && std::ranges::all_of(ids, is_text),
        "\"{}\" is no list of instructions",
        kIds);
  check(kwargs.is_array() && kwargs.size() == ids.size(),
        "\"{}\" is no list of {} objects, one for each of \"{}\"",
        kKwargs,
        ids.size(),
        kIds);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& id = ids[i].get_ref<const std::string&>();
    check_known(id);
    for (const auto& [member, what] : find(id)->needs) {
      const Json value = kwargs[i].is_object() ? kwargs[i].value(member, Json()) : Json();
      const std::string_view why = member.empty() ? "" : fault(value, what);
      check(why.empty(),
            "the instruction {} needs \"{}\" in its \"{}\": {} is {}",
            id,
            member,
            kKwargs,
            value.dump(),
            why);
    }
  }
}

std::string first_not_followed(const Json& row, std::string_view answer) {
  const Json &ids = row.at(kIds), &kwargs = row.at(kKwargs);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Instruction& instruction = *find(ids[i].get_ref<const std::string&>());
    if (!instruction.is_followed(answer, kwargs[i])) {
      const Json told = told_to(instruction, kwargs[i]);
      return fmt::format(
          "does not follow {}{}", instruction.id, told.empty() ? "" : " " + told.dump());
    }
  }
  return {};
}

}  // namespace rq::eval
