#pragma once
// A [data.NAME] box as work: its documents are collected into data/NAME.

#include <memory>

#include "data/config.h"
#include "pipeline/recipe.h"

namespace rq::pipeline {

std::shared_ptr<const Process> data_process(const Named<data::DataConfig>& box);

}  // namespace rq::pipeline
