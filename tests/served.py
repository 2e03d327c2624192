"""A model that has learned a little, and a server of it, for the tests that talk with one."""

import collections
import http.client
import json
import os
import re
import signal
import subprocess
import time

RECIPE = """
name = "served"
seed = 3
[data.mathematics]
source.generator = { name = "worked-mathematics", count = 200, seed = 1 }
[process.tokenizer]
kind = "tokenizer"
from = ["mathematics"]
vocab_size = 400
makes = "served"
[architecture.served]
vocab_size = 400
width = 48
layers = 2
dense_layers = 1
dense_width = 64
context = 256
init_std = 0.02
attention = { heads = 2, query_rank = 24, kv_rank = 16, nope_width = 16, rope_width = 8, value_width = 16 }
moe = { experts = 8, top_k = 2, expert_width = 32, groups = 2, top_groups = 1, route_scale = 1.0 }
[process.pretrain]
kind = "pretrain"
architecture = "served"
tokenizer = "served"
mixture = { mathematics = 1.0 }
train = { tokens = 8_192, batch.last = 8, learning_rate.peak = 4e-3, optimizer.method = "muon" }
makes = "base"
"""


def rorqual(*arguments):
    done = subprocess.run([os.environ["RORQUAL"], *map(str, arguments)], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def train_model(folder):
    """The folder of a model that has learned a little."""
    (folder / "served.toml").write_text(RECIPE)
    rorqual("run", folder / "served.toml", "--run-dir", folder / "run")
    return folder / "run/models/base"


class Listening:
    """A verb that serves, on a free port or the one given."""

    def __init__(self, verb, *arguments, port=0, **environment):
        command = [os.environ["RORQUAL"], verb, "--port", str(port), *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment})
        self.line = self.process.stdout.readline()
        found = re.search(r"http://[\d.]+:(\d+)/", self.line)
        assert found, self.line + self.process.stdout.read()
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()


class Served(Listening):
    """Models behind OpenAI's API."""

    def __init__(self, *arguments, **environment):
        super().__init__("serve", *arguments, **environment)

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        raw = body if isinstance(body, (bytes, str, type(None))) else json.dumps(body)
        connection.request(method, path, raw, {"Content-Type": "application/json", **(headers or {})})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.headers, text

    def ask(self, path, **body):
        status, _, text = self.request("POST", path, body)
        assert status == 200, text
        return json.loads(text)

    def stream(self, path, **body):
        status, headers, text = self.request("POST", path, {**body, "stream": True})
        assert status == 200 and headers["Content-Type"] == "text/event-stream", text
        *chunks, last, end = text.split("\n\n")
        assert last == "data: [DONE]" and end == "", text[-200:]
        return [json.loads(chunk.removeprefix("data: ")) for chunk in chunks]

    def metrics(self):
        """Summed over the models."""
        _, _, text = self.request("GET", "/metrics")
        sums = collections.Counter()
        for name, value in re.findall(r"^rorqual_(\w+)\{model=[^}]*\} (\S+)$", text, re.M):
            sums[name] += float(value)
        return sums

    def wait_for_rest(self):
        """Until nothing is under way; then its metrics, which must say that no page of the cache is held."""
        for _ in range(200):
            metrics = self.metrics()
            if metrics["requests_running"] == metrics["requests_waiting"] == metrics["cache_pages_used"] == 0:
                return metrics
            time.sleep(0.05)
        raise AssertionError(f"pages are lost: {metrics}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)
