#pragma once
// The chat page's files (page/), which are part of the program.

#include <span>
#include <string_view>

namespace rq::serve {

struct EmbeddedFile {
  std::string_view name, bytes;
};
std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::serve
