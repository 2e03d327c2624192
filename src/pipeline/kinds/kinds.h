#pragma once
// The kinds of processes that this version has.

#include "pipeline/process.h"

namespace rq::pipeline {

Registry all_kinds();

}  // namespace rq::pipeline
