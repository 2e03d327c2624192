#pragma once
// The review page's files (page/), which are part of the program.

#include <span>

#include "base/embedded_file.h"

namespace rq::review {

std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::review
