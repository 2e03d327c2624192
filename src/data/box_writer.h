#pragma once
// Writes a data folder of documents that a program made, as collect() writes those of a source.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace rq::data {

// All documents are for training, in this order; `about` is what else the manifest says. Whatever
// stood in `out` is replaced; interrupted at any moment, the folder is incomplete and says so.
void write_box(const std::filesystem::path& out,
               std::string_view name,
               std::span<const std::string> documents,
               const Json& about);

}  // namespace rq::data
