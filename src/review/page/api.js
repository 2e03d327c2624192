// The server, as the page sees it.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })
    .catch(() => {
      throw new Refused(0, "The server cannot be reached. What was saved is safe; start it again and repeat the last step.");
    });
  const said = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(response.status, said.error?.message ?? `The server answered ${response.status}.`);
  }
  return said;
}

// { item, open, again, progress }; an item is { id, messages, candidates: [{ text, origin }], said } or null.
export const next = (reviewer, again = false) => post("/api/next", { reviewer, again });
// `verdict` is { verdict, candidate, text }.
export const judge = (reviewer, id, verdict) => post("/api/verdict", { reviewer, id, ...verdict });
// { item, verdict, held, progress }
export const undo = (reviewer) => post("/api/undo", { reviewer });
