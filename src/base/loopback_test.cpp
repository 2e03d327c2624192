#include "base/loopback.h"

#include <gtest/gtest.h>

namespace rq {
namespace {

TEST(Loopback, IsLocalhostAndItsAddressesAndNoNameThatOnlyLooksLikeThem) {
  for (const char* const host : {"localhost", "::1", "127.0.0.1", "127.1.2.3"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* const host :
       {"", "0.0.0.0", "::", "192.168.0.1", "127.example.com", "localhost.example.com"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

TEST(Loopback, RequestsThatAnotherSitesPageMadeAreKnownByTheirHeaders) {
  EXPECT_TRUE(is_from_loopback("localhost:8000", ""));
  EXPECT_TRUE(is_from_loopback("127.0.0.1:8000", "http://127.0.0.1:8000"));
  EXPECT_TRUE(is_from_loopback("[::1]:8000", "http://[::1]:8000"));
  EXPECT_TRUE(is_from_loopback("", ""));
  EXPECT_FALSE(is_from_loopback("127.evil.example:8000", ""));
  EXPECT_FALSE(is_from_loopback("localhost:8000", "https://evil.example"));
  EXPECT_FALSE(is_from_loopback("localhost:8000", "null")) << "a sandboxed frame";
  EXPECT_FALSE(is_from_loopback("[evil", ""));
}

}  // namespace
}  // namespace rq
