// The report as a page: parts that are drawn from one JSON value, and drawn again where a served page hears that they changed.
"use strict";

let report = JSON.parse(document.getElementById("report").textContent);

const PARTS = {
  flow: ["Flow", flowSection, () => [report.flow]],
  cost: ["Cost", costSection, () => [report.costs, report.steps.map(({ curves, log, ...rest }) => rest)]],
  training: ["Training", trainingSection, () => report.steps.map(({ log, ...rest }) => rest)],
  reinforcement: ["Reinforcement", reinforcementSection, () => report.steps.filter(({ kind }) => kind === "rl").map(({ log, ...rest }) => rest)],
  context: ["Context", contextSection, () => [report.measurements]],
  answers: ["Answers", answerSection, () => [report.samples]],
  data: ["Data", dataSection, () => [report.data]],
  models: ["Models", modelSection, () => [report.models]],
  again: ["Make it again", againSection, () => [report.environment, report.recipe, report.seed]],
  log: ["Log", logSection, () => report.steps.map(({ id, log }) => [id, log])],
};
const drawn = {};  // by part: what it was drawn from

function flowSection() {
  if (!report.flow) return [];
  const picture = new DOMParser().parseFromString(report.flow, "image/svg+xml").documentElement;
  return [heading("The flow"), element("div.picture", {}, document.importNode(picture, true)), element("p.note", {}, "Each box leads to what is known of it. From ", file("flow.svg"), ".")];
}

// A box that has no place of its own on the page leads to the process that makes it, or to the costs.
function mendLinks() {
  const makers = Object.fromEntries(report.steps.map((step) => [step.place.replace(/^(\w+?)s?\//, "$1."), step.id]));
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = link.getAttribute("href").slice(1);
    if (!document.getElementById(id)) link.setAttribute("href", `#${document.getElementById(makers[id]) ? makers[id] : "cost"}`);
  }
}

function drawHead() {
  const running = report.steps.find(({ state }) => state === "running"), failed = report.steps.find(({ state }) => state === "failed");
  const done = report.steps.filter(({ state }) => state === "done").length, words = `${done} of ${report.steps.length} steps are done`;
  document.querySelector("h1").textContent = report.name || report.folder;
  document.getElementById("state").textContent = running ? `${words}; ${running.id} is ${stateWords(running)}` : failed ? `${words}; ${failed.id} failed` : words + (report.is_going_on ? "; the run is going on" : "");
  const missing = document.getElementById("missing");
  missing.hidden = !report.missing.length;
  missing.replaceChildren(heading("What is missing"), element("ul", {}, report.missing.map((sentence) => element("li", {}, sentence))));
  document.getElementById("stop").hidden = document.body.dataset.use !== "served" || !report.is_going_on;
}

function draw() {
  const open = new Map([...document.querySelectorAll("details[data-key]")].map((one) => [one.dataset.key, one.open]));
  drawHead();
  for (const [id, [, make, inputs]] of Object.entries(PARTS)) {
    const from = JSON.stringify(inputs());
    if (drawn[id] === from) continue;
    drawn[id] = from;
    const section = document.getElementById(id), made = make().flat(Infinity).filter(Boolean);
    section.hidden = !made.length;
    section.replaceChildren(...made);
  }
  for (const one of document.querySelectorAll("details[data-key]")) if (open.has(one.dataset.key)) one.open = open.get(one.dataset.key);
  for (const log of document.querySelectorAll("details[open] > .log")) log.scrollTop = log.scrollHeight;
  document.querySelector("nav").replaceChildren(...Object.entries(PARTS).filter(([id]) => !document.getElementById(id).hidden).map(([id, [words]]) => element("a", { href: `#${id}` }, words)));
  mendLinks();
  sweepPlots();
}

// The token stands behind the # of the address that `rorqual watch` printed; it is not sent along with the page's own requests.
function listen() {
  const form = document.getElementById("stop"), token = document.getElementById("token"), said = form.querySelector("output");
  const given = /^#token=(\w+)$/.exec(location.hash);
  if (given) { token.value = given[1]; history.replaceState(null, "", location.pathname); }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch("api/stop", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: token.value }) });
      const body = await answer.json();
      said.textContent = answer.ok ? "It will stop once its work is saved; the same command continues it." : body.error.message;
    } catch { said.textContent = "The server is gone."; }
  });
  const events = new EventSource("api/events");
  events.addEventListener("report", ({ data }) => { report = JSON.parse(data); draw(); });
  events.addEventListener("error", () => { document.getElementById("state").textContent += document.getElementById("state").textContent.endsWith("(not connected)") ? "" : " (not connected)"; });
}

draw();
if (document.body.dataset.use === "served") listen();
else if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
