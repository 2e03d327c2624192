"""What a run says and leaves when something is wrong: the exit code, one sentence on stderr, and all that was done before.

The disk is filled, and a read-only one used, where a file system may be mounted in a namespace of our own; elsewhere the
test says so and makes writes fail by a limit on file sizes alone.
"""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DONE, MACHINES_FAULT, USERS_FAULT, STOPPED = 0, 1, 2, 75
BAR = re.compile("[█░]")  # of progress, which stderr shows too
HAS_MOUNTS = "OWN_MOUNTS" in os.environ  # set below, by this script for itself
DISK_BYTES = 48 << 20

RECIPE = """
name = "exits"
[data.mathematics]
heldout = 0.05
source.generator = { name = "worked-mathematics", count = 100, seed = 1 }
[process.tokenizer]
kind = "tokenizer"
from = ["mathematics"]
vocab_size = 400
makes = "small"
[architecture.small]
vocab_size = 400
width = 64
layers = 2
dense_layers = 1
dense_width = 64
context = 64
init_std = 0.02
attention = { heads = 2, query_rank = 0, kv_rank = 16, nope_width = 16, rope_width = 8, value_width = 16 }
moe = { experts = 8, top_k = 2, expert_width = 48, groups = 1, top_groups = 1, route_scale = 1.0 }
[process.pretrain]
kind = "pretrain"
architecture = "small"
tokenizer = "small"
mixture = { mathematics = 1.0 }
train = { tokens = 61_440, sequence_length = 64, checkpoint_every = 6, batch.last = 4, learning_rate.peak = 4e-3 }
makes = "base"
"""

BAD_RECIPE = (
    RECIPE.replace('count = 100', 'cont = 100')  # a wrong key
    .replace("width = 64\nlayers", "width = 'wide'\nlayers")  # a wrong type
    .replace("top_k = 2", "top_k = 20")  # more than there are experts
    .replace('from = ["mathematics"]', 'from = ["mathematic"]')  # a box that is not there
    .replace("sequence_length = 64", "sequence_length = 128")  # longer than the context
    .replace("vocab_size = 400\nmakes", "vocab_size = 500\nmakes")  # more than the architecture has
)
BAD_WORDS = ["cont", "width", "top_k=20", "mathematic;", "sequence_length=128", "vocab_size=500"]


def command(recipe, run, *more):
    return [os.environ["RORQUAL"], "run", str(recipe), "--run-dir", str(run), *more]


def check_end(what, code, expected, errors, *words):
    """The exit code, and where it is not 0 one sentence that has the words."""
    lines = [line for line in errors.strip().split("\n") if not BAR.search(line)]
    print(f"{what}: {code}", *lines)
    assert code == expected, f"{what}: exit code {code}, not {expected}"
    if expected != DONE:
        assert len(lines) == 1 and lines[0].startswith("rorqual: "), f"{what}: not one sentence"
    for word in words:
        assert word in errors, f"{what}: nothing of {word}"


def refuse(what, recipe, run, *words, more=(), code=USERS_FAULT):
    result = subprocess.run(command(recipe, run, *more), capture_output=True, text=True, timeout=60)
    check_end(what, result.returncode, code, result.stderr, *words)


class Attempt:
    """A run that is going on, and what it had when it began."""

    def __init__(self, recipe, run):
        self.folder = run / "work/pretrain/checkpoints"
        self.before = self.checkpoints()
        self.process = subprocess.Popen(command(recipe, run), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def checkpoints(self):
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        return sorted(int(name) for name in names if name.isdigit())

    def wait_for_checkpoints(self, count):
        """Until there are so many that the attempt has made itself."""
        while self.process.poll() is None and len(set(self.checkpoints()) - set(self.before)) < count:
            time.sleep(0.005)
        assert self.process.poll() is None, f"ended too early: {self.process.communicate()}"

    @contextlib.contextmanager
    def held(self):
        """While it stands still."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def end(self, what, code, *words):
        output, errors = self.process.communicate(timeout=120)
        check_end(what, self.process.returncode, code, errors, *words)
        return output


def fill(path):
    """Takes what is left of the disk."""
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def step_continued_from(output):
    match = re.search(r"continuing after step (\d+)", output)
    assert match, f"it did not continue:\n{output}"
    return int(match[1])


def check_before_work(folder, recipe):
    bad = folder / "bad.toml"
    bad.write_text(BAD_RECIPE)
    result = subprocess.run(command(bad, folder / "never"), capture_output=True, text=True, timeout=60)
    print(f"a bad recipe: {result.returncode}  {result.stderr}", end="")
    assert result.returncode == USERS_FAULT
    sentences = result.stderr.strip().split("\n")
    assert len(sentences) == len(BAD_WORDS), f"{len(sentences)} problems, not {len(BAD_WORDS)}"
    assert all(any(word in sentence for sentence in sentences) for word in BAD_WORDS)

    bad.write_text(RECIPE.replace("generator = { name = \"worked-mathematics\", count = 100, seed = 1 }", "glob = ['no/*.txt']"))
    refuse("a missing source", bad, folder / "never", "no/*.txt", more=["--dry-run"])
    bad.write_text(RECIPE + "[")
    refuse("no TOML", bad, folder / "never", "bad.toml:")
    refuse("no recipe", folder / "nothing.toml", folder / "never", "nothing.toml")
    assert not (folder / "never").exists(), "a refused run has made its folder"

    for more in ([], ["--dry-run"]):
        refuse(f"a run folder below a file {more}", recipe, recipe / "run", "exits.toml", more=more)
        if HAS_MOUNTS:
            refuse(f"a read-only disk {more}", recipe, folder / "fixed/run", "fixed", "Read-only file system", more=more)


def check_training(recipe, run):
    attempt = Attempt(recipe, run)
    attempt.wait_for_checkpoints(1)
    with attempt.held():
        refuse("a second run in the folder", recipe, run, str(run), "in use by another")
        kept = attempt.checkpoints()[-1]
        limit = 128 << 10  # less than a checkpoint, more than any other file that is still to be written
        resource.prlimit(attempt.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
    attempt.end("a file too large", MACHINES_FAULT, "process.pretrain", "tensors.safetensors", "File too large")

    attempt = Attempt(recipe, run)
    assert kept <= attempt.before[-1], "a checkpoint was lost"
    kept = attempt.before[-1]
    assert not [name for name in os.listdir(attempt.folder) if name.startswith(".")], "half a checkpoint was left"
    attempt.wait_for_checkpoints(1)
    if HAS_MOUNTS:
        with attempt.held():
            kept = attempt.checkpoints()[-1]
            fill(run / "filler")
        attempt.end("a full disk", MACHINES_FAULT, "process.pretrain", "No space left on device")
        (run / "filler").unlink()
        attempt = Attempt(recipe, run)
        assert kept <= attempt.before[-1], "a checkpoint was lost on a full disk"
        kept = attempt.before[-1]
        attempt.wait_for_checkpoints(1)

    attempt.wait_for_checkpoints(2)
    attempt.process.send_signal(signal.SIGTERM)
    output = attempt.end("SIGTERM", STOPPED, "the same command continues it")
    assert step_continued_from(output) == kept, f"it went on from another checkpoint than {kept}"

    *_, before_last, last = attempt.checkpoints()
    tensors = attempt.folder / str(last) / "tensors.safetensors"
    with open(tensors, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([byte ^ 1]))
    output = Attempt(recipe, run).end("an altered checkpoint", DONE)
    assert str(tensors.parent) in output and "damaged" in output, f"the altered checkpoint is not named:\n{output}"
    assert step_continued_from(output) == before_last
    print("   ", *(line for line in output.split("\n") if "damaged" in line))
    output = Attempt(recipe, run).end("a finished run", DONE)
    assert "nothing to do" in output, output


def mount(kind, options, place):
    place.mkdir()
    subprocess.run(["mount", "-t", kind, "-o", options, kind, str(place)], check=True)


def use_own_mounts():
    """Starts this script anew where what it mounts is its own, and goes with it; returns where that may not be."""
    if HAS_MOUNTS:
        return
    for own in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):  # as root, and as anybody else
        trial = [*own, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
        if shutil.which("unshare") and subprocess.run(trial, capture_output=True).returncode == 0:
            os.execvpe("unshare", [*own, sys.executable, *sys.argv], {**os.environ, "OWN_MOUNTS": "1"})
    print("no file system may be mounted here: no full and no read-only disk, only a limit on file sizes")


def main():
    use_own_mounts()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rorqual-exits-"))
    try:
        if HAS_MOUNTS:
            mount("tmpfs", f"size={DISK_BYTES}", folder / "disk")
            mount("tmpfs", "ro", folder / "fixed")
        else:
            (folder / "disk").mkdir()
        recipe = folder / "exits.toml"
        recipe.write_text(RECIPE)
        check_before_work(folder, recipe)
        check_training(recipe, folder / "disk/run")
    finally:
        for place in ("disk", "fixed") if HAS_MOUNTS else ():
            subprocess.run(["umount", str(folder / place)])
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
