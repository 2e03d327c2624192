// rorqual compare: two models on the same questions.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/evaluated_model.h"
#include "apps/evaluation.h"
#include "apps/verbs.h"
#include "base/check.h"
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

const eval::Record* find(const std::vector<eval::Record>& records,
                         const std::string& model,
                         const std::string& task) {
  for (const eval::Record& record : records) {
    if (record.making.model == model && record.making.task == task) {
      return &record;
    }
  }
  return nullptr;
}

eval::Comparison compare(const std::vector<eval::Record>& records,
                         const std::string& a,
                         const std::string& b) {
  eval::Comparison comparison{.a = a, .b = b};
  for (const eval::Record& record : records) {
    const eval::Record* const other = find(records, b, record.making.task);
    if (record.making.model != a || other == nullptr) {
      continue;
    }
    if (const auto difference = eval::difference_of(record, *other)) {
      const eval::TaskConfig config = eval::config_of(record.making);
      comparison.rows.push_back({.title = config.title,
                                 .metric = eval::metric_of(config),
                                 .is_loss = eval::is_loss(config),
                                 .difference = *difference});
    }
  }
  check(!comparison.rows.empty(), "there is no task to which both {} and {} gave answers", a, b);
  return comparison;
}

}  // namespace

void add_compare(CLI::App& app) {
  const auto options = std::make_shared<EvaluationOptions>();  // lives as long as the callback
  CLI::App* const verb = app.add_subcommand("compare", kAbout);
  verb->footer(kFooter);
  verb->add_option("MODEL", options->models, "The two models")->required()->expected(2);
  add_evaluation_options(*verb, *options);
  verb->callback([options] {
    const EvaluationResult result = evaluate_models(*options);
    const auto name_of = [&](std::size_t i) {
      return read_evaluated_model(options->models[i]).name;
    };
    const eval::Comparison comparison = compare(result.records, name_of(0), name_of(1));
    put_out(*options, [&](eval::Output output) { return eval::to_text(comparison, output); });
  });
}

}  // namespace rq
