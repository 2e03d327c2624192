#include "eval/tables/internal/language.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/format.h"
#include "eval/tables/pattern.h"

namespace rq::eval {
namespace {

struct Language {
  std::string_view code;
  std::string_view script;        // a pattern: its letters
  std::string_view words = {};    // frequent ones, between bars
  std::string_view letters = {};  // that its neighbours do without
};

constexpr std::string_view kLatin = R"(\p{Latin})", kCyrillic = R"(\p{Cyrillic})",
                           kArabic = R"(\p{Arabic})", kDevanagari = R"(\p{Devanagari})";

// Adding a language: a row here, beside those of its script. Words that neighbours share stand with
// each of them.
constexpr Language kLanguages[] = {
    {"en",
     kLatin,
     "the|of|and|to|in|is|that|it|for|you|with|are|this|be|as|not|have|your|i|was|by|from|"
     "or|can|will"},
    {"de",
     kLatin,
     "der|die|das|und|ist|nicht|ein|eine|zu|den|dem|mit|von|sich|auf|für|es|ich|wir|sie|"
     "auch|im|in|wie",
     "ßü"},
    {"es",
     kLatin,
     "el|la|los|las|de|que|y|en|un|una|por|con|para|es|se|del|no|su|como|más|al|lo|son|"
     "está",
     "ñ¿¡"},
    {"fr",
     kLatin,
     "le|la|les|des|est|et|une|un|dans|pour|que|qui|pas|vous|sur|avec|ce|sont|du|de|au|je|"
     "nous|il|en",
     "œûî"},
    {"it",
     kLatin,
     "il|di|che|è|e|la|per|un|una|non|in|sono|del|della|con|i|gli|le|da|più|come|si|nel|"
     "di|ma|questo"},
    {"pt",
     kLatin,
     "o|os|as|de|que|e|em|um|uma|para|com|não|é|do|da|no|na|por|mais|como|se|dos|das|você|"
     "ao|seu",
     "ãõ"},
    {"pl",
     kLatin,
     "się|nie|jest|że|jak|dla|są|oraz|przez|czy|w|na|z|po|od|może|tylko|ale|ich|tym|które|"
     "być",
     "łąęśżźćń"},
    {"fi",
     kLatin,
     "ja|on|ei|se|että|oli|hän|ovat|myös|kun|tai|mutta|voi|niin|kuin|joka|ne|sen|olla|"
     "tämä|ovat|hyvin"},
    {"sw",
     kLatin,
     "na|ya|wa|kwa|ni|katika|la|za|kama|hii|yako|au|kuwa|ili|cha|vya|hiyo|hivyo|sana|pia|"
     "kwamba|huo"},
    {"vi",
     kLatin,
     "là|và|của|có|không|được|cho|các|một|trong|những|người|với|này|để|từ|tôi|bạn|khi|như|"
     "đã",
     "ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
    {"ru",
     kCyrillic,
     "и|в|не|на|что|с|по|это|как|для|из|к|мы|вы|он|я|но|так|или|его|от|быть|все",
     "ыэё"},
    {"uk",
     kCyrillic,
     "і|та|в|у|на|що|це|як|від|для|або|не|з|до|ви|ми|він|є|але|його|про|так|бути|все",
     "іїєґ"},
    {"bg",
     kCyrillic,
     "и|в|на|да|се|за|е|от|са|че|с|не|това|като|по|ще|или|което|който|но|си|към|ви|съм",
     "ъ"},
    {"ar",
     kArabic,
     "في|من|على|أن|إلى|هذا|هذه|التي|الذي|ما|لا|هو|هي|كان|مع|عن|كل|أو|قد|ذلك",
     "ةأإىؤئي"},
    {"fa",
     kArabic,
     "و|در|به|از|که|این|است|را|با|برای|آن|می|های|یک|ها|هم|شما|تا|بر|کرد|شود",
     "پژگچ"},
    {"ur",
     kArabic,
     "کے|میں|کی|ہے|اور|سے|کا|کو|نے|ہیں|پر|یہ|کہ|اس|ایک|آپ|بھی|نہیں|تو|وہ|ہو",
     "ٹڈڑںےہھ"},
    {"hi", kDevanagari, "है|हैं|के|की|में|का|को|से|और|यह|पर|नहीं|था|एक|इस|भी|कर|हो|ने|तो|आप|लिए|करने"},
    {"mr",
     kDevanagari,
     "आहे|आणि|या|हे|ते|आहेत|होते|नाही|मध्ये|किंवा|साठी|तुम्ही|आपण|केले|असे|एक|हा|ही|तर|"
     "आपल्या|करा",
     "ळ"},
    {"ne",
     kDevanagari,
     "छ|छन्|र|हो|पनि|यो|भएको|लागि|गर्न|थियो|हुन्छ|गरेको|तपाईं|हामी|मा|को|एक|छैन|गर्ने|भने|"
     "म|तर"},
    {"bn", R"(\p{Bengali})"},
    {"gu", R"(\p{Gujarati})"},
    {"pa", R"(\p{Gurmukhi})"},
    {"he", R"(\p{Hebrew})"},
    {"kn", R"(\p{Kannada})"},
    {"ko", R"(\p{Hangul})"},
    {"ml", R"(\p{Malayalam})"},
    {"ta", R"(\p{Tamil})"},
    {"te", R"(\p{Telugu})"},
    {"th", R"(\p{Thai})"},
    {"zh", R"(\p{Han})"},
    // A text with kana has more letters of this than of the one before.
    {"ja", R"([\p{Han}\p{Hiragana}\p{Katakana}])"},
};

struct Neighbour {
  std::string_view code;
  Pattern marks;  // its words, whole, and its letters
};
struct Script {
  Pattern letters;
  std::vector<Neighbour> languages;
};

Pattern marks_of(const Language& language) {
  const std::string letters =
      language.letters.empty() ? "" : fmt::format("|[{}]", language.letters);
  return {fmt::format(
              R"((?i)(?<![\p{{L}}\p{{M}}])(?:{})(?![\p{{L}}\p{{M}}]){})", language.words, letters),
          language.code};
}

const std::vector<Script>& scripts() {
  static const std::vector<Script> all = [] {
    std::vector<Script> made;
    std::string_view last;
    for (const Language& language : kLanguages) {
      if (language.script != last) {
        made.push_back({.letters = Pattern(language.script, language.code), .languages = {}});
        last = language.script;
      }
      made.back().languages.push_back({language.code, marks_of(language)});
    }
    return made;
  }();
  return all;
}

}  // namespace

std::string_view language_of(std::string_view text) {
  const auto letters = [&](const Script& script) { return script.letters.all_in(text).size(); };
  const auto script = std::ranges::max_element(scripts(), {}, letters);
  if (letters(*script) == 0) {
    return {};
  }
  const auto marks = [&](const Neighbour& language) { return language.marks.all_in(text).size(); };
  return std::ranges::max_element(script->languages, {}, marks)->code;
}

bool knows_language(std::string_view code) {
  return std::ranges::find(kLanguages, code, &Language::code) != std::end(kLanguages);
}

}  // namespace rq::eval
