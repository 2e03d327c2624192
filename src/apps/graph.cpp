// rorqual graph: a recipe as a flowchart, before anything has run.

#include "pipeline/graph.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/verbs.h"
#include "base/config.h"
#include "base/files.h"
#include "pipeline/flow.h"
#include "pipeline/kinds/kinds.h"
#include "pipeline/recipe.h"
#include "report/flow_svg.h"

namespace rq {
namespace {

struct GraphOptions {
  std::filesystem::path recipe, output;
  std::vector<std::string> overrides;
};

// What cannot be read is refused. What does not fit together, or is not there on this machine, is
// said and drawn all the same: a flowchart helps to see it.
std::string draw(const GraphOptions& options) {
  ConfigNode root = parse_toml(read_file(options.recipe), options.recipe.string());
  for (const std::string& assignment : options.overrides) {
    set_override(root, assignment);
  }
  Problems unreadable, unfit;
  const pipeline::Recipe recipe =
      pipeline::read_recipe(root, options.recipe.parent_path(), pipeline::all_kinds(), unreadable);
  unreadable.throw_if_any();
  const pipeline::Graph graph = pipeline::arrange_graph(recipe, unfit);
  for (const std::string& sentence : unfit.sentences()) {
    std::cerr << "rorqual: drawn although " << sentence << "\n";
  }
  return report::flow_svg(pipeline::describe_flow(recipe, graph));
}

}  // namespace

void add_graph(CLI::App& app) {
  const auto options = std::make_shared<GraphOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand(
      "graph",
      "Draws a recipe as a flowchart: data as cylinders, processes as diamonds,\n"
      "models as squares, with tokens and parameters; an SVG");
  verb->add_option("RECIPE", options->recipe, "a TOML file, such as recipes/tiny.toml")->required();
  verb->add_option("--output", options->output, "the file to write; without it, standard output")
      ->type_name("FILE");
  verb->add_option("--set", options->overrides, "sets a key of the recipe, as run does")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->footer(
      "A run keeps the same picture in its folder as flow.svg, with how far each box is.\n");
  verb->callback([options] {
    const std::string svg = draw(*options);
    if (options->output.empty()) {
      std::cout << svg;
    } else {
      write_file(options->output, svg);
    }
  });
}

}  // namespace rq
