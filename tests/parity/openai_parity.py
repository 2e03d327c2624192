"""OpenAI's own Python client against `rorqual serve`: every answer that it understands is the one that the server means."""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import openai

from served import Served, train_model


def check_completions(client):
    ask = dict(model="base", prompt="2 + 3 =", max_tokens=12, temperature=0)
    whole = client.completions.create(**ask, logprobs=3, echo=True)
    choice = whole.choices[0]
    assert choice.text.startswith("2 + 3 =") and choice.finish_reason in ("length", "stop")
    assert len(choice.logprobs.tokens) == len(choice.logprobs.token_logprobs) == whole.usage.total_tokens
    assert choice.logprobs.text_offset[1] == len(choice.logprobs.tokens[0])
    streamed = list(client.completions.create(**ask, echo=True, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].text for chunk in streamed if chunk.choices) == choice.text
    assert streamed[-1].usage == whole.usage
    several = client.completions.create(model="base", prompt=["1 + 1 =", "2 + 2 ="], n=2, max_tokens=5, seed=7)
    assert [c.index for c in several.choices] == [0, 1, 2, 3]


def check_chats(client):
    ask = dict(model="base", messages=[{"role": "user", "content": "2 + 3"}], max_tokens=12, temperature=0)
    whole = client.chat.completions.create(**ask, logprobs=True, top_logprobs=2)
    content = whole.choices[0].logprobs.content
    assert b"".join(bytes(one.bytes) for one in content).decode(errors="replace").startswith(whole.choices[0].message.content[:1])
    assert all(len(one.top_logprobs) == 2 for one in content)
    streamed = list(client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices)
    assert text == whole.choices[0].message.content
    assert streamed[-1].usage == whole.usage
    several = client.chat.completions.create(**{**ask, "temperature": 1}, n=3, seed=4)
    assert len({choice.index for choice in several.choices}) == 3


def check_errors(client):
    for error, ask in (
        (openai.NotFoundError, dict(model="none", prompt="1")),
        (openai.BadRequestError, dict(model="base", prompt="1", temperature=-1)),
        (openai.BadRequestError, dict(model="base", prompt=[100_000])),
    ):
        try:
            client.completions.create(**ask)
        except error as refused:
            assert refused.body["message"] and refused.body["type"] == "invalid_request_error"
        else:
            raise AssertionError(f"{ask} was answered")


def main():
    with tempfile.TemporaryDirectory() as name:
        with Served("--model", train_model(pathlib.Path(name))) as server:
            client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key="none", max_retries=0)
            assert [model.id for model in client.models.list()] == ["base"]
            check_completions(client)
            check_chats(client)
            check_errors(client)
            print(f"openai {openai.__version__}: completions, chats, streams and errors are understood")


if __name__ == "__main__":
    main()
