#pragma once
// The table of devices, as part of the program.

#include <span>

#include "base/embedded_file.h"

namespace rq::plan {

std::span<const EmbeddedFile> embedded_files();

}  // namespace rq::plan
