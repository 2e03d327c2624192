"""The server under good, bad and hostile clients: answers equal those of the other verbs, wrong requests get the right refusal, and no
page of the cache is lost."""

import concurrent.futures
import json
import os
import pathlib
import random
import socket
import subprocess
import tempfile
import time

from served import Served, rorqual, train_model

LOAD_SECONDS = float(os.environ.get("LOAD_SECONDS", 5))
CLIENTS = 64


def scored(model, folder, tokens):
    (folder / "in.jsonl").write_text(json.dumps({"tokens": tokens}) + "\n")
    rorqual("score", "--model", model, "--input", folder / "in.jsonl", "--output", folder / "out.jsonl")
    return json.loads((folder / "out.jsonl").read_text())["logprobs"]


def check_completions(server, model, folder):
    prompt = "2 + 3 ="
    whole = server.ask("/v1/completions", prompt=prompt, max_tokens=24, temperature=0, logprobs=2, echo=True)["choices"][0]
    logprobs = whole["logprobs"]
    assert whole["text"] == "".join(logprobs["tokens"]) and whole["text"].startswith(prompt)
    assert whole["finish_reason"] in ("length", "stop")
    generated = rorqual("generate", "--model", model, "--prompt", prompt, "--max-tokens", 24, "--temperature", 0)
    assert generated == whole["text"] + "\n", (generated, whole["text"])

    tokens = server.ask("/v1/tokenize", text=whole["text"])
    assert tokens["count"] == len(tokens["tokens"]) == len(logprobs["tokens"])
    expected = scored(model, folder, tokens["tokens"])
    assert expected[0] is None and logprobs["token_logprobs"][0] is None
    largest = max(abs(a - b) for a, b in zip(expected[1:], logprobs["token_logprobs"][1:]))
    assert largest < 1e-5, largest
    assert all(len(best) >= 2 for best in logprobs["top_logprobs"][1:])

    only_scored = server.ask("/v1/completions", prompt=tokens["tokens"], max_tokens=0, logprobs=0, echo=True)["choices"][0]
    assert only_scored["text"] == whole["text"] and only_scored["finish_reason"] == "length"
    assert max(abs(a - b) for a, b in zip(expected[1:], only_scored["logprobs"]["token_logprobs"][1:])) < 1e-5

    several = server.ask("/v1/completions", prompt=[prompt, "7 * 8 ="], n=3, max_tokens=8, seed=5)
    assert [choice["index"] for choice in several["choices"]] == list(range(6))
    assert several["usage"]["completion_tokens"] <= 48 and several["usage"]["prompt_tokens"] > 0
    again = server.ask("/v1/completions", prompt=[prompt, "7 * 8 ="], n=3, max_tokens=8, seed=5)
    assert [c["text"] for c in again["choices"]] == [c["text"] for c in several["choices"]]
    alone = server.ask("/v1/completions", prompt=prompt, max_tokens=8, seed=5)
    assert alone["choices"][0]["text"] == several["choices"][0]["text"], "an answer depends on what was asked with it"

    streamed = server.stream("/v1/completions", prompt=prompt, max_tokens=24, temperature=0, echo=True, logprobs=0, stream_options={"include_usage": True})
    offsets = [offset for chunk in streamed if chunk["choices"] for offset in chunk["choices"][0]["logprobs"]["text_offset"]]
    assert offsets == logprobs["text_offset"], (offsets, logprobs["text_offset"])
    assert "".join(c["choices"][0]["text"] for c in streamed if c["choices"]) == whole["text"]
    assert streamed[-1]["choices"] == [] and streamed[-1]["usage"]["total_tokens"] == len(tokens["tokens"])

    answer = whole["text"][len(prompt) :]
    stop = answer[len(answer) // 2 :][:3]
    cut = rorqual("generate", "--model", model, "--prompt", prompt, "--max-tokens", 24, "--temperature", 0, "--stop", stop)
    assert cut == prompt + answer[: answer.index(stop)] + "\n", cut
    stopped = server.ask("/v1/completions", prompt=prompt, max_tokens=24, temperature=0, stop=[stop, "never said"])["choices"][0]
    assert stopped["text"] == answer[: answer.index(stop)] and stopped["finish_reason"] == "stop"

    filled = server.ask("/v1/completions", prompt="1 + ", suffix=" = 3", max_tokens=4)
    assert filled["usage"]["prompt_tokens"] > server.ask("/v1/tokenize", text="1 +  = 3")["count"]


def check_chat(server):
    messages = [{"role": "system", "content": "Add."}, {"role": "user", "content": [{"type": "text", "text": "2 + 2"}]}]
    whole = server.ask("/v1/chat/completions", messages=messages, temperature=0, max_tokens=12, logprobs=True, top_logprobs=3)
    choice = whole["choices"][0]
    content = choice["logprobs"]["content"]
    assert choice["message"]["role"] == "assistant" and len(content) == whole["usage"]["completion_tokens"]
    assert all(len(one["top_logprobs"]) == 3 and one["top_logprobs"][0]["logprob"] >= one["logprob"] for one in content)
    assert bytes(content[0]["bytes"]).decode() == content[0]["token"]
    streamed = server.stream("/v1/chat/completions", messages=messages, temperature=0, max_tokens=12)
    deltas = [chunk["choices"][0]["delta"] for chunk in streamed]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == choice["message"]["content"]
    assert server.ask("/v1/tokenize", messages=messages)["count"] == whole["usage"]["prompt_tokens"]


def check_reasoning(server):
    """What stands between <think> and </think> is set apart, whole and streamed."""
    signs = {sign: server.ask("/v1/tokenize", text=sign)["tokens"] for sign in ("<think>", "</think>")}
    assert all(len(tokens) == 1 for tokens in signs.values()), signs
    # So often that there is text before, between and after them.
    ask = dict(messages=[{"role": "user", "content": "2 + 2"}], max_tokens=40, seed=5, logit_bias={tokens[0]: 4.5 for tokens in signs.values()})
    choice = server.ask("/v1/chat/completions", **ask, logprobs=True)["choices"][0]
    said = {"content": b"", "reasoning_content": b""}
    part, runs = "content", 0
    for token in choice["logprobs"]["content"]:
        if token["token"] in signs:
            part, runs = "reasoning_content" if token["token"] == "<think>" else "content", runs + 1
        elif not token["token"].startswith("<｜"):
            said[part] += bytes(token["bytes"])
    assert runs >= 2 and all(said.values()), choice
    expected = {name: words.decode(errors="replace") for name, words in said.items()}
    assert {name: choice["message"][name] for name in said} == expected, (choice, expected)
    deltas = [chunk["choices"][0]["delta"] for chunk in server.stream("/v1/chat/completions", **ask)]
    assert {name: "".join(delta.get(name, "") for delta in deltas) for name in said} == expected


def check_refusals(server):
    complete, chat = "/v1/completions", "/v1/chat/completions"
    ask = lambda **body: {"prompt": "1", "max_tokens": 2, **body}
    table = [
        (404, complete, ask(model="none"), "there is no model"),
        (400, complete, "{", "not JSON"),
        (400, complete, '{"prompt": NaN}', "not JSON"),
        (400, complete, b'{"prompt": "\xff"}', "not JSON"),
        (400, complete, "[" * 100_000, "deep"),
        (400, complete, '{"a":' * 50 + "1" + "}" * 50, "deep"),
        (400, complete, "[1]", "object"),
        (400, complete, {}, "prompt"),
        (400, complete, ask(prompt=[]), "prompt"),
        (400, complete, ask(prompt=[1, "a"]), "tokens"),
        (400, complete, ask(prompt=[400]), "outside the model's vocabulary"),
        (400, complete, ask(prompt=[-1]), "tokens"),
        (400, complete, ask(prompt=""), "empty"),
        (400, complete, ask(prompt="1 " * 500), "context of 256"),
        (400, complete, ask(max_tokens=-1), "max_tokens"),
        (400, complete, ask(max_tokens=1.5), "max_tokens"),
        (400, complete, ask(max_tokens=2**70), "max_tokens"),
        (400, complete, ask(temperature=-1), "temperature"),
        (400, complete, ask(temperature="hot"), "temperature"),
        (400, complete, ask(top_p=0), "top_p"),
        (400, complete, ask(n=0), "n must"),
        (400, complete, ask(n=10**9), "n must"),
        (400, complete, ask(logprobs=1000), "logprobs"),
        (400, complete, ask(stop=[""] ), "stop"),
        (400, complete, ask(stop=list("abcdefghijklmnopqrs")), "stop"),
        (400, complete, ask(logit_bias={"x": 1}), "logit_bias"),
        (400, complete, ask(logit_bias={"400": 1}), "vocabulary"),
        (400, complete, ask(stream="yes"), "stream"),
        (413, complete, ask(prompt="1" * 9_000_000), "too large"),
        (400, chat, {"messages": []}, "messages"),
        (400, chat, {"messages": [{"content": "x"}]}, "role"),
        (400, chat, {"messages": [{"role": "wizard", "content": "x"}]}, "wizard"),
        (400, chat, {"messages": [{"role": "user", "content": 3}]}, "content"),
        (400, chat, {"messages": [{"role": "user", "content": "x"}], "top_logprobs": 2}, "logprobs"),
        (400, "/v1/tokenize", {}, "text or messages"),
        (404, "/v1/none", {}, "/v1/none"),
        (404, "/v1/../../etc/passwd", {}, "no "),
    ]
    for expected, path, body, words in table:
        status, _, text = server.request("POST", path, body)
        assert status == expected, (path, str(body)[:80], status, text[:300])
        error = json.loads(text)["error"]
        assert words in error["message"] and error["type"] == "invalid_request_error", text[:300]
    assert server.request("GET", "/../../../etc/passwd")[0] == 404
    for header in ({"Host": "rebound.example"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        status, _, text = server.request("POST", complete, ask(), header)
        assert status == 403, text
    assert server.request("POST", complete, ask(), {"Origin": f"http://localhost:{server.port}"})[0] == 200
    for raw in (b"\x00\xff" * 100, b"GET / HTTP/9.9\r\n\r\n", b"POST /v1/completions HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(raw)
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
    with socket.create_connection(("127.0.0.1", server.port)) as client:  # half a request, then nothing
        client.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
    assert server.request("GET", "/health")[0] == 200


def check_leavers(server):
    """Clients that leave in the middle free what they held."""
    for streams in (False, True):
        body = json.dumps({"prompt": "1", "max_tokens": 250, "n": 64, "stream": streams, "logit_bias": {"1": -100}})
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            time.sleep(0.05)
    server.wait_for_rest()


def check_load(server):
    """Many clients, some of which leave or send nonsense: every answer is the one that its request has alone."""
    prompts = [f"{a} + {b} =" for a in range(8) for b in range(4)]
    expected = {p: server.ask("/v1/completions", prompt=p, max_tokens=20, seed=1)["choices"][0]["text"] for p in prompts}
    until = time.monotonic() + LOAD_SECONDS

    def client(number):
        draw, seconds = random.Random(number), []
        while time.monotonic() < until:
            kind, prompt = draw.random(), draw.choice(prompts)
            if kind < 0.1:
                assert server.request("POST", "/v1/completions", "{nonsense")[0] == 400
            elif kind < 0.25:
                body = json.dumps({"prompt": prompt, "max_tokens": 200, "stream": True})
                with socket.create_connection(("127.0.0.1", server.port)) as left:
                    left.sendall(f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
                    time.sleep(draw.random() * 0.02)
            else:
                began = time.monotonic()
                status, headers, text = server.request("POST", "/v1/completions", {"prompt": prompt, "max_tokens": 20, "seed": 1})
                if status == 429:
                    assert headers["Retry-After"]
                    continue
                assert status == 200 and json.loads(text)["choices"][0]["text"] == expected[prompt], (prompt, text)
                seconds.append(time.monotonic() - began)
        return seconds

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        seconds = sorted(second for part in clients.map(client, range(CLIENTS)) for second in part)
    at = lambda share: 1000 * seconds[int(share * (len(seconds) - 1))]
    print(f"{len(seconds)} answers to {CLIENTS} clients in {LOAD_SECONDS:.0f} s, all as alone; half within {at(0.5):.0f} ms, 95 % within {at(0.95):.0f} ms, 99 % within {at(0.99):.0f} ms")
    assert len(seconds) > CLIENTS
    server.wait_for_rest()


def check_keys(model, folder):
    (folder / "key").write_text("secret\n")
    with Served("--model", f"mine={model}", "--key-file", folder / "key") as server:
        assert server.request("GET", "/health")[0] == 200
        for key in (None, "Bearer wrong", "Bearer secre", "secret"):
            assert server.request("GET", "/v1/models", headers={"Authorization": key} if key else {})[0] == 401
        status, _, text = server.request("GET", "/v1/models", headers={"Authorization": "Bearer secret"})
        assert status == 200 and json.loads(text)["data"][0]["id"] == "mine"
    refused = subprocess.run([os.environ["RORQUAL"], "serve", "--model", model, "--host", "0.0.0.0"], capture_output=True, text=True)
    assert refused.returncode == 2 and "key" in refused.stderr, refused


def check_full(model):
    """Where too much is under way, a client is told when to come again."""
    with Served("--model", model, "--most-requests", "8") as server, concurrent.futures.ThreadPoolExecutor(1) as pool:
        long = dict(prompt="1", max_tokens=250, n=64, logit_bias={"1": -100})
        answer = pool.submit(server.ask, "/v1/completions", **long)
        while server.metrics()["requests_running"] < 8 and not answer.done():
            pass
        status, headers, text = server.request("POST", "/v1/completions", {"prompt": "1"})
        assert status == 429 and headers["Retry-After"] and json.loads(text)["error"]["type"] == "rate_limit_error", text
        assert len(answer.result()["choices"]) == 64, "one request may have more answers than that when nothing else is under way"


def check_time(model):
    """A request that takes too long is given up, and says so."""
    with Served("--model", f"first={model}", "--model", f"second={model}", "--request-seconds", "1") as server:
        assert [one["id"] for one in json.loads(server.request("GET", "/v1/models")[2])["data"]] == ["first", "second"]
        assert server.request("POST", "/v1/completions", {"prompt": "1"})[0] == 404, "which of the two?"
        assert server.ask("/v1/completions", model="second", prompt="1", max_tokens=2)["model"] == "second"
        _, _, text = server.request("POST", "/v1/completions", {"model": "first", "prompt": [[1]] * 40, "n": 128, "max_tokens": 250, "logit_bias": {"1": -100}})
        assert json.loads(text)["error"]["code"] == 504, text[:200]
        server.wait_for_rest()


def check_end(server):
    """SIGTERM lets what is under way end."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.ask, "/v1/completions", prompt="1", max_tokens=200, n=16, logit_bias={"1": -100})
        time.sleep(0.1)
        assert server.stop() == 0
        assert len(answer.result()["choices"]) == 16


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = train_model(folder)
        with Served("--model", model) as server:
            check_completions(server, model, folder)
            check_chat(server)
            check_reasoning(server)
            check_refusals(server)
            check_leavers(server)
            check_load(server)
            check_end(server)
        check_full(model)
        check_time(model)
        check_keys(model, folder)


if __name__ == "__main__":
    main()
