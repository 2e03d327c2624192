// Formulas within Markdown, as models write them: \( \) and $ $ in a line, \[ \] and $$ $$ on their own, over several lines too.

const kDelimiters = [
  { open: "$$", close: "$$", isDisplay: true },
  { open: "\\[", close: "\\]", isDisplay: true },
  { open: "\\(", close: "\\)", isDisplay: false },
  { open: "$", close: "$", isDisplay: false },
];

// { formula, isDisplay, length } of what begins at `at`, or null.
function formulaAt(text, at) {
  const delimiter = kDelimiters.find(({ open }) => text.startsWith(open, at));
  if (!delimiter) {
    return null;
  }
  const begin = at + delimiter.open.length;
  let end = text.indexOf(delimiter.close, begin);
  while (end > 0 && text[end - 1] === "\\" && delimiter.close[0] === "$") {
    end = text.indexOf(delimiter.close, end + 1);
  }
  const formula = text.slice(begin, end);
  // "$5 or $6" is money.
  const isMoney = delimiter.open === "$" && (/^\s|\s$|\n\n/.test(formula) || /\d/.test(text[end + 1] ?? ""));
  return end <= begin || isMoney ? null : { formula, isDisplay: delimiter.isDisplay, length: end + delimiter.close.length - at };
}

function push(state, { formula, isDisplay }) {
  const token = state.push(isDisplay ? "formula_display" : "formula", "math", 0);
  token.content = formula.trim();
  return token;
}

function inlineRule(state, isSilent) {
  const found = formulaAt(state.src, state.pos);
  if (!found || found.length > state.posMax - state.pos) {
    return false;
  }
  if (!isSilent) {
    push(state, found);
  }
  state.pos += found.length;
  return true;
}

// A display that fills whole lines: none of them is a heading, a list or the like.
function blockRule(state, first, last, isSilent) {
  const begin = state.bMarks[first] + state.tShift[first];
  if (!state.src.startsWith("\\[", begin) && !state.src.startsWith("$$", begin)) {
    return false;
  }
  const text = state.getLines(first, last, state.blkIndent, false).trimStart();
  const found = formulaAt(text, 0);
  if (!found?.isDisplay || !/^[ \t]*(\n|$)/.test(text.slice(found.length))) {
    return false;
  }
  if (!isSilent) {
    state.line = first + text.slice(0, found.length).split("\n").length;
    const token = push(state, found);
    token.block = true;
    token.map = [first, state.line];
  }
  return true;
}

// A plugin of markdown-it. What KaTeX does not understand stays as it was written, marked as an error.
export function mathematics(markdown, katex) {
  markdown.inline.ruler.before("escape", "formula", inlineRule);
  markdown.block.ruler.before("fence", "formula_display", blockRule, { alt: ["paragraph", "reference", "blockquote", "list"] });
  for (const [rule, displayMode] of [["formula", false], ["formula_display", true]]) {
    markdown.renderer.rules[rule] = (tokens, index) => katex.renderToString(tokens[index].content, { displayMode, throwOnError: false });
  }
}
