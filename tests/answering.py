"""A chat endpoint that a test answers for: a function from what was asked to what is said."""

import http.server
import json
import threading


class Answering:
    def __init__(self, answer):
        """`answer` takes the last message's text."""
        asked = self.asked = []  # the bodies, in their order

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                asked.append(body)
                message = {"role": "assistant", "content": answer(body["messages"][-1]["content"])}
                reply = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"prompt_tokens": 20, "completion_tokens": 5}}
                data = json.dumps(reply).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
