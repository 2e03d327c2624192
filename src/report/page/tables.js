// The report's tables: costs, data, models, what was measured, answers side by side, and what is needed to make the run again.
"use strict";

const heading = (words) => element("h2", {}, words);
const beside = (value) => ({ cell: value, look: "beside" });
const nameOf = (id) => id.slice(id.indexOf(".") + 1);
const to = (id) => element("a", { href: `#${id}` }, nameOf(id));

// In the form of the first table of DeepSeek-V3's report, whose own numbers stand below.
function stageTable(costs) {
  const data = costs.stages[0], evaluation = costs.stages.at(-1), stages = costs.stages.slice(1, -1);
  const training = (key) => stages.reduce((sum, stage) => sum + stage[key], 0);
  const row = (words, key, show, total) => [words, ...stages.map((stage) => show(stage[key])), { cell: total ?? show(training(key)), look: "sum" }, beside(show(data[key])), beside(show(evaluation[key]))];
  const theirs = (words, key, show) => [words, ...costs.published.map((stage) => show(stage[key])), beside("not counted"), beside("not counted")];
  const first = theirs("DeepSeek-V3: H800 hours", "hours", count);
  return table(`Shares are of the three stages of training. Money assumes ${dollars(costs.price)} a ${costs.unit.slice(0, -1)} here (rorqual report --price), $2 an H800 hour for DeepSeek-V3. Energy is an estimate: hours at the most power that the device is stated to take with its share of the node (rorqual report --device), of cores not known.`,
    ["", ...stages.map((stage) => stage.stage), { cell: "training, all", look: "sum" }, beside(data.stage), beside(evaluation.stage)],
    [row(`in ${costs.unit}`, "hours", number), row("share", "share", (share) => percent(share), is(stages[0].share) ? "100 %" : NONE), row("in dollars", "dollars", dollars),
      row("energy, estimated", "kilowatt_hours", energy, is(stages[0].kilowatt_hours) ? undefined : NONE), row("wall time", "wall_s", duration), row("tokens", "tokens", count),
      { look: "first", cells: first }, theirs("share", "share", (share) => percent(share)), theirs("in dollars", "dollars", dollars), theirs("energy, estimated", "kilowatt_hours", energy)]);
}

// Why post-training weighs more in a small run than in DeepSeek-V3's.
function shareNote({ stages, published }) {
  const [, pretraining, , posttraining] = stages, theirs = published.find(({ stage }) => stage === posttraining.stage);
  if (!(posttraining.share > 0) || !(pretraining.tokens > 0)) return null;
  return element("p.note", {}, `Post-training takes ${percent(posttraining.share)} of the training here, ${percent(theirs.share)} of DeepSeek-V3's: the problems and answers that teach a model to reason do not grow with it, the text that it is pre-trained on does, ${count(pretraining.tokens)} tokens here and 14.8T there.`);
}

function stepTable() {
  const hours = (step) => (report.costs.unit === "device-hours" ? step.device_s : step.core_s) / 3600;
  const all = report.steps.reduce((sum, step) => sum + hours(step), 0), untouched = (step) => step.attempts === 0;
  const cells = (step) => [to(step.id), { cell: element("span.state." + step.state, {}, stateWords(step)), look: "text" },
    ...(untouched(step) ? [NONE, NONE, NONE] : [duration(step.wall_s), number(hours(step)), percent(all > 0 ? hours(step) / all : null)]),
    step.tokens > 0 ? count(step.tokens) : step.expected_tokens > 0 ? `of ${count(step.expected_tokens)}` : NONE, step.flops > 0 ? number(step.flops) : NONE,
    untouched(step) ? NONE : bytes(step.peak_memory_bytes), untouched(step) ? NONE : step.attempts];
  return table("Every box, in the order of the work; sums over all attempts at it as it is now, killed ones included.", ["box", { cell: "state", look: "text" }, "wall time", report.costs.unit, "share of all", "tokens", "FLOPs", "peak memory", "attempts"], report.steps.map(cells));
}

const stateWords = (step) => (step.state === "running" && step.share > 0 ? `running, ${Math.floor(100 * step.share)} %` : step.state);

// What the recipe's changes made void, which no table counts.
function replacedNote({ replaced, unit }) {
  if (!(replaced?.attempts > 0)) return null;
  return element("p.note", {}, `Spent on attempts since replaced, because the recipe changed: ${number(replaced.hours)} ${unit}, ${dollars(replaced.dollars)}, ${duration(replaced.wall_s)} in ${replaced.attempts} attempts. The tables count what made the present models.`);
}

function costSection() {
  return [heading("What it cost"), stageTable(report.costs), shareNote(report.costs), replacedNote(report.costs), stepTable(), element("p.note", {}, "From ", file("ledger.jsonl"), ", in which every attempt is a line.")];
}

const sumOf = (reasons) => Object.values(reasons).reduce((sum, documents) => sum + documents, 0);

function dataSection() {
  const rows = report.data ?? [];
  if (!rows.length) return [];
  const tokens = Object.fromEntries(report.steps.map((step) => [step.id, 0]));
  for (const row of rows) for (const made of row.tokens) tokens[made.by] += made.tokens ?? 0;
  const dropped = (row) => Object.entries(row.dropped).filter(([, documents]) => documents > 0).map(([reason, documents]) => `${documents.toLocaleString("en")} ${reason.replaceAll("_", " ")}`).join(", ");
  const cells = (row) => [file(row.file, row.name), count(row.documents), bytes(row.bytes), row.heldout_documents > 0 ? `${count(row.heldout_documents)} (${bytes(row.heldout_bytes)})` : NONE,
    (row.dropped.repeated ?? NONE).toLocaleString("en"), { cell: sumOf(row.dropped).toLocaleString("en"), title: dropped(row) },
    row.quarantine_file && row.quarantined > 0 ? file(row.quarantine_file, String(row.quarantined)) : row.quarantined ?? NONE, { cell: row.teacher || NONE, look: "text" }, { cell: row.human_checked === true ? "yes" : row.human_checked === false ? "no" : NONE, look: "text" }];
  const mixtures = report.steps.filter((step) => tokens[step.id] > 0).map((step) => {
    const made = rows.flatMap((row) => row.tokens.filter(({ by }) => by === step.id).map((one) => ({ row, ...one })));
    return made.map(({ row, tokens: own, file: path }, i) => ({ look: i === 0 ? "first" : "", cells: [i === 0 ? to(step.id) : "", { cell: file(path, row.name), look: "text" }, count(own), percent(own / tokens[step.id])] }));
  }).flat();
  return [heading("Data"),
    table("What each box holds, and what was left out. Duplicates are documents whose bytes were seen before; quarantined are lines that could not be read.",
      ["box", "documents", "size", "held out", "duplicates", "dropped in all", "quarantined", { cell: "teacher", look: "text" }, { cell: "checked by people", look: "text" }], rows.map((row) => ({ id: row.id, cells: cells(row) }))),
    mixtures.length ? table("Tokens by domain: what each process had of each box. How often it sees them is its mixture's choice (recipe.toml).", ["process", { cell: "box", look: "text" }, "tokens", "share"], mixtures) : null];
}

function modelSection() {
  const rows = report.models ?? [];
  if (!rows.length) return [];
  return [heading("Models"), table("", ["model", { cell: "made by", look: "text" }, "context", "layers", "width", "experts", "vocabulary"],
    rows.map((row) => ({ id: row.id, cells: [file(row.file, row.name), { cell: to(row.made_by), look: "text" }, row.context?.toLocaleString("en") ?? NONE, row.layers ?? NONE, row.width ?? NONE, row.experts ?? "dense", row.vocabulary?.toLocaleString("en") ?? NONE] })))];
}

// From pale to dark, so that it reads without colour; the number stands in each cell.
function shade(share) {
  const light = 94 - 62 * share;
  return `background: hsl(${(190 + 25 * share).toFixed(0)} ${(30 + 25 * share).toFixed(0)}% ${light.toFixed(0)}%); color: ${light > 58 ? "#13202c" : "#ffffff"}`;
}

function needleMap(found) {
  const variants = [...new Set(found.cells.map(({ variant }) => variant))];
  return variants.map((variant) => {
    const cells = found.cells.filter((cell) => cell.variant === variant), lengths = [...new Set(cells.map(({ length }) => length))], depths = [...new Set(cells.map(({ depth }) => depth))];
    const at = (depth, length) => {
      const cell = cells.find((one) => one.depth === depth && one.length === length), share = cell?.by_generation.share;
      return is(share) ? { cell: percent(share, 0), style: shade(share), title: `${cell.by_generation.hits} of ${cell.trials}` } : NONE;
    };
    return [element("h3", {}, `Needles found: ${found.title}`, " ", element("small", {}, [found.model, variant].filter(Boolean).join(", "))),
      table(["Share of the facts that the model finds, by the length of the prompt and the depth at which the fact stands. From ", file(found.file)], ["depth \\ tokens", ...lengths.map((length) => length.toLocaleString("en"))],
        depths.map((depth) => [percent(depth, 0), ...lengths.map((length) => at(depth, length))]), ".map")];
  });
}

function positionPlot(found) {
  const x = [...new Set(found.models.flatMap(({ buckets }) => buckets.map(({ first, last }) => Math.sqrt(first * last))))].sort((a, b) => a - b);
  const series = found.models.map(({ model, trained_context: trained, buckets }) => {
    const losses = new Map(buckets.map(({ first, last, loss }) => [Math.sqrt(first * last), loss]));
    return { label: `${model.split("/").pop()} (${trained})`, values: x.map((at) => losses.get(at) ?? null) };
  });
  return plot({ title: "Loss by position", note: "nats a token, by distance from the start of the text; in brackets the context that was trained", from: found.file, x, xLabel: "tokens from the start", xLog: true, series });
}

function passTable(found) {
  const rate = (one) => [one.name ?? NONE, one.problems ?? NONE, { cell: percent(one.pass_at_1), look: "sum" }, is(one.low) ? `${percent(one.low)} to ${percent(one.high)}` : NONE];
  return [element("h3", {}, `Problems solved: ${found.title}`, " ", element("small", {}, found.model)),
    table(["Pass@1 with its 95 % interval. From ", file(found.file)], ["kind", "problems", "pass@1", "95 %"], found.rates.map(rate))];
}

function evaluationTable(found) {
  const figure = (cell) => {
    if (!cell) return NONE;
    if (is(cell.published)) return { cell: element("em", {}, cell.published.toFixed(1)), title: "published, not measured here" };
    if (cell.refused) return { cell: "not asked", title: cell.refused };
    const interval = cell.interval ? `${number(cell.interval[0])} to ${number(cell.interval[1])}, ` : "";
    return { cell: number(cell.value), title: `${interval}${cell.questions} of ${cell.rows} questions` };
  };
  return [element("h3", {}, `Evaluation: ${found.title}`),
    table(["Figures in italics are published, not measured here; each tells on hovering what it rests on. From ", file(found.file)], ["task", { cell: "metric", look: "text" }, "shots", ...found.columns.map(({ name }) => name)],
      found.rows.map((row) => [row.title || row.task, { cell: row.metric, look: "text" }, row.shots, ...row.cells.map(figure)]))];
}

function contextSection() {
  const found = report.measurements ?? [], of = (kind) => found.filter((one) => one.kind === kind);
  if (!found.length) return [];
  return [heading("Context and evaluation"), of("needle").map(needleMap), of("position").length ? element("div.plots", {}, of("position").map(positionPlot)) : null, of("pass").map(passTable), of("table").map(evaluationTable)];
}

function answerBox(answer) {
  const verdict = answer.right === true ? "✓ right" : answer.right === false ? "✕ not right" : null;
  const facts = [verdict, is(answer.reward) ? `reward ${number(answer.reward)}` : null, is(answer.tokens) ? `${answer.tokens} tokens` : null, answer.cut ? "cut off" : null].filter(Boolean).join(", ");
  return element("div.answer", {}, element("h4", {}, to(answer.by), is(answer.step) ? `, step ${answer.step}` : ""), element("pre", {}, answer.text), element("p.note", {}, facts, facts ? " · " : "", file(answer.file)));
}

const opening = (text) => { const line = text.trim().replace(/\s+/g, " "); return line.length > 120 ? `${line.slice(0, 119)}…` : line; };

function answerSection() {
  const samples = report.samples ?? [];
  if (!samples.length) return [];
  return [heading("Answers side by side"), element("p.note", {}, "The questions that most of the run's models were asked, with one answer of each: of a rollout the first of the latest group, of a teacher its first."),
    samples.map((sample, i) => element("details", { open: i < 2, "data-key": `sample ${sample.question}` }, element("summary", {}, sample.prompt ? opening(sample.prompt) : sample.question),
      sample.prompt ? element("pre.box", {}, sample.prompt) : null, sample.answer ? element("p.note", {}, `The right answer: ${sample.answer}`) : null,
      element("div.beside-each-other", {}, sample.answers.map(answerBox))))];
}

function againSection() {
  const facts = report.environment ?? {}, list = Object.entries(facts).filter(([name]) => name !== "command");
  const words = (value) => (Array.isArray(value) ? value.join(" ") : value !== null && typeof value === "object" ? Object.entries(value).map(([name, one]) => `${name} ${one}`).join(", ") : String(value));
  const commands = [facts.command ? words(facts.command) : null, `rorqual run ${report.folder}/recipe.toml --run-dir ${report.folder}-again`, `rorqual report ${report.folder}`].filter(Boolean);
  return [heading("Made with, and how to make it again"),
    element("dl", {}, element("dt", {}, "seed"), element("dd", {}, String(report.seed)), list.map(([name, value]) => [element("dt", {}, name.replaceAll("_", " ")), element("dd", {}, name.endsWith("bytes") ? bytes(value) : words(value))])),
    element("pre.box", {}, commands.join("\n")),
    element("p.note", {}, facts.command ? "The first made it; the second makes it anew from the recipe as it was resolved. From " : "From ", file("work/environment.json"), " and ", file("recipe.toml"), "."),
    report.recipe ? element("details", { "data-key": "recipe" }, element("summary", {}, "The recipe, with every default"), element("pre.box", {}, report.recipe)) : null];
}

function logSection() {
  const said = report.steps.filter(({ log }) => log.length), newest = (log) => log[log.length - 1].slice(0, 20);
  if (!said.length) return [];
  const latest = said.reduce((a, b) => (newest(b.log) >= newest(a.log) ? b : a));
  return [heading("Log"), said.map((step) => element("details", { open: step === latest, "data-key": `log ${step.id}` }, element("summary", {}, step.id), element("pre.log", {}, step.log.join("\n")), element("p.note", {}, file(`work/${step.place.startsWith("data/") && step.kind === "data" ? step.id : step.name}/log`))))];
}
