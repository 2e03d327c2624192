// Curves of each process that trains: what it learned, what its experts carried, and of reinforcement what answers became.
"use strict";

const UNUSUAL = [{ look: "--series-1", key: "skipped" }, { look: "--series-3", key: "spikes" }];

// {title, of: names of series, labels, note}
function curve(step, { title, names, labels = names, note = "" }) {
  const { steps, series } = step.curves, present = names.map((name, i) => ({ label: labels[i], values: series[name] })).filter(({ values }) => values && values.some(is));
  if (!present.length) return null;
  const last = present[0].values.findLast(is), first = present[0].values.find(is);
  return plot({ title, note: note || `${number(first)} to ${number(last)}`, from: path(step, "metrics.jsonl"), x: steps, xLabel: "step", series: present,
    marks: UNUSUAL.map(({ look, key }) => ({ look, steps: step.curves[key] })) });
}

const path = (step, name) => step.files.find((one) => one.name === name)?.path ?? `work/${step.name}/${name}`;
const sparse = (step, name) => (step.curves.series[name] ?? []).some(is);

function loadCurve(step) {
  const ratios = step.curves.load_ratio;
  if (!ratios.length || !ratios.some((block) => block.some(is))) return null;
  const few = ratios.length <= 6, at = (choose) => step.curves.steps.map((_, i) => { const values = ratios.map((block) => block[i]).filter(is).sort((a, b) => a - b); return values.length ? choose(values) : null; });
  const series = few ? ratios.map((values, i) => ({ label: `block ${i + 1}`, values }))
    : [{ label: "highest block", values: at((values) => values.at(-1)) }, { label: "middle block", values: at((values) => values[values.length >> 1]) }, { label: "lowest block", values: at((values) => values[0]) }];
  return plot({ title: "Load of the busiest expert", note: "over the mean load; 1 is perfect balance", from: path(step, "metrics.jsonl"), x: step.curves.steps, xLabel: "step", series });
}

function loadMap(step) {
  const blocks = step.curves.expert_load;
  if (!blocks.length || blocks[0].length > 64 || blocks.length > 64) return null;
  const cell = (tokens, all) => { const even = tokens * blocks[0].length / all; return { cell: "", style: shade(Math.min(even / 2, 1)), title: `${tokens.toLocaleString("en")} tokens, ${number(even)} of an even share` }; };
  return element("details", { "data-key": `load ${step.id}` }, element("summary", {}, "Load of every expert at the last step"),
    table(["A row a block, a column an expert; the darker the more tokens, the darkest twice an even share or more. From ", file(path(step, "metrics.jsonl"))], null,
      blocks.map((block, i) => { const all = block.reduce((sum, tokens) => sum + tokens, 0) || 1; return [`block ${i + 1}`, ...block.map((tokens) => cell(tokens, all))]; }), ".map.load"));
}

function unusual(step) {
  const { skipped, spikes, stride, all_steps: all } = step.curves, named = (steps) => steps.slice(0, 12).join(", ") + (steps.length > 12 ? " …" : "");
  const words = [`${all.toLocaleString("en")} steps${stride > 1 ? `, each ${stride}th drawn` : ""}`,
    spikes.length ? `▼ spikes of the loss: ${spikes.length} (steps ${named(spikes)})` : "no spikes",
    skipped.length ? `▼ not stepped on: ${skipped.length} (steps ${named(skipped)})` : null];
  return element("p.note", {}, words.filter(Boolean).join(" · "));
}

function about(step) {
  if (step.attempts === 0 && !step.files.length) return null;
  return element("p.note", {}, [duration(step.wall_s), step.tokens > 0 ? `${count(step.tokens)} tokens` : null, step.flops > 0 ? `${number(step.flops)} FLOPs` : null, bytes(step.peak_memory_bytes), step.attempts > 1 ? `${step.attempts} attempts` : null].filter(Boolean).join(" · "),
    step.files.map((one) => [" · ", file(one.path, one.name)]));
}

const titled = (step) => element("h3", {}, nameOf(step.id), " ", element("small", {}, `${step.kind} · `, element("span.state." + step.state, {}, stateWords(step))));

function trainingCard(step) {
  const plots = [
    curve(step, { title: "Loss", names: ["loss", "mtp_loss"], labels: ["next token", "prediction layer"], note: "" }),
    curve(step, { title: "Gradient norm", names: ["gradient_norm"], labels: ["norm before clipping"] }),
    curve(step, { title: "Learning rate", names: ["learning_rate"], labels: ["rate"] }),
    curve(step, { title: "Batch", names: ["batch_tokens"], labels: ["tokens a step"] }),
    loadCurve(step),
    curve(step, { title: "Balance loss", names: ["balance_loss"], labels: ["mean over blocks"] }),
    curve(step, { title: "Speed", names: ["tokens_per_s"], labels: ["tokens a second"] }),
    sparse(step, "right_order") ? curve(step, { title: "Pairs in the right order", names: ["right_order"], labels: ["share of the step's pairs"] }) : null,
    sparse(step, "needle") ? curve(step, { title: "Needles found", names: ["needle", "needle_worst_cell"], labels: ["all", "worst cell"] }) : null];
  return element("article", { id: step.id }, titled(step), about(step), unusual(step), element("div.plots", {}, plots), loadMap(step));
}

function reinforcementCard(step) {
  const named = (start) => Object.keys(step.curves.series).filter((name) => name.startsWith(start)), ends = (names, start) => names.map((name) => name.slice(start.length));
  const rewards = named("reward_"), right = named("right_");
  return element("article", { id: step.id }, titled(step), about(step), unusual(step), element("div.plots", {},
    curve(step, { title: "Reward", names: ["reward", ...(rewards.length > 1 ? rewards : [])], labels: ["all", ...ends(rewards, "reward_")] }),
    curve(step, { title: "Right answers", names: right, labels: ends(right, "right_") }),
    curve(step, { title: "Length of an answer", names: ["answer_length"], labels: ["tokens"] }),
    curve(step, { title: "Entropy", names: ["entropy"], labels: ["nats a token"] }),
    curve(step, { title: "Distance from the reference", names: ["kl"], labels: ["KL, nats a token"] }),
    curve(step, { title: "Shares", names: ["answers_cut", "flat_groups", "clipped"], labels: ["answers cut off", "groups of one reward", "tokens clipped"] }),
    curve(step, { title: "Rollout against training", names: ["mismatch"], labels: ["largest difference of log-probabilities"] }),
    curve(step, { title: "Gradient norm", names: ["gradient_norm"], labels: ["norm before clipping"] }),
    curve(step, { title: "Learning rate", names: ["learning_rate"], labels: ["rate"] }),
    loadCurve(step)), loadMap(step));
}

function card(step) {
  if (!step.curves) return element("article", { id: step.id }, titled(step), about(step));
  return step.kind === "rl" ? reinforcementCard(step) : trainingCard(step);
}

// Those that have not begun share a line.
function cardsOf(words, steps) {
  if (!steps.length) return [];
  const waits = ({ state, attempts, curves }) => state === "waiting" && attempts === 0 && !curves, waiting = steps.filter(waits);
  return [heading(words), steps.filter((step) => !waits(step)).map(card),
    waiting.length ? element("p.note", {}, "Not begun yet: ", waiting.map((step, i) => [i > 0 ? ", " : "", element("span", { id: step.id }, `${nameOf(step.id)} (${step.kind})`)])) : null];
}

const trainingSection = () => cardsOf("Training", report.steps.filter(({ kind }) => kind !== "data" && kind !== "rl"));
const reinforcementSection = () => cardsOf("Reinforcement learning", report.steps.filter(({ kind }) => kind === "rl"));
