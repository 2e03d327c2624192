// The server, as the page sees it: models, and the answer to a conversation as it comes.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let key = sessionStorage.getItem("key") ?? "";

export function setKey(value) {
  key = value;
  sessionStorage.setItem("key", value);
}

async function request(path, options = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key) {
    headers.Authorization = `Bearer ${key}`;
  }
  const response = await fetch(path, { ...options, headers });
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new Refused(response.status, body.error?.message ?? `the server answered ${response.status}`);
  }
  return response;
}

// [{ id, max_model_len }]
export async function models() {
  return (await (await request("/v1/models")).json()).data;
}

// Yields the JSON of each event of a stream.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split("\n\n");
    rest = lines.pop();
    for (const line of lines) {
      const data = line.replace(/^data: /, "");
      if (data !== "[DONE]") {
        yield JSON.parse(data);
      }
    }
  }
}

// Yields { text, reasoning, tokens, finish, usage }, whatever is new of them. `signal` ends it.
export async function* answer(ask, signal) {
  const body = { ...ask, stream: true, stream_options: { include_usage: true }, logprobs: true, top_logprobs: 5 };
  const response = await request("/v1/chat/completions", { method: "POST", body: JSON.stringify(body), signal });
  for await (const event of events(response.body)) {
    if (event.error) {
      throw new Refused(event.error.code, event.error.message);
    }
    const choice = event.choices[0];
    yield {
      text: choice?.delta.content ?? "",
      reasoning: choice?.delta.reasoning_content ?? "",
      tokens: choice?.logprobs?.content ?? [],
      finish: choice?.finish_reason ?? null,
      usage: event.usage ?? null,
    };
  }
}
