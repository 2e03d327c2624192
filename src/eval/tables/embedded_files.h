#pragma once
// The files of tasks/, as part of the program.

#include <span>

#include "base/embedded_file.h"

namespace rq::eval {

std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::eval
