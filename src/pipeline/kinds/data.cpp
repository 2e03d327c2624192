#include "pipeline/kinds/data.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/config.h"
#include "data/collect.h"
#include "data/source_files.h"
#include "pipeline/process.h"

namespace rq::pipeline {

namespace {

class DataProcess : public Process {
 public:
  explicit DataProcess(Named<data::DataConfig> box) : box_(std::move(box)) {}

  ConfigNode config() const override { return write_config(box_.value); }
  std::vector<Input> inputs() const override {
    std::vector<Input> inputs;
    const data::SourceConfig& source = box_.value.source;
    for (const auto& name : box_.value.reads()) {
      inputs.push_back({{ThingType::kData, name},
                        name == source.recall.from         ? "source.recall.from"
                        : name == source.continuation.from ? "source.continuation.from"
                                                           : "without_heldout_of"});
    }
    return inputs;
  }
  Thing makes() const override { return {ThingType::kData, box_.name}; }
  bool depends_on_seed() const override { return false; }  // generators have a seed of their own

  std::vector<std::string> missing(const Recipe& recipe) const override {
    // The values were checked as they were read; what is new here are the files.
    const auto known = box_.value.source.problems();
    auto found = data::check_source(box_.value.source, recipe.folder);
    std::erase_if(found, [&](const std::string& sentence) {
      return std::find(known.begin(), known.end(), sentence) != known.end();
    });
    return found;
  }

  std::optional<std::string> outside(const Recipe& recipe) const override {
    return data::digest_of_files(box_.value.source, recipe.folder);
  }

  void run(Context& context) const override {
    data::CollectContext places{
        .recipe_folder = context.recipe.folder, .cache_folder = context.cache, .boxes = {}};
    for (const auto& name : box_.value.reads()) {
      places.boxes[name] = context.place({ThingType::kData, name});
    }
    data::collect(box_.value, box_.name, places, context.output);
  }

 private:
  Named<data::DataConfig> box_;
};

}  // namespace

std::shared_ptr<const Process> data_process(const Named<data::DataConfig>& box) {
  return std::make_shared<DataProcess>(box);
}

}  // namespace rq::pipeline
