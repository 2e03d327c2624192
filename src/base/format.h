#pragma once
// The one door to fmt (g++ 12 has no <format>). fmt comes with the libtorch wheel.

#include <fmt/format.h>  // IWYU pragma: export
#include <fmt/ranges.h>  // IWYU pragma: export (fmt::join)
