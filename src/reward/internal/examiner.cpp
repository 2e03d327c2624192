#include "reward/internal/examiner.h"

#include <string_view>

namespace rq::reward {
namespace {

constexpr std::string_view kProgram = R"python(
import ast, builtins, json, os, sys, types

SHOWN = 200  # characters of a value in a sentence
BY_VALUE = {"tuple": tuple, "set": set, "frozenset": frozenset}


# Values as JSON: whatever is not plain stays where it is and goes by a number.

def pack(value, keep):
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    if isinstance(value, list):
        return [pack(item, keep) for item in value]
    for name, kind in BY_VALUE.items():
        if isinstance(value, kind):
            return {name: [pack(item, keep) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[pack(key, keep), pack(item, keep)] for key, item in value.items()]}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    return {"object": keep(value)}


def unpack(value, find):
    if isinstance(value, list):
        return [unpack(item, find) for item in value]
    if not isinstance(value, dict):
        return value
    (name, inside), = value.items()
    if name in BY_VALUE:
        return BY_VALUE[name](unpack(item, find) for item in inside)
    if name == "dict":
        return {unpack(key, find): unpack(item, find) for key, item in inside}
    if name == "bytes":
        return bytes.fromhex(inside)
    if name == "complex":
        return complex(*inside)
    return find(inside)


# The candidate's process: runs the code, then does what it is asked to. Number 0 is the module.

def serve(requests, replies):
    module = sys.modules["candidate"] = types.ModuleType("candidate")
    objects = [module]

    def run(target, code):
        exec(compile(code, "answer", "exec", dont_inherit=True), target.__dict__)

    def call(target, arguments, named):
        return target(*arguments, **named)

    def keep(value):
        objects.append(value)
        return len(objects) - 1

    acts = {"run": run, "get": getattr, "call": call, "list": list}
    for line in requests:
        try:
            act, target, *rest = json.loads(line)
            rest = [unpack(value, objects.__getitem__) for value in rest]
            reply = {"value": pack(acts[act](objects[target], *rest), keep)}
        except BaseException as error:
            reply = {"raised": [type(error).__name__, str(error)]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


# The examiner's process.

class Candidate:
    def __init__(self, requests, replies):
        self.requests, self.replies = requests, replies

    def ask(self, act, target, *rest):
        rest = [pack(value, number_of) for value in rest]
        try:
            self.requests.write(json.dumps([act, target, *rest]) + "\n")
            self.requests.flush()
            reply = json.loads(self.replies.readline())
        except (OSError, ValueError):
            raise RuntimeError("the code ended its own process") from None
        if "value" in reply:
            return unpack(reply["value"], lambda number: Remote(self, number))
        name, text = reply["raised"]
        raise made_error(str(name), str(text))


def made_error(name, text):
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(text)
        except TypeError:  # it is made of more than a text
            pass
    return RuntimeError(f"{name}: {text}")


class Remote:
    """Something of the candidate's that is no plain value; equal to itself alone."""

    def __init__(self, candidate, number):
        self._candidate, self._number = candidate, number

    def __call__(self, *arguments, **named):
        return self._candidate.ask("call", self._number, arguments, named)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._candidate.ask("get", self._number, name)

    def __iter__(self):
        return iter(self._candidate.ask("list", self._number))


def number_of(value):
    if isinstance(value, Remote):
        return value._number
    raise TypeError(f"a test cannot hand over a {type(value).__name__}")


class CountAsserts(ast.NodeTransformer):
    """Makes each assert a call of Verdicts, which goes on where it fails."""

    def __init__(self):
        self.texts = []

    def visit_Assert(self, node):
        number = len(self.texts)
        self.texts.append(ast.unparse(node.test)[:SHOWN])
        test, name = node.test, "holds"
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            test, name = ast.Tuple([test.left, test.comparators[0]], ast.Load()), "equal"
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.Attribute(ast.Name("__verdicts__", ast.Load()), name, ast.Load())
        call = ast.Call(function, [ast.Constant(number), ast.Lambda(nothing, test)], [])
        return ast.copy_location(ast.Expr(call), node)


class Verdicts:
    def __init__(self, texts, tell):
        self.texts, self.tell = texts, tell
        self.told = {}  # number: whether it has failed

    def holds(self, number, test):
        self.judge(number, lambda: None if test() else "does not hold")

    def equal(self, number, sides):
        def compare():
            left, right = sides()
            return None if left == right else f"does not hold: {repr(left)[:SHOWN]}"
        self.judge(number, compare)

    def judge(self, number, compare):
        try:
            failure = compare()
        except Exception as error:
            failure = f"raised {type(error).__name__}: {str(error)[:SHOWN]}"
        has_failed = failure is not None
        if number not in self.told or has_failed > self.told[number]:
            self.told[number] = has_failed
            sentence = f"{self.texts[number]} {failure}" if has_failed else None
            self.tell({"test": number, "failure": sentence})


def names_from_outside(tree):
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Load)}


def run_prefix(prefix, space):
    """What the tests may use of it; the head of a function without a body gets one."""
    for body in ("", "\n    pass"):
        try:
            exec(compile(prefix + body, "prefix", "exec"), space)
            return
        except SyntaxError:
            pass


def examine(exam, candidate, tell):
    tree = ast.parse(exam["tests"])
    wanted = names_from_outside(tree) | {exam["entry_point"]} - {""}
    has_check = any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body)
    asserts = CountAsserts()
    tree = ast.fix_missing_locations(asserts.visit(tree))
    tell({"total": len(asserts.texts)})
    space = {"__name__": "tests", "__verdicts__": Verdicts(asserts.texts, tell)}
    run_prefix(exam["prefix"], space)
    space.pop(exam["entry_point"], None)
    candidate.ask("run", 0, exam["prefix"] + exam["code"])
    for name in wanted - set(space) - set(dir(builtins)):
        try:
            space[name] = candidate.ask("get", 0, name)
        except AttributeError:
            pass  # the tests define it, or say that it is missing
    exec(compile(tree, "tests", "exec"), space)
    if has_check and exam["entry_point"]:
        space["check"](space[exam["entry_point"]])


def main():
    sys.set_int_max_str_digits(0)
    requests, replies = os.pipe(), os.pipe()
    is_candidate = os.fork() == 0
    null = os.open(os.devnull, os.O_RDWR)
    if is_candidate:
        for number in range(3):
            os.dup2(null, number)
        os.close(requests[1])
        os.close(replies[0])
        serve(open(requests[0]), open(replies[1], "w"))
        os._exit(0)
    os.close(requests[0])
    os.close(replies[1])
    verdicts = open(os.dup(1), "w")
    os.dup2(null, 1)

    def tell(what):
        verdicts.write(json.dumps(what) + "\n")
        verdicts.flush()

    exam = json.load(sys.stdin)
    end = None
    try:
        examine(exam, Candidate(open(requests[1], "w"), open(replies[0])), tell)
    except BaseException as error:
        end = f"{type(error).__name__}: {str(error)[:SHOWN]}"
    tell({"end": end})
    os._exit(0)  # whatever the candidate still does


main()
)python";

}  // namespace

std::string_view examiner_program() {
  return kProgram;
}

}  // namespace rq::reward
