#pragma once
// Everything that a source gives, of whatever kind it is, to a curator.

#include <filesystem>
#include <string>
#include <string_view>

#include "base/json.h"
#include "data/collect.h"
#include "data/config.h"
#include "data/internal/curator.h"

namespace rq::data {

// Feeds the curator; returns what the manifest says of the source. `name` is the box's, for errors.
Json read_source(const SourceConfig& config,
                 std::string_view name,
                 const CollectContext& context,
                 Curator& curator);

// The folder of a box that the box `name` reads; an Error where it has not been collected.
std::filesystem::path place_of_box(const CollectContext& context,
                                   const std::string& box,
                                   std::string_view name);

}  // namespace rq::data
