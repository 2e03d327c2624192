#include "synth/internal/chat_client.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "base/json.h"
#include "synth/testing/fake_endpoint.h"

namespace rq::synth {
namespace {

// A variable of the environment for as long as a test runs.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_.c_str()); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
};

std::string joined(const char* url) {
  const auto parts = split_url(url);
  return parts ? fmt::format("{} {} {} {}", parts->scheme, parts->host, parts->port, parts->path)
               : "none";
}

TEST(Url, IsSplitIntoItsParts) {
  EXPECT_EQ(joined("https://api.example.com/v1"), "https api.example.com  /v1");
  EXPECT_EQ(joined("http://127.0.0.1:8000/a/v1//"), "http 127.0.0.1 :8000 /a/v1");
  EXPECT_EQ(joined("http://[::1]:80"), "http [::1] :80 ");
}

TEST(Url, OthersAreRefused) {
  for (const char* url : {"",
                          "api.example.com/v1",
                          "ftp://host",
                          "http://",
                          "http:///v1",
                          "http://host:/v1",
                          "http://host:0",
                          "http://host:70000",
                          "http://host:8x",
                          "http://me:secret@host/v1",
                          "http://host/v1?key=1",
                          "http://host/v1#a",
                          "http://ho st",
                          "http://[::1",
                          "https:/host"}) {
    EXPECT_EQ(joined(url), "none") << url;
  }
}

TEST(RetryAfter, IsSecondsOrADate) {
  const std::time_t now = 1445412480;  // Wed, 21 Oct 2015 07:28:00 GMT
  EXPECT_EQ(read_retry_after("7", now), 7.0);
  EXPECT_EQ(read_retry_after("0.5", now), 0.5);
  EXPECT_EQ(read_retry_after("Wed, 21 Oct 2015 07:28:30 GMT", now), 30.0);
  EXPECT_EQ(read_retry_after("Wed, 21 Oct 2015 07:27:30 GMT", now), 0.0);
  for (const char* header : {"", "-1", "soon", "nan", "7 s", "2015-10-21"}) {
    EXPECT_EQ(read_retry_after(header, now), std::nullopt) << header;
  }
}

TEST(Key, IsReadFromItsVariableWithoutTheLineBreakBehindIt) {
  const Variable variable("RORQUAL_TEST_KEY", "sk-1\n");
  EXPECT_EQ(read_key({.key_variable = "RORQUAL_TEST_KEY"}), "sk-1");
  EXPECT_EQ(read_key({}), "");
}

TEST(Key, ThatIsMissingOrNoneIsAnErrorThatDoesNotShowIt) {
  const Variable broken("RORQUAL_TEST_KEY", "sk-1\r\nHost: other");
  for (const char* name : {"RORQUAL_TEST_KEY", "RORQUAL_TEST_NO_KEY"}) {
    try {
      read_key({.key_variable = name});
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos);
      EXPECT_EQ(std::string(error.what()).find("sk-1"), std::string::npos);
    }
  }
}

TEST(Https, IsSpokenToEndpointsWhoseCertificateIsTrusted) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* host = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("rorqual-certificate-{}.pem", ::getpid());
  std::FILE* const file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  {
    FakeEndpoint fake({}, std::make_unique<httplib::SSLServer>(certificate, key));
    const EndpointConfig config{.base_url = fmt::format("https://localhost:{}/v1", fake.port()),
                                .timeout_s = 5};
    const HttpReply untrusted = ChatClient(config, "").post("{}");
    EXPECT_TRUE(untrusted.is_untrusted);
    EXPECT_EQ(untrusted.failure, "its certificate is not trusted");
    const Variable trusted("SSL_CERT_FILE", path);
    EXPECT_EQ(ChatClient(config, "").post("{}").status, 200);
    const EndpointConfig plain{.base_url = fmt::format("http://localhost:{}/v1", fake.port())};
    EXPECT_EQ(ChatClient(plain, "").post("{}").status, 0);
  }
  std::filesystem::remove(path);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TEST(Proxy, IsUsedForHostsBeyondLoopbackThatNothingExcepts) {
  FakeEndpoint proxy;
  const auto status_of = [](const std::string& base_url) {
    return ChatClient({.base_url = base_url, .timeout_s = 5}, "").post("{}").status;
  };
  const Variable http("HTTP_PROXY", "http://me:secret@" + proxy.address().substr(7));
  EXPECT_EQ(status_of("http://teacher.invalid/v1"), 200);
  EXPECT_EQ(proxy.requests()[0].target, "http://teacher.invalid:80/v1/chat/completions");
  EXPECT_EQ(proxy.requests()[0].get_header_value("Proxy-Authorization"), "Basic bWU6c2VjcmV0");
  FakeEndpoint direct;
  EXPECT_EQ(status_of(direct.address()), 200);
  EXPECT_EQ(direct.requests().size(), 1);
  for (const char* excepted : {"teacher.invalid", "x, .invalid", "*"}) {
    const Variable none("no_proxy", excepted);
    EXPECT_EQ(status_of("http://teacher.invalid/v1"), 0) << excepted;
  }
  const Variable other("no_proxy", "eacher.invalid, other.invalid,");
  EXPECT_EQ(status_of("http://teacher.invalid/v1"), 200);
}

TEST(Proxy, ThatIsNoAddressIsNamed) {
  const Variable http("HTTPS_PROXY", "socks5://127.0.0.1:1");
  EXPECT_THROW(ChatClient({.base_url = "https://teacher.invalid"}, ""), Error);
}

}  // namespace
}  // namespace rq::synth
