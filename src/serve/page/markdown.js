// Markdown, mathematics and code, as what they mean. What a model says never becomes markup of its own: HTML in it stays text, and so
// do links that are not the web's; pictures are not fetched.

import highlight from "./highlight.min.js";
import MarkdownIt from "./markdown-it.esm.min.mjs";
import { mathematics } from "./mathematics.js";

function coloured(code, language) {
  return highlight.getLanguage(language) ? highlight.highlight(code, { language, ignoreIllegals: true }).value : "";
}

const markdown = new MarkdownIt({ html: false, breaks: true, highlight: coloured })
  .disable("image")
  .use(mathematics, globalThis.katex);  // a script, not a module

markdown.renderer.rules.link_open = (tokens, index, options, _, renderer) => {
  tokens[index].attrSet("target", "_blank");
  tokens[index].attrSet("rel", "noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
};

// As a text/html fragment. Each block of code has a button that copies it.
export function rendered(text) {
  const made = document.createRange().createContextualFragment(markdown.render(text));
  for (const block of made.querySelectorAll("pre")) {
    const copy = document.createElement("button");
    Object.assign(copy, { type: "button", textContent: "Copy code", className: "copy-code" });
    copy.addEventListener("click", () => navigator.clipboard.writeText(block.querySelector("code").textContent));
    block.append(copy);
  }
  for (const table of made.querySelectorAll("table")) {
    const scrolled = document.createElement("div");
    scrolled.className = "scrolled";
    table.replaceWith(scrolled);
    scrolled.append(table);
  }
  return made;
}
