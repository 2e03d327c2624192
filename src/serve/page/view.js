// What a conversation looks like. Words of models and people only ever enter as text, or through markdown.js.

import { rendered } from "./markdown.js";

export function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const percent = (p) => (p >= 0.0995 ? `${Math.round(100 * p)} %` : `${(100 * p).toPrecision(2)} %`);
// So that a line feed or a space can be seen.
const visible = (text) => text.replace(/\n/g, "⏎").replace(/\t/g, "⇥").replace(/^ | $/g, "␣") || "∅";

// A token whose alternatives are shown while it is pointed at or has the focus.
function tokenElement([text, probability, alternatives]) {
  const made = element("span", { className: "token", textContent: text });
  made.style.setProperty("--p", probability);
  made.alternatives = [text, probability, alternatives];
  return made;
}

function show(target) {
  const box = document.querySelector("#alternatives");
  const shown = target?.alternatives;
  box.hidden = !shown;
  if (!shown) {
    return;
  }
  const [text, probability, alternatives] = shown;
  const rows = alternatives.some(([other]) => other === text) ? alternatives : [[text, probability], ...alternatives];
  box.replaceChildren(
    element("table", {}, rows.map(([other, p]) =>
      element("tr", { className: other === text ? "chosen" : "" }, [
        element("td", { textContent: visible(other) }),
        element("td", { textContent: percent(p) }),
      ]))),
  );
  const place = target.getBoundingClientRect();
  const below = place.bottom + box.offsetHeight + 8 < innerHeight;
  box.style.left = `${Math.min(place.left, innerWidth - box.offsetWidth - 8)}px`;
  box.style.top = below ? `${place.bottom + 4}px` : `${place.top - box.offsetHeight - 4}px`;
}

export function watchTokens(log) {
  log.addEventListener("pointerover", (event) => show(event.target.closest?.(".token")));
  log.addEventListener("pointerleave", () => show(null));
  log.addEventListener("scroll", () => show(null));
}

// The tokens that spell an answer, so that each can be asked for, and what they leave.
function tokensOf({ text, tokens = [] }) {
  const spelled = tokens.map(([word]) => word).join("");
  return text.startsWith(spelled) ? [...tokens.map(tokenElement), text.slice(spelled.length)] : [text];
}

const meaning = (text) => element("div", { className: "words rendered" }, [rendered(text)]);

function wordsOf(turn, asTokens) {
  return turn.role === "assistant" && !asTokens ? meaning(turn.text) : element("div", { className: "words" }, tokensOf(turn));
}

// `act(verb, index)` with edit, copy or again. An answer is shown as what it means or, `asTokens`, as its tokens.
export function turnElement(turn, index, act, asTokens) {
  const made = element("article", { className: `turn ${turn.role}` });
  made.setAttribute("aria-label", turn.role === "user" ? "You" : "Model");
  if (turn.reasoning) {
    made.append(element("details", {}, [element("summary", { textContent: "Thoughts" }), meaning(turn.reasoning)]));
  }
  made.append(wordsOf(turn, asTokens));
  const tool = (label, onclick) => element("button", { type: "button", textContent: label, onclick });
  const copy = tool("Copy", () => act("copy", index));
  if (turn.role === "user") {
    made.append(element("div", { className: "tools" }, [tool("Edit", () => act("edit", index)), copy]));
  } else if (turn.role === "assistant") {
    const tokens = tool("Tokens", () => {
      asTokens = !asTokens;
      tokens.setAttribute("aria-pressed", asTokens);
      made.querySelector(":scope > .words").replaceWith(wordsOf(turn, asTokens));
    });
    tokens.setAttribute("aria-pressed", asTokens);
    made.append(element("div", { className: "tools" }, [copy, tool("Again", () => act("again", index)), tokens]));
  }
  return made;
}

// An answer under way. Tokens are added one by one; Markdown is drawn anew, at most a tenth of the time.
export function growingElement(asTokens) {
  const made = element("article", { className: "turn assistant growing" });
  const words = element("div", { className: asTokens ? "words" : "words rendered" });
  const thoughts = element("details", { open: true, hidden: true }, [element("summary", { textContent: "Thoughts" })]);
  made.append(thoughts, words);
  let said = "", drawnNext = 0;
  made.add = ({ text, reasoning, tokens }) => {
    if (reasoning) {
      thoughts.hidden = false;
      thoughts.append(reasoning);
    }
    if (text) {
      thoughts.open = false;
    }
    if (asTokens) {
      words.append(...tokensOf({ text, tokens }));
      return;
    }
    said += text;
    const began = performance.now();
    if (began >= drawnNext) {
      words.replaceChildren(rendered(said));
      drawnNext = began + 10 * (performance.now() - began);
    }
  };
  return made;
}
