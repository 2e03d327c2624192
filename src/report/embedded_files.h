#pragma once
// The report page's files (page/) and the library that draws its plots, which are part of the
// program.

#include <span>

#include "base/embedded_file.h"

namespace rq::report {

std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::report
