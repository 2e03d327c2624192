#include "eval/tables/internal/language.h"

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "eval/tables/internal/sentences.h"

namespace rq::eval {
namespace {

constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
    {"en", "The cat sat on the mat and looked at you."},
    {"en", "YES, I WOULD LIKE TO HAVE THE SOUP WITH BREAD."},
    {"de", "Die Katze sitzt auf der Matte und schaut dich an."},
    {"es", "El gato está sentado en la alfombra y te mira."},
    {"fr", "Le chat est assis sur le tapis et vous regarde."},
    {"it", "Il gatto è seduto sul tappeto e ti guarda con gli occhi."},
    {"pt", "O gato está sentado no tapete e olha para você."},
    {"pl", "Kot siedzi na dywanie i patrzy, że nie jest sam."},
    {"fi", "Kissa istuu matolla ja katsoo sinua, mutta se ei ole yksin."},
    {"sw", "Paka ameketi kwenye zulia na anakutazama kwa macho ya upole."},
    {"vi", "Con mèo ngồi trên tấm thảm và nhìn bạn."},
    {"ru", "Кот сидит на ковре и смотрит, что вы делаете."},
    {"uk", "Кіт сидить на килимі та дивиться, що ви робите."},
    {"bg", "Котката седи на килима и гледа какво се случва, за да не е сама."},
    {"ar", "القط يجلس على السجادة وينظر إلى ما هو في الغرفة."},
    {"fa", "گربه روی فرش نشسته است و به شما نگاه می کند."},
    {"ur", "بلی قالین پر بیٹھی ہے اور آپ کو دیکھ رہی ہے۔"},
    {"hi", "बिल्ली कालीन पर बैठी है और आप को देख रही है।"},
    {"mr", "मांजर गालिच्यावर बसले आहे आणि ते तुम्हाला पाहत आहे."},
    {"ne", "बिरालो गलैंचामा बसेको छ र तपाईंलाई हेर्दै छ।"},
    {"bn", "বিড়াল কার্পেটে বসে আছে।"},
    {"gu", "બિલાડી ગાલીચા પર બેઠી છે."},
    {"pa", "ਬਿੱਲੀ ਗਲੀਚੇ ਤੇ ਬੈਠੀ ਹੈ।"},
    {"he", "החתול יושב על השטיח."},
    {"kn", "ಬೆಕ್ಕು ಕಂಬಳಿಯ ಮೇಲೆ ಕುಳಿತಿದೆ."},
    {"ko", "고양이가 양탄자 위에 앉아 있다."},
    {"ml", "പൂച്ച പരവതാനിയിൽ ഇരിക്കുന്നു."},
    {"ta", "பூனை கம்பளத்தில் அமர்ந்திருக்கிறது."},
    {"te", "పిల్లి తివాచీ మీద కూర్చుంది."},
    {"th", "แมวนั่งอยู่บนพรม"},
    {"zh", "猫坐在地毯上看着你。"},
    {"ja", "猫は絨毯の上に座って、あなたを見ている。"},
    {"hi", "यह GPT मॉडल बहुत अच्छा है।"},
    {"", "42!"},
};

TEST(Language, IsThatOfScriptWordsAndLetters) {
  for (const auto& [code, text] : kTexts) {
    EXPECT_EQ(language_of(text), code) << text;
    EXPECT_EQ(knows_language(code), !code.empty()) << code;
  }
}

constexpr std::pair<std::size_t, std::string_view> kSentences[] = {
    {0, ""},
    {1, "no mark at all\n- in\n- three lines"},
    {2, "One. Two"},
    {3, "Is it? \"It is!\" (So be it.)"},
    {1, "Dr. J. Smith paid 3.50 at example.com, e.g. for tea."},
    {2, "Tea, milk, etc. They were sold in the U.S. in May."},
    {2, "So... it is. But..."},
    {2, "1. Tea"},
    {2, "你好。我很好！"},
    {2, "वह आया। वह गया।"},
};

TEST(Sentences, EndAtTheirMarksAndNotAtThoseOfAbbreviations) {
  for (const auto& [count, text] : kSentences) {
    EXPECT_EQ(count_sentences(text), count) << text;
  }
}

}  // namespace
}  // namespace rq::eval
