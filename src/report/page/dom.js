// Small helpers of the report: elements made of words alone, so that nothing in a run can act, and numbers as people read them.
"use strict";

// element("a.name", {href}, "words", child, [more], null)
function element(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "").map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

const NONE = "–";
const is = (value) => typeof value === "number" && Number.isFinite(value);

// Three digits that matter.
function number(value) {
  if (!is(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

function count(value) {
  if (!is(value)) return NONE;
  const units = ["", "K", "M", "B", "T"];
  let unit = 0;
  for (; Math.abs(value) >= 1000 && unit + 1 < units.length; ++unit) value /= 1000;
  return unit === 0 ? String(Math.round(value)) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) + units[unit];
}

function bytes(value) {
  if (!is(value)) return NONE;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; value >= 1024 && unit + 1 < units.length; ++unit) value /= 1024;
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

function duration(seconds) {
  if (!is(seconds)) return NONE;
  const whole = Math.round(seconds), two = (part) => String(part).padStart(2, "0");
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${seconds.toFixed(1)} s`;
}

const percent = (share, digits = 1) => (is(share) ? `${(100 * share).toFixed(digits)} %` : NONE);

function dollars(value) {
  if (!is(value)) return NONE;
  if (value >= 1e6) return `$${(value / 1e6).toFixed(3)}M`;
  return value >= 1000 ? `$${count(value)}` : value > 0 && value < 0.01 ? `$${value.toPrecision(2)}` : `$${value.toFixed(2)}`;
}

const energy = (kilowattHours) => (is(kilowattHours) ? (kilowattHours >= 1e6 ? `${number(kilowattHours / 1e6)} GWh` : `${number(kilowattHours)} kWh`) : NONE);

// A link to a file of the run.
const file = (path, words = path) => element("a", { href: report.links + path.split("/").map(encodeURIComponent).join("/") }, words);

// rows: lists of cells; a cell is words, a node, or {cell, look, header}. `look` names classes.
function table(caption, heads, rows, look = "") {
  const cell = (tag, value) => {
    const wrapped = value !== null && typeof value === "object" && !(value instanceof Node) && !Array.isArray(value) ? value : { cell: value };
    const made = element(tag, wrapped.style ? { style: wrapped.style, title: wrapped.title } : { title: wrapped.title }, wrapped.cell);
    if (wrapped.look) made.className = wrapped.look;
    return made;
  };
  return element("div.wide", {},
    element("table" + look, {}, caption && element("caption", {}, caption),
      heads && element("thead", {}, element("tr", {}, heads.map((head) => { const made = cell("th", head); made.scope = "col"; return made; }))),
      element("tbody", {}, rows.map((row) => {
        const cells = Array.isArray(row) ? row : row.cells;
        const made = element("tr", { id: row.id ?? null }, cells.map((value, i) => { const one = cell(i === 0 ? "th" : "td", value); if (i === 0) one.scope = "row"; return one; }));
        if (row.look) made.className = row.look;
        return made;
      }))));
}
