#pragma once
// A file that is part of the program: rq_embed (cmake/Embed.cmake) puts it there.

#include <string_view>

namespace rq {

struct EmbeddedFile {
  std::string_view name, bytes;
};

}  // namespace rq
