// What a conversation looks like. Words of models and people only ever enter as text.

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

// The answer's words: the tokens that spell it, so that each can be asked for, and what they leave.
function wordsOf(turn) {
  const tokens = turn.tokens ?? [];
  const spelled = tokens.map(([text]) => text).join("");
  const isSpelled = turn.text.startsWith(spelled);
  return element("div", { className: "words" }, isSpelled
    ? [...tokens.map(tokenElement), turn.text.slice(spelled.length)]
    : [turn.text]);
}

function toolsOf(turn, index, act) {
  const tool = (label, verb) =>
    element("button", { type: "button", textContent: label, onclick: () => act(verb, index) });
  const tools = turn.role === "user"
    ? [tool("Edit", "edit"), tool("Copy", "copy")]
    : [tool("Copy", "copy"), tool("Again", "again")];
  return element("div", { className: "tools" }, tools);
}

// `act(verb, index)` with edit, copy or again.
export function turnElement(turn, index, act) {
  const made = element("article", { className: `turn ${turn.role}` });
  made.setAttribute("aria-label", turn.role === "user" ? "You" : "Model");
  if (turn.reasoning) {
    made.append(element("details", {}, [element("summary", { textContent: "Thoughts" }), turn.reasoning]));
  }
  made.append(wordsOf(turn));
  if (turn.role !== "error") {
    made.append(toolsOf(turn, index, act));
  }
  return made;
}

// An answer under way: what is new is added to it, so that nothing is drawn twice.
export function growingElement() {
  const made = element("article", { className: "turn assistant growing" });
  const words = element("div", { className: "words" });
  const thoughts = element("details", { open: true, hidden: true }, [element("summary", { textContent: "Thoughts" })]);
  made.append(thoughts, words);
  made.add = ({ text, reasoning, tokens }) => {
    if (reasoning) {
      thoughts.hidden = false;
      thoughts.append(reasoning);
    }
    if (text) {
      thoughts.open = false;
    }
    const spelled = tokens.map(([word]) => word).join("");
    words.append(...(spelled === text ? tokens.map(tokenElement) : [text]));
  };
  return made;
}
