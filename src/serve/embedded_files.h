#pragma once
// The chat page's files (page/), which are part of the program.

#include <span>

#include "base/embedded_file.h"

namespace rq::serve {

std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::serve
