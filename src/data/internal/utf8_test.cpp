#include "data/internal/utf8.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace rq::data {
namespace {

TEST(Utf8, SoundTextOfAllLengthsPasses) {
  EXPECT_EQ(find_invalid_utf8("ASCII, é, 漢字, 😀, \xf4\x8f\xbf\xbf and plain ASCII again"),
            std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8(""), std::string_view::npos);
}

TEST(Utf8, UnsoundBytesAreFoundWhereTheyStand) {
  for (const std::string_view bad : {"\x80",
                                     "\xc0\xaf",
                                     "\xc1\xbf",
                                     "\xe0\x80\x80",
                                     "\xed\xa0\x80",
                                     "\xf0\x80\x80\x80",
                                     "\xf4\x90\x80\x80",
                                     "\xf5\x80\x80\x80",
                                     "\xe6\xbc",
                                     "\xff"}) {
    EXPECT_EQ(find_invalid_utf8("twelve bytes" + std::string(bad)), 12U)
        << testing::PrintToString(bad);
    EXPECT_EQ(find_invalid_utf8("é" + std::string(bad) + " and more text"), 2U)
        << testing::PrintToString(bad);
  }
}

TEST(Utf8, PointsAreWrittenAsTheirBytes) {
  EXPECT_EQ(utf8_of('A') + utf8_of(0xe9) + utf8_of(0x6f22) + utf8_of(0x1f600), "Aé漢😀");
  EXPECT_EQ(utf8_of(0xd800) + utf8_of(0x110000) + utf8_of(0), "");
}

TEST(Utf8, BordersAreBeforeLeadingBytes) {
  const std::string_view text = "a漢b";
  EXPECT_EQ(border_before(text, 0), 0U);
  EXPECT_EQ(border_before(text, 2), 1U);
  EXPECT_EQ(border_before(text, 3), 1U);
  EXPECT_EQ(border_before(text, 4), 4U);
  EXPECT_EQ(border_before(text, 5), 5U);
}

}  // namespace
}  // namespace rq::data
