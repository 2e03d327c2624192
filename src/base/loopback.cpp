#include "base/loopback.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace rq {
namespace {

// "localhost:80" -> "localhost", "[::1]:80" -> "::1".
std::string_view without_port(std::string_view host) {
  if (host.starts_with("[")) {
    return host.substr(1, host.find(']') - 1);
  }
  return host.substr(0, host.find(':'));
}

}  // namespace

bool is_loopback(std::string_view host) {
  // A name such as 127.example.com may lead anywhere.
  const bool is_numeric =
      std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return host == "localhost" || host == "::1" || (is_numeric && host.starts_with("127."));
}

bool is_from_loopback(const std::string& host_header, const std::string& origin_header) {
  std::string_view origin = origin_header;
  const std::size_t scheme = origin.find("://");
  origin.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  return std::ranges::all_of(std::initializer_list<std::string_view>{host_header, origin},
                             [](std::string_view header) {
                               const std::string_view name = without_port(header);
                               return name.empty() || is_loopback(name);
                             });
}

}  // namespace rq
