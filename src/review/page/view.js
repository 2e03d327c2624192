// What items and figures look like. Words of models and people only ever enter as text.

export function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const words = (text) => element("div", { className: "words", textContent: text });
const kWho = { user: "Person", assistant: "Model", system: "System" };

export function turnElement({ role, content }) {
  return element("div", { className: `turn ${role}` }, [element("div", { className: "who", textContent: kWho[role] ?? role }), words(content)]);
}

// A card with a radio button; `edit(index)` on a double click.
export function candidateElement({ text }, index, { choose, edit }) {
  const input = element("input", { type: "radio", name: "candidate", value: String(index), onchange: () => choose(index) });
  const title = element("span", { textContent: `Candidate ${index + 1}` });
  const length = element("span", { className: "length", textContent: counted(text.trim().split(/\s+/).length, "word") });
  const made = element("div", { className: "candidate" }, [element("label", {}, [input, title, length]), words(text)]);
  const isWords = (event) => event.target.closest(".words");
  made.addEventListener("click", (event) => isWords(event) && choose(index));
  made.addEventListener("dblclick", (event) => isWords(event) && edit(index));
  return made;
}

// In place of a candidate's words; `save(text)`, `leave()`.
export function editorElement(text, { save, leave }) {
  const field = element("textarea", { value: text, ariaLabel: "The answer as it should be", spellcheck: true });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save(field.value);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    }
  });
  const button = (label, key, className, onclick) =>
    element("button", { type: "button", className, onclick }, [`${label} `, element("kbd", { textContent: key, ariaHidden: "true" })]);
  const made = element("div", { className: "editor" }, [
    field,
    element("div", { className: "row" }, [button("Leave", "Esc", "", leave), button("Save", "Ctrl+Enter", "main", () => save(field.value))]),
  ]);
  made.field = field;
  return made;
}

const kSaid = { accept: "accepts candidate", edit: "edited candidate", reject: "rejects:", flag: "flagged:" };

// What another person said of an item, as a sentence.
export function saidElement({ reviewer, verdict, candidate, text }) {
  const what = verdict === "reject" || verdict === "flag" ? text : String(candidate + 1);
  return element("p", {}, [element("strong", { textContent: reviewer }), ` ${kSaid[verdict]} ${what}`]);
}

const percent = (share) => `${Math.round(100 * share)} %`;

export function agreementText({ items, observed, kappa }) {
  if (items === 0) {
    return "Nothing has been judged by two people yet.";
  }
  const beyond = kappa === null ? "no kappa, for they always said the same" : `Cohen's kappa ${kappa.toFixed(2)}`;
  return `Two people judged ${counted(items, "item")}: ${percent(observed)} alike, ${beyond}.`;
}

// Who did how many, and how far they agree.
export function figures({ reviewers, states, agreement }) {
  const kinds = ["accept", "edit", "reject", "flag"];
  const row = (cell, first, others) => element("tr", {}, [element("th", { textContent: first, scope: cell === "th" ? "col" : "row" }), ...others.map((one) => element(cell, { textContent: one, ...(cell === "th" ? { scope: "col" } : {}) }))]);
  const table = element("table", {}, [
    element("thead", {}, [row("th", "Person", ["accepted", "edited", "rejected", "flagged"])]),
    element("tbody", {}, reviewers.map(({ name, verdicts }) => row("td", name, kinds.map((kind) => verdicts[kind])))),
  ]);
  const open = [[states.new, "new"], [states.waiting, "waiting for a second person"], [states.flagged, "flagged"], [states.tied, "tied"]];
  const left = open.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(", ");
  const pairs = agreement.pairs.length < 2 ? [] : agreement.pairs.map(({ reviewers: [a, b], ...pair }) => element("p", { textContent: `${a} and ${b}: ${counted(pair.items, "item")}, ${percent(pair.observed)} alike${pair.kappa === null ? "" : `, kappa ${pair.kappa.toFixed(2)}`}.` }));
  return [
    table,
    element("p", { textContent: `Accepted ${states.accepted}, rejected ${states.rejected}${left ? `; still to do: ${left}` : ""}.` }),
    element("p", { textContent: agreementText(agreement) }),
    ...pairs,
  ];
}

// What is said where there is nothing to judge: why, and what to do next. `lookAgain()` is offered where `again` items allow it.
export function restElements({ open, again, progress: { items, complete, states } }, lookAgain) {
  const paragraph = (...parts) => element("p", {}, parts);
  const title = (text) => element("h2", { textContent: text });
  if (items === 0) {
    return [title("The queue is empty"), paragraph("Nothing has been put in yet. This page shows the first item as soon as there is one.")];
  }
  if (complete) {
    const download = element("a", { href: "/api/export", download: "accepted.jsonl", textContent: `Download ${counted(states.accepted, "conversation")}` });
    return [
      title("All is done"),
      paragraph(`All ${counted(items, "item")} are decided: ${states.accepted} accepted, ${states.rejected} rejected. Thank you.`),
      paragraph("What comes next: end this server with Ctrl-C where it runs, and write what was accepted to a file with ", element("code", { textContent: "rorqual review RUN --export FILE" }), "; a recipe reads it as conversations."),
      element("div", { className: "row" }, [download]),
    ];
  }
  if (open > 0) {
    return [title("Others have the last ones"), paragraph(`${counted(open, "item")} that you could judge ${open === 1 ? "is" : "are"} before other people now. If one comes back, it appears here.`)];
  }
  const waiting = states.waiting + states.flagged + states.tied;
  const reasons = [[states.waiting, "for a second judgement"], [states.flagged, "flagged"], [states.tied, "with as many for as against"]];
  const rest = [
    title("Nothing is left for you"),
    paragraph(`${counted(waiting, "item waits", "items wait")} for other people: ${reasons.filter(([count]) => count).map(([count, why]) => `${count} ${why}`).join(", ")}. Ask somebody else to open this page under their own name.`),
  ];
  if (again > 0) {
    rest.push(
      paragraph(`Where there is nobody else, you may look again at ${counted(again, "item")} that you flagged or that others judged otherwise. You see what was said; your new verdict replaces the old one.`),
      element("div", { className: "row" }, [element("button", { type: "button", className: "main", textContent: "Look again", onclick: lookAgain })]),
    );
  }
  return rest;
}
