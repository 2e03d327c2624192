#pragma once
// Which names lead to this machine alone: for servers that answer nobody else.

#include <string>
#include <string_view>

namespace rq {

// "localhost", "::1" or an address of 127.0.0.0/8.
bool is_loopback(std::string_view host);

// Whether a request to a server on loopback may be answered. A page of another site can make a
// browser ask a server on this machine; the headers then say where the page is from (Origin) or,
// where the page's own name leads here (DNS rebinding), that name (Host). Either may be empty.
bool is_from_loopback(const std::string& host_header, const std::string& origin_header);

}  // namespace rq
