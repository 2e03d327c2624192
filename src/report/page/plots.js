// Plots of curves (uPlot). Each says where its numbers lie; lines differ in dashes as well as in colour.
"use strict";

const DASHES = [[], [9, 3], [4, 2.5], [10, 3, 2, 3], [2, 2], [6, 2, 2, 2]];
const BORDERS = ["solid", "dashed", "dotted", "double", "dotted", "dashed"];  // of a line's mark in the legend
const alive = new Map();  // mounts to their plots

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Triangles at the top, over the steps that stand out.
function markSteps(marks) {
  return (plot) => {
    const { ctx, bbox } = plot, size = 5 * devicePixelRatio;
    ctx.save();
    for (const { steps, look } of marks) {
      ctx.fillStyle = color(look);
      for (const step of steps) {
        const x = plot.valToPos(step, "x", true);
        if (x < bbox.left || x > bbox.left + bbox.width) continue;
        ctx.beginPath();
        ctx.moveTo(x - size, bbox.top); ctx.lineTo(x + size, bbox.top); ctx.lineTo(x, bbox.top + 1.7 * size);
        ctx.fill();
      }
    }
    ctx.restore();
  };
}

function options(spec, width) {
  const axis = { stroke: color("--faint"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
  const spots = (values) => values.filter((value) => value !== null).length <= 60;
  return {
    width, height: 190, padding: [10, 24, 0, 0], cursor: { drag: { x: true, y: false } }, legend: { live: true, markers: { dash: (_, i) => BORDERS[(i - 1) % 6] ?? "solid" } },
    scales: { x: { time: false, ...(spec.xLog ? { distr: 3, log: 2 } : {}) }, y: spec.range ? { range: spec.range } : {} },
    axes: [{ ...axis, label: spec.xLabel, labelSize: 18, labelFont: "12px system-ui, sans-serif", size: 34, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : count(tick))) },
      { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : number(tick))) }],
    series: [{ label: spec.xLabel },
      ...spec.series.map(({ label, values }, i) => ({ label, stroke: color(`--series-${i % 6}`), width: 1.75, dash: DASHES[i % 6], spanGaps: true, points: { show: spots(values), size: 5 }, value: (_, value) => number(value) }))],
    hooks: { draw: [markSteps(spec.marks ?? [])] },
  };
}

// The width is known only once the plot stands on the page.
const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const width = Math.floor(contentRect.width), known = alive.get(target);
    if (width < 40 || !known) continue;
    if (known.plot === null) known.plot = new uPlot(options(known.spec, width), [known.spec.x, ...known.spec.series.map(({ values }) => values)], target);
    else if (known.plot.width !== width) known.plot.setSize({ width, height: 190 });
  }
});

// spec: {title, note, from: file, x, xLabel, xLog, series: [{label, values}], marks, range}
function plot(spec) {
  const mount = element("div.plot", { role: "img", "aria-label": `${spec.title}: ${spec.note ?? ""}` });
  alive.set(mount, { spec, plot: null });
  observer.observe(mount);
  return element("figure", {}, element("figcaption", {}, element("b", {}, spec.title), spec.note ? ` ${spec.note}` : "", " · ", file(spec.from, spec.from.split("/").pop())), mount);
}

// Those that are no longer on the page are let go.
function sweepPlots() {
  for (const [mount, { plot: drawn }] of alive) if (!mount.isConnected) { observer.unobserve(mount); drawn?.destroy(); alive.delete(mount); }
}

// After light and dark changed places, or for paper: canvases keep the colours they were drawn in.
function redrawPlots() {
  for (const [mount, known] of alive) {
    if (known.plot === null) continue;
    const width = known.plot.width;
    known.plot.destroy();
    known.plot = new uPlot(options(known.spec, width), [known.spec.x, ...known.spec.series.map(({ values }) => values)], mount);
  }
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawPlots);
matchMedia("print").addEventListener("change", redrawPlots);
