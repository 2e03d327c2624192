"""TensorBoard reads the event files of a run, with the values of its metrics.jsonl."""

import json
import os
import pathlib
import subprocess
import tempfile

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

RECIPE = pathlib.Path(__file__).resolve().parents[2] / "recipes" / "smoke.toml"
SHORT = ["--until", "pretrain", "--set", "process.pretrain.train.tokens=10240"]

with tempfile.TemporaryDirectory() as run:
    subprocess.run([os.environ["RORQUAL"], "run", str(RECIPE), "--run-dir", run, *SHORT], check=True, capture_output=True)
    work = pathlib.Path(run) / "work" / "pretrain"
    lines = [json.loads(line) for line in (work / "metrics.jsonl").read_text().splitlines()]
    events = EventAccumulator(str(work))
    events.Reload()
    for name in ("loss", "mtp_loss", "gradient_norm", "learning_rate"):
        read = [(event.step, event.value) for event in events.Scalars(name)]
        assert len(read) == len(lines) > 0, f"{name}: {len(read)} events for {len(lines)} lines"
        for (step, value), line in zip(read, lines):
            assert step == line["step"] and abs(value - line[name]) <= 1e-6 * abs(line[name]), (name, step, value, line[name])
    print(f"{len(lines)} steps of 4 scalars read as written")
