"""Holds the source to its layers and house rules; prints each breach as `file:line: sentence` and fails if there is one.

    python3 tests/check_layers.py               checks the tree this file stands in
    python3 tests/check_layers.py --self-test   proves on small broken trees that each rule is able to fail
    python3 tests/check_layers.py --plain       lists the files that compile without torch
"""

import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Module, whether it may see torch, and what it may include; what those may include comes along. `model/config.h` allows that file
# alone. An include points down a layer, or sideways where this table says so. `eval` sees `data` because a needle must be worded as the
# training documents word it, and because the rows of data sets are read there; and `synth` because a model behind an endpoint is
# evaluated as it is taught from.
LAYERS = """
base        plain
tokenizer   plain   base
kernels     torch   base
parallel    torch   base
reward      plain   base
data        plain   base tokenizer reward
review      plain   base reward
model       torch   base kernels parallel
optim       torch   base kernels parallel
checkpoint  torch   base parallel
plan        plain   base model/config.h model/hf_config.h parallel/mesh.h
generate    torch   base tokenizer kernels parallel model
train       torch   base tokenizer kernels parallel data model optim checkpoint plan
rl          torch   train generate reward
synth       torch   generate reward data
eval        torch   generate tokenizer reward model data synth
serve       torch   generate tokenizer synth
report      plain   base plan
pipeline    torch   train generate rl synth eval review serve report
apps        torch   pipeline
"""

# Inside `base`, the files that are the door to ATen; inside `model`, those that must do without it.
TORCH_FILES = {"base/tensor", "base/tensor_bytes", "base/tensor_memory"}
PLAIN_FILES = {"model/config", "model/hf_config", "model/hf_config_rope", "model/rope_frequencies", "parallel/mesh"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
TORCH_HEADER = re.compile(r"^(torch|ATen|c10)/")
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{$")
DECLARATION = re.compile(r"^(class|struct) \w+;$")  # what may be said in a namespace of others
LONG, TOO_LONG = 300, 400  # lines of a file: a note, a breach

# What no file of the repository says: it speaks of the project alone, holds on any machine, and leaves nothing for later.
WORDS = [
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "is a note for later: do it or leave it out"),
    (re.compile(r"(?<!--new-)\bsessions?\b", re.IGNORECASE), "speaks of how the project is made"),
    (re.compile(r"\bissues? #?\d+", re.IGNORECASE), "names a tracker's number"),
    (re.compile(r"(?<![\w.}])/(work|root|home)/\w"), "is a path of one machine"),
]
# What documents name in backquotes has to exist: files, and in docs/map.md tests.
NAMED_FILE = re.compile(r"`((?:src|bench|tests|docs|recipes|cmake)/[\w./-]+)`")
NAMED_TEST = re.compile(r"`([A-Z]\w+)\.([A-Z]\w+)`")
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
TEXT_FOLDERS = ("src", "bench", "tests", "docs", "recipes", "cmake", ".ci")
TEXT_SUFFIXES = {".h", ".cpp", ".cu", ".cuh", ".py", ".sh", ".md", ".toml", ".cmake", ".txt", ".svg", ""}


def read_table():
    """The modules that may see torch, and for each module what it may include, closed under inclusion."""
    rows = [line.split() for line in LAYERS.split("\n") if line]
    torch = {name for name, kind, *_ in rows if kind == "torch"}
    allowed = {}
    for name, _, *below in rows:  # lower rows come first, so what they allow is known
        allowed[name] = {name, *below}.union(*(allowed[other] for other in below if other in allowed))
    return torch, allowed


TORCH_MODULES, ALLOWED = read_table()


class Source:
    """One file of src/ with the includes it names, as (line, path, is ours)."""

    def __init__(self, path, name):
        self.name = name  # "model/config.cpp"
        self.module = name.split("/")[0]
        self.stem = re.sub(r"(_test)?\.\w+$", "", name)
        self.is_header = name.endswith((".h", ".cuh"))
        self.lines = path.read_text(encoding="utf-8").split("\n")
        matches = ((number, INCLUDE.match(line)) for number, line in enumerate(self.lines, 1))
        self.includes = [(number, match[2], match[1] == '"') for number, match in matches if match]

    def may_see_torch(self):
        if self.name.endswith((".cu", ".cuh")) or self.stem in PLAIN_FILES:
            return False
        return self.module in TORCH_MODULES or self.stem in TORCH_FILES


def check_includes(source, sources):
    """Layers, private parts, and torch where it may be seen, also through headers of ours."""
    allowed = ALLOWED.get(source.module)
    if allowed is None:
        yield 1, f"module {source.module} is not in the table of layers"
        return
    for number, path, is_ours in source.includes:
        if TORCH_HEADER.match(path):
            if not source.may_see_torch():
                yield number, f"includes <{path}>, but this file must compile without torch"
            if source.is_header and path == "torch/torch.h":
                yield number, "a header includes torch/torch.h; name the parts it needs"
        if not is_ours:
            continue
        module = path.split("/")[0]
        if path not in sources:
            yield number, f'"{path}" is not a file of src/ (write includes from src/)'
        elif module not in allowed and path not in allowed:
            yield number, f"{source.module} may not include {path}"
        elif "/internal/" in path and module != source.module:
            yield number, f"{path} is private to {module}"
        elif not source.may_see_torch() and sees_torch(path, sources):
            yield number, f"{path} brings torch, but this file must compile without it"


def sees_torch(name, sources, seen=None):
    seen = seen if seen is not None else set()
    if name in seen or name not in sources:
        return False
    seen.add(name)
    return any(
        TORCH_HEADER.match(path) or (is_ours and sees_torch(path, sources, seen)) for _, path, is_ours in sources[name].includes
    )


def check_cycles(source, sources):
    reached, stack = set(), [path for _, path, is_ours in source.includes if is_ours]
    while stack:
        name = stack.pop()
        if name == source.name:
            yield 1, "includes itself through other headers"
            return
        if name not in reached and name in sources:
            reached.add(name)
            stack += [path for _, path, is_ours in sources[name].includes if is_ours]


def check_shape(source, _):
    """How a file begins, its namespace, its length."""
    lines = source.lines
    if source.name.endswith(".inc"):  # a table of values, part of the file that includes it
        return
    if source.is_header:
        if lines[0] != "#pragma once":
            yield 1, "a header begins with #pragma once"
        if not lines[1].startswith("//"):
            yield 2, "after #pragma once a header says what it is for"
    elif not lines[0].startswith(("//", f'#include "{source.module}/')):  # the header that it implements or tests
        yield 1, "begins neither with its header nor with a comment that says what it is for"

    expected = "rq" if source.module in ("base", "apps") else f"rq::{source.module}"
    found = [
        (number, match[1])
        for number, line in enumerate(lines, 1)
        if (match := NAMESPACE.match(line)) and not DECLARATION.match("".join(lines[number : number + 1]))
    ]
    for number, name in found:
        is_nested = name.split("::")[0] not in ("rq", "std") and number > found[0][0]
        if name != expected and not name.startswith(expected + "::") and not is_nested:
            yield number, f"namespace {name} where {expected} is the module's"
    has_code = any(line and not line.startswith(("#", "//", " ", "template ")) for line in lines)
    if has_code and not found and source.name != "apps/main.cpp":
        yield 1, f"its code is not in namespace {expected}"
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*using namespace\b", line):
            yield number, "using namespace is not used here"
    if len(lines) > TOO_LONG + 1:
        yield len(lines), f"{len(lines) - 1} lines; {TOO_LONG} at most: look for the second concept in it"


def check_words(path):
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        for pattern, complaint in WORDS:
            if match := pattern.search(line):
                yield number, f"'{match[0]}' {complaint}"


def check_names(path, root, tests):
    """Files and tests that a document names."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        for name in NAMED_FILE.findall(line):
            if not (root / name).exists():
                yield number, f"{name} does not exist"
        for name in NAMED_TEST.findall(line) if path.name == "map.md" else []:
            if name not in tests:
                yield number, f"there is no test {'.'.join(name)}"


def read_sources(root):
    paths = (path for path in sorted((root / "src").rglob("*")) if path.suffix in {".h", ".cpp", ".cu", ".cuh", ".inc"})
    return {name: Source(path, name) for path in paths if (name := path.relative_to(root / "src").as_posix())}


def find_breaches(root):
    """All breaches below `root` as `file:line: sentence`, and notes on files that have grown long."""
    sources, breaches, notes = read_sources(root), [], []
    for source in sources.values():
        for check in (check_includes, check_cycles, check_shape):
            breaches += [f"src/{source.name}:{number}: {sentence}" for number, sentence in check(source, sources)]
        if LONG + 1 < len(source.lines) <= TOO_LONG + 1:
            notes.append(f"note: src/{source.name} has {len(source.lines) - 1} lines; past {LONG}, look for the second concept")
    tests = {name for source in sources.values() for name in TEST.findall("\n".join(source.lines))}
    texts = [path for path in root.iterdir() if path.is_file() and path.suffix in TEXT_SUFFIXES and not path.name.startswith(".")]
    texts += [path for folder in TEXT_FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    for path in sorted(texts):
        if path.suffix in TEXT_SUFFIXES and path != pathlib.Path(__file__).resolve() and "__pycache__" not in path.parts:
            found = list(check_words(path)) + (list(check_names(path, root, tests)) if path.suffix == ".md" else [])
            breaches += [f"{path.relative_to(root)}:{number}: {sentence}" for number, sentence in found]
    return breaches, notes


def header(*body, module="base"):
    return "\n".join(["#pragma once", "// What it is for.", *body, "namespace rq {" if module == "base" else f"namespace rq::{module} {{", "}"])


# A part of the expected sentence, and a tree of which exactly that is wrong.
BROKEN_TREES = [
    ("base may not include data/a.h", {"base/x.h": header('#include "data/a.h"'), "data/a.h": header(module="data")}),
    ("plan may not include model/a.h", {"plan/x.h": header('#include "model/a.h"', module="plan"), "model/a.h": header(module="model")}),
    ("private to base", {"data/x.h": header('#include "base/internal/a.h"', module="data"), "base/internal/a.h": header()}),
    ("must compile without torch", {"data/x.h": header("#include <ATen/ATen.h>", module="data")}),
    ("must compile without torch", {"model/config.h": header("#include <c10/util/Half.h>", module="model")}),
    ("must compile without torch", {"kernels/cuda/x.cu": "// X.\n#include <torch/types.h>\nnamespace rq::kernels {\n}"}),
    ("brings torch", {"data/x.h": header('#include "base/tensor.h"', module="data"), "base/tensor.h": header("#include <ATen/core/Tensor.h>")}),
    ("name the parts", {"model/x.h": header("#include <torch/torch.h>", module="model")}),
    ("not a file of src/", {"base/x.h": header('#include "y.h"')}),
    ("not in the table", {"stuff/x.h": header(module="stuff")}),
    ("includes itself", {"base/x.h": header('#include "base/x.h"')}),
    ("begins with #pragma once", {"base/x.h": "// X.\n// Y.\nnamespace rq {\n}"}),
    ("says what it is for", {"base/x.h": "#pragma once\n\nnamespace rq {\n}"}),
    ("neither with its header", {"base/x.cpp": "#include <vector>\nnamespace rq {\n}"}),
    ("where rq::data is the module's", {"data/x.h": header(module="model")}),
    ("not in namespace rq", {"base/x.h": "#pragma once\n// X.\nint f();"}),
    ("using namespace", {"base/x.h": header("using namespace std;")}),
    ("401 lines", {"base/x.h": header(*["//"] * 397) + "\n"}),
    ("note for later", {"base/x.h": header("// TODO: more")}),
    ("how the project is made", {"base/x.h": header("// Written in a session.")}),
    ("tracker's number", {"base/x.h": header("// See issue 12.")}),
    ("src/base/y.h does not exist", {"base/x.h": header(), "../docs/map.md": "`src/base/x.h`, `src/base/y.h`"}),
    ("there is no test Rng.Sings", {"base/x_test.cpp": "// X.\nnamespace rq {\nTEST(Rng, Draws) {}\n}", "../docs/map.md": "`Rng.Draws`, `Rng.Sings`"}),
    ("path of one machine", {"base/x.h": header("// Reads /home/me/data.")}),
]
SOUND_TREE = {
    "base/tensor.h": header("#include <ATen/core/Tensor.h>"),
    "base/check.h": header(*["//"] * 395),
    "base/check_test.cpp": '#include "base/check.h"\nnamespace rq {\n}',
    "model/config.h": header('#include "base/check.h"', module="model"),
    "model/layer.h": header('#include "base/tensor.h"', '#include "model/config.h"', module="model"),
    "plan/cost.h": header('#include "model/config.h"', module="plan"),
    "rl/step.h": header('#include "model/layer.h"', module="rl"),
    "data/parts.h": "#pragma once\n// X.\nnamespace rq::data {\nnamespace internal {\n}\n}",
    "apps/verbs.h": "#pragma once\n// X.\nnamespace CLI {\nclass App;\n}\nnamespace rq {\n}",
    "apps/main.cpp": "// The program.\nint main() {}",
}


def breaches_of(tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return find_breaches(pathlib.Path(folder))[0]


def self_test():
    failures = [f"a sound tree is refused: {breach}" for breach in breaches_of(SOUND_TREE)]
    for expected, tree in BROKEN_TREES:
        found = breaches_of(tree)
        if len(found) != 1 or expected not in found[0]:
            failures.append(f"expected one breach with '{expected}', got {found}")
    return failures


def main():
    if "--plain" in sys.argv[1:]:
        print("\n".join(f"src/{source.name}" for source in read_sources(ROOT).values() if not source.may_see_torch()))
        return 0
    breaches, notes = (self_test(), []) if "--self-test" in sys.argv[1:] else find_breaches(ROOT)
    print("\n".join(notes + breaches), end="\n" if notes or breaches else "")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
