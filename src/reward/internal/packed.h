#pragma once
// Bytes that others packed: compressed files, and the hidden tests of LiveCodeBench.

#include <string>
#include <string_view>

namespace rq::reward {

// Whether bytes begin as a gzip file does.
bool is_gzip(std::string_view bytes);
// What a zlib stream or a gzip file (also of several members) holds. Damaged bytes are an Error
// that begins with `origin`.
std::string inflated(std::string_view bytes, std::string_view origin);

// The text of base64(zlib(pickle(text))). A pickle of anything but one text is an Error: it is a
// program, and nothing here runs it.
std::string unpacked_text(std::string_view text, std::string_view origin);

}  // namespace rq::reward
