"""`rorqual chat` in a terminal: it says what the API says, and Ctrl-C ends an answer and not the program."""

import fcntl
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time

from served import Served, train_model


def chat(model):
    return [os.environ["RORQUAL"], "chat", "--model", str(model)]


def check_answers(server, model):
    settings = ["--temperature", "0", "--max-tokens", "12", "--system", "Add."]
    done = subprocess.run([*chat(model), *settings], input="2 + 2\n/nonsense\n/again\n", capture_output=True, text=True, timeout=30)
    messages = [{"role": "system", "content": "Add."}, {"role": "user", "content": "2 + 2"}]
    expected = server.ask("/v1/chat/completions", messages=messages, temperature=0, max_tokens=12)["choices"][0]["message"]["content"]
    assert done.returncode == 0 and done.stdout.count(expected) == 2 and "/system TEXT" in done.stdout, done


def check_interrupt(model):
    terminal, other_end = pty.openpty()
    process = subprocess.Popen([*chat(model), "--temperature", "100"], stdin=other_end, stdout=other_end, stderr=other_end, start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(other_end)
    seen = ""

    def wait_for(words):
        nonlocal seen
        until = time.monotonic() + 20
        while words not in seen:
            ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
            assert ready, f"{words} does not come: {seen}"
            seen += os.read(terminal, 4096).decode(errors="replace")
        seen = seen.split(words, 1)[1]

    wait_for("> ")
    os.write(terminal, b"count\n")
    wait_for("count")
    process.send_signal(signal.SIGINT)  # a second one, at the prompt, would end the program
    wait_for("\n> ")  # what the model says may well have the sign of the prompt in it
    for _ in range(50):  # Ctrl-U, Ctrl-D; what comes before the editor listens may be lost
        os.write(terminal, b"\x15\x04")
        try:
            assert process.wait(timeout=0.2) == 0
            break
        except subprocess.TimeoutExpired:
            pass
    assert process.poll() == 0, seen
    os.close(terminal)


def main():
    with tempfile.TemporaryDirectory() as name:
        model = train_model(pathlib.Path(name))
        with Served("--model", model) as server:
            check_answers(server, model)
        check_interrupt(model)


if __name__ == "__main__":
    main()
