// rorqual compare: two models on the same questions.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/evaluation.h"
#include "apps/verbs.h"
#include "base/check.h"
#include "eval/evaluated_model.h"
#include "eval/tables/output.h"

namespace rq {
namespace {

constexpr const char* kAbout =
    "Puts the same tasks to two models and tells, task by task, whether one is better: the "
    "difference over\n"
    "the questions that both answered, with the 95 % interval of that difference, which is "
    "narrower than\n"
    "those of the two scores. Models are named as for `eval`.\n";
constexpr const char* kFooter =
    "Example: rorqual compare runs/a/models/base runs/b/models/base --tasks hellaswag,humaneval\n";

}  // namespace

void add_compare(CLI::App& app) {
  const auto options = std::make_shared<EvaluationOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand("compare", kAbout);
  verb->footer(kFooter);
  verb->add_option("MODEL", options->models, "The two models")->required()->expected(2);
  add_evaluation_options(*verb, *options);
  verb->callback([options] {
    const eval::EvaluationResult result = evaluate_models(*options);
    const auto name_of = [&](std::size_t i) {
      return eval::read_evaluated_model(options->models[i]).name;
    };
    const eval::Comparison comparison =
        eval::compare_records(result.records, name_of(0), name_of(1));
    check(!comparison.rows.empty(),
          "there is no task to which both {} and {} gave answers",
          comparison.a,
          comparison.b);
    put_out(*options, [&](eval::Output output) { return eval::to_text(comparison, output); });
  });
}

}  // namespace rq
