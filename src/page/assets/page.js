// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the page from the object of data that src/page/page.c makes. Nothing is estimated here but counts and medians of time.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const axes = data.axes || [], widths = data.widths || [], thresholds = data.thresholds || [];
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6D31", "#808080"];
const MOST_PANELS = 12, FEW_SEEDS = 3;
const ENDS = ["learned", "censored", "diverged", "failed", "finished"];
const NICE = { depth: "depth N_L", width: "width N_h", chorales: "chorales P", rule_eta: "rate η", model_gain: "gain g" };
const VALUE = 1, EDGE = 5, KNOWN = ["nothing", "value", "below", "above", "between", "edge", "never"];

const $ = (selector) => document.querySelector(selector);
const show = (id) => { const section = document.getElementById(id); section.hidden = false; return section; };
const make = (tag, text, parent) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
};
const nice = (name) => NICE[name] || name.replaceAll("_", " ");
const short = (x) => x === null || x === undefined ? "–" : x === Infinity ? "∞" : typeof x === "number" ? String(Number(x.toPrecision(4))) : x;
const colour = (i) => COLOURS[i % COLOURS.length];

// ---- the data by place ----

// The entry of an array of the analysis; where: {name of dimension: index}.
function at(name, where) {
  const array = data.arrays && data.arrays[name];
  if (!array) return null;
  let index = 0;
  array.dims.forEach((dim, d) => { index = index * array.shape[d] + (where[dim] || 0); });
  return array.data[index];
}

const placeOf = (place) => Object.fromEntries(axes.map((a, i) => [a.name, place[i]]));
const labelOf = (place) => axes.map((a, i) => [a, place[i]]).filter(([a, p]) => a.values[p] !== null && a.values[p] !== "-")
  .map(([a, p]) => `${nice(a.name)} = ${short(a.values[p])}`).join(", ") || "all runs";
const lineAt = new Map((data.places || []).map((place, l) => [place.join(), l]));

// The points of every cell, by line and width.
const cells = new Map();
for (let p = 0; p < data.points; p++) {
  if (!data.line || data.line[p] < 0) continue;
  const key = data.line[p] + "|" + data.width[p];
  if (!cells.has(key)) cells.set(key, []);
  cells.get(key).push(p);
}
const pointsAt = (place, width) => cells.get(lineAt.get(place.join()) + "|" + width) || [];
const identity = (p) => data.identity.slice(16 * p, 16 * p + 16);

const pairs = data.curves && Uint8Array.from(atob(data.curves.data), (c) => c.charCodeAt(0));
function curve(p) {
  if (!pairs) return [];
  const { start, low, high } = data.curves, view = new DataView(pairs.buffer), found = [];
  const value = (k) => low * (high / low) ** (view.getUint16(2 * k, true) / 65535);
  for (let k = start[p]; k < start[p + 1]; k++) found.push([value(2 * k), value(2 * k + 1)]);
  return found;
}

function songsOf(points) {
  return Object.entries(data.songs).filter(([name]) => points.some((p) => {
    const digits = /^[0-9a-f]+/.exec(name)[0].slice(0, 16);
    return identity(p).startsWith(digits);
  }));
}

// ---- drawing ----

// Axes of a chart in a new SVG below `host`; x and y: {label, domain, log}.
function chart(host, { title, x, y, width: widest = 480, height = 320 }) {
  const width = Math.min(widest, Math.max(320, host.clientWidth || widest)); // words keep their size on a telephone
  const margin = { top: title ? 26 : 10, right: 14, bottom: 42, left: 58 };
  const svg = d3.select(host).append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", title || y.label);
  const scale = (axis, range) => (axis.log ? d3.scaleLog() : d3.scaleLinear()).domain(axis.domain).range(range);
  const sx = scale(x, [margin.left, width - margin.right]), sy = scale(y, [height - margin.bottom, margin.top]);
  const ticks = (axis, s, n, values) => {
    const made = axis.scale(s);
    if (values && values.length <= 2 * n) return made.tickValues(values).tickFormat((v) => short(v));
    if (!s.base) return made.ticks(n).tickFormat((v) => short(v));
    const decades = Math.log10(s.domain()[1] / s.domain()[0]);
    const all = s.ticks().filter((v) => decades < 1.2 || /^1(e|$)/.test(v.toExponential().replace(/e.*/, "")));
    const step = Math.ceil(all.length / n);
    return made.tickValues(all.filter((_, i) => i % step === 0)).tickFormat((v) => v >= 1e4 || v < 1e-3 ? Number(v.toPrecision(2)).toExponential().replace("+", "") : short(v));
  };
  svg.append("g").attr("transform", `translate(0,${height - margin.bottom})`).call(ticks(d3.axisBottom(), sx, 6, x.values));
  svg.append("g").attr("transform", `translate(${margin.left},0)`).call(ticks(d3.axisLeft(), sy, 6));
  svg.append("text").attr("x", (margin.left + width - margin.right) / 2).attr("y", height - 8).attr("text-anchor", "middle").text(x.label);
  svg.append("text").attr("transform", `translate(14,${(height - margin.bottom + margin.top) / 2}) rotate(-90)`).attr("text-anchor", "middle").text(y.label);
  if (title) svg.append("text").attr("x", margin.left).attr("y", 14).attr("font-weight", "600").text(title);
  return { svg, x: sx, y: sy, margin, width, height };
}

const path = (c, points) => d3.line().x((p) => c.x(p[0])).y((p) => c.y(p[1]))(points);

function legend(host, title, entries) {
  const box = make("div", undefined, host);
  box.className = "legend";
  make("span", title, box);
  entries.forEach(([text, shade]) => {
    const one = make("span", undefined, box), key = make("i", undefined, one);
    key.className = "key";
    key.style.background = shade;
    one.append(text);
  });
}

function select(host, label, texts, chosen, change) {
  const box = make("label", label + " ", host), list = make("select", undefined, box);
  texts.forEach((text, i) => { const option = make("option", text, list); option.value = i; });
  list.value = chosen;
  list.addEventListener("change", () => change(Number(list.value)));
}

const padded = ([low, high], share = 0.05) => low === high ? [low - 0.5, high + 0.5] : [low - share * (high - low), high + share * (high - low)];
const paddedLog = ([low, high]) => low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.03, high * (high / low) ** 0.03];

// ---- what is chosen ----

// The lowest threshold that a third of the runs reached, else the one that most did.
function usualThreshold() {
  const learned = thresholds.map((_, t) => d3.sum((data.times || [])[t] || [], (v) => v !== null ? 1 : 0));
  const low = learned.findIndex((n) => 3 * n >= data.points);
  return Math.max(0, low >= 0 ? low : d3.maxIndex(learned));
}

const state = {
  y: Math.max(0, axes.findIndex((a) => a.name === "depth")),
  x: 0, // of the critical widths, among the numeric axes
  threshold: usualThreshold(),
  place: (data.places || [[]])[0].slice(),
  width: null,
  ratio: true,
};

// Places that differ from the chosen one along axis `i` only, and hold runs.
function along(i) {
  if (!axes.length) return lineAt.size ? [state.place] : [];
  return d3.range(axes[i].values.length).map((k) => state.place.map((p, a) => a === i ? k : p)).filter((place) => lineAt.has(place.join()));
}

// The chosen place may hold no line (grids need not be full): take the nearest that does.
function settle() {
  if (!lineAt.size || along(state.y).length) return;
  const distance = (place) => d3.sum(place, (p, a) => a === state.y ? 0 : Math.abs(p - state.place[a]));
  state.place = d3.least(data.places, distance).slice();
}

function controls(section, { threshold = true, y = true } = {}) {
  const host = section.querySelector(".controls");
  host.replaceChildren();
  if (threshold && thresholds.length > 1)
    select(host, "threshold [bits]", thresholds.map(String), state.threshold, (v) => { state.threshold = v; drawAll(); });
  if (y && axes.length > 1) select(host, "rows", axes.map((a) => nice(a.name)), state.y, (v) => { state.y = v; settle(); drawAll(); });
  axes.forEach((axis, i) => {
    if (i === state.y) return;
    select(host, nice(axis.name), axis.values.map(short), state.place[i], (v) => { state.place[i] = v; settle(); drawAll(); });
  });
}

// ---- phase diagram ----

function drawMap() {
  if (!lineAt.size) return;
  const section = show("map");
  controls(section);
  const host = section.querySelector("figure");
  host.replaceChildren();
  const rows = along(state.y), axis = axes[state.y], t = state.threshold;
  const rate = (place, w) => { const tau = at("tau", { ...placeOf(place), width: w, threshold: t }); return tau > 0 ? 1 / tau : null; };
  const cellsHere = rows.flatMap((place) => widths.map((width, w) => ({ place, width, w, points: pointsAt(place, width) })).filter((c) => c.points.length));
  const shown = widths.filter((w) => cellsHere.some((c) => c.width === w));
  const rates = cellsHere.map((c) => rate(c.place, c.w)).filter((r) => r > 0);
  const shade = rates.length ? d3.scaleSequentialLog(d3.interpolateViridis).domain(paddedLog(d3.extent(rates))) : null;
  const size = { left: 70, right: 8, top: 8, bottom: 42, width: 480 };
  const row = Math.max(22, Math.min(48, 300 / rows.length)), height = size.top + row * rows.length + size.bottom;
  const svg = d3.select(host).append("svg").attr("viewBox", `0 0 ${size.width} ${height}`).attr("role", "group")
    .attr("aria-label", "inverse learning times by width and " + (axis ? nice(axis.name) : "run"));
  const hatch = svg.append("defs").append("pattern").attr("id", "hatch").attr("width", 6).attr("height", 6).attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
  hatch.append("rect").attr("width", 6).attr("height", 6).attr("fill", "var(--panel)");
  hatch.append("rect").attr("width", 2).attr("height", 6).attr("fill", "var(--line)");
  const x = d3.scaleBand().domain(shown).range([size.left, size.width - size.right]);
  const y = d3.scaleBand().domain(rows.map((p) => p.join())).range([height - size.bottom, size.top]);
  const every = Math.ceil(shown.length / 12);
  svg.append("g").attr("transform", `translate(0,${height - size.bottom})`).call(d3.axisBottom(x).tickValues(shown.filter((w, i) => i % every === 0 || w === Infinity)).tickFormat(short).tickSizeOuter(0));
  svg.append("g").attr("transform", `translate(${size.left},0)`).call(d3.axisLeft(y).tickFormat((k) => axis ? short(axis.values[k.split(",")[state.y]]) : "").tickSizeOuter(0));
  svg.append("text").attr("x", (size.left + size.width) / 2).attr("y", height - 8).attr("text-anchor", "middle").text(nice("width"));
  if (axis) svg.append("text").attr("transform", `translate(14,${height / 2 - 15}) rotate(-90)`).attr("text-anchor", "middle").text(nice(axis.name));
  const pick = (c) => { state.place = c.place.slice(); state.width = c.width; drawAll(); };
  svg.selectAll(".pixel").data(cellsHere).join("rect").attr("class", "pixel")
    .classed("chosen", (c) => c.width === state.width && c.place.join() === state.place.join())
    .attr("x", (c) => x(c.width)).attr("y", (c) => y(c.place.join())).attr("width", x.bandwidth()).attr("height", y.bandwidth())
    .attr("fill", (c) => { const r = rate(c.place, c.w); return r ? shade(r) : "url(#hatch)"; })
    .attr("tabindex", 0).attr("role", "button")
    .attr("aria-label", (c) => `${labelOf(c.place)}, width ${short(c.width)}: ${rate(c.place, c.w) ? "τ = " + short(1 / rate(c.place, c.w)) : "not learned"}`)
    .on("click", (_, c) => pick(c)).on("keydown", (event, c) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(c); } })
    .append("title").text((c) => `width ${short(c.width)}, ${c.points.length} run${c.points.length > 1 ? "s" : ""}: ${rate(c.place, c.w) ? "τ = " + short(1 / rate(c.place, c.w)) : "not learned in half of them"}`);
  svg.selectAll(".pixel.chosen").raise();
  drawBorder(svg, rows, x, y, shown);
  make("figcaption", thresholds.length ? `Inverse median learning time 1/τ at ${thresholds[t]} bits` +
    (rates.length ? `, from ${short(d3.min(rates))} (dark) to ${short(d3.max(rates))} (bright)` : "") +
    "; hatched: fewer than half of the runs learned in the time they had. White circles: N_c with its interval. Pick a field to see its runs."
    : "Pick a field to see its runs.", host);
}

// N_c of each row, where it has a value.
function drawBorder(svg, rows, x, y, shown) {
  const centre = (w) => x(w) + x.bandwidth() / 2;
  const finite = shown.filter(Number.isFinite);
  const position = d3.scaleLinear().domain(finite).range(finite.map(centre)).clamp(true);
  rows.forEach((place) => {
    const where = { ...placeOf(place), threshold: state.threshold };
    if (at("n_c_known", where) !== VALUE || finite.length < 2) return;
    const [value, low, high] = ["n_c", "n_c_low", "n_c_high"].map((name) => at(name, where));
    const middle = y(place.join()) + y.bandwidth() / 2;
    if (value < shown[0]) return; // an extrapolation: it lies left of the picture
    const mark = svg.append("g").attr("pointer-events", "none").attr("stroke", "#000").attr("fill", "#fff");
    if (low !== null && high !== null) mark.append("line").attr("x1", position(low)).attr("x2", position(high)).attr("y1", middle).attr("y2", middle).attr("stroke", "#fff").attr("stroke-width", 3);
    mark.append("circle").attr("cx", position(value)).attr("cy", middle).attr("r", 5);
  });
}

// ---- the picked field ----

function drawPicked() {
  const host = $("#picked");
  if (!lineAt.size) return;
  host.replaceChildren();
  const points = state.width === null ? [] : pointsAt(state.place, state.width);
  if (!points.length) {
    make("p", "Pick a field of the phase diagram: its learning curves, runs and songs appear here.", host).className = "note";
    return;
  }
  make("h3", `${labelOf(state.place)}, width ${short(state.width)}`, host);
  drawCurves(host, points);
  drawRuns(host, points);
  songsOf(points).forEach(([name, song]) => drawSong(host, name, song));
}

function drawCurves(host, points) {
  const curves = points.map(curve), all = curves.flat();
  if (!all.length) { make("p", "These runs have no learning curves.", host); return; }
  const c = chart(host, {
    x: { label: "proper time τ", log: true, domain: paddedLog([Math.max(d3.min(all, (p) => p[0]), d3.max(all, (p) => p[0]) * 1e-5), d3.max(all, (p) => p[0])]) },
    y: { label: "NLL [bits per unit and step]", log: true, domain: paddedLog(d3.extent(all, (p) => p[1])) },
  });
  const [bottom, top] = c.y.domain();
  c.svg.append("g").selectAll("line").data(thresholds.filter((e) => e > bottom && e < top)).join("line").attr("class", "grid").attr("stroke-dasharray", "2 3")
    .attr("x1", c.margin.left).attr("x2", c.width - c.margin.right).attr("y1", (e) => c.y(e)).attr("y2", (e) => c.y(e));
  curves.forEach((points, i) => c.svg.append("path").attr("class", "curve").attr("fill", "none").attr("stroke", colour(i)).attr("stroke-width", 1.6)
    .attr("d", path(c, points.filter((p) => p[0] >= c.x.domain()[0]))));
  legend(host, "seed", points.map((p, i) => [short(data.seed[p]), colour(i)]));
}

function drawRuns(host, points) {
  const box = make("div", undefined, host);
  box.className = "wide";
  const table = make("table", undefined, box), head = make("tr", undefined, make("thead", undefined, table)), body = make("tbody", undefined, table);
  const times = thresholds.map((e, t) => [`τ(${e})`, (p) => short(data.times[t] && data.times[t][p])]);
  const columns = [["seed", (p) => short(data.seed[p])], ["end", (p) => ENDS[data.end[p]]], ["τ reached", (p) => short(data.tau[p])], ...times, ["identity", identity]];
  columns.forEach(([name]) => make("th", name, head));
  points.forEach((p) => { const row = make("tr", undefined, body); columns.forEach(([, text]) => make("td", text(p), row)); });
  const again = make("p", "Again, compared bit for bit: ", host);
  make("code", `ritardando replay RUN ${identity(points[0])}`, again);
}

function drawSong(host, name, song) {
  make("h3", `Song of ${name}`, host);
  score.parts(song).forEach((part) => {
    const line = make("p", undefined, host), button = make("button", `▶ ${part.name}`, line);
    button.className = "play";
    button.addEventListener("click", () => {
      if (button.dataset.playing) { score.stop(); return; }
      const context = score.play(part.rows, () => { delete button.dataset.playing; button.textContent = `▶ ${part.name}`; });
      button.dataset.playing = "1";
      button.textContent = `■ ${part.name}`;
      document.body.dataset.audio = context.state;
      context.addEventListener("statechange", () => { document.body.dataset.audio = context.state; });
    });
    const sheet = make("div", undefined, host);
    sheet.className = "score";
    ABCJS.renderAbc(sheet, score.abc(part.rows), { add_classes: true, responsive: "resize", staffwidth: 620, paddingtop: 4, paddingbottom: 4 });
  });
  if (score.forced(song)) make("p", `The first ${score.forced(song)} quarter notes are those of the chorale; then the network goes on alone.`, host).className = "note";
}

// ---- inverse learning times ----

function drawInverse() {
  const rows = along(state.y).slice(0, MOST_PANELS);
  if (!data.arrays || !data.arrays.tau || !thresholds.length || !rows.length) return;
  const section = show("inverse"), host = section.querySelector("figure");
  host.replaceChildren();
  const panels = make("div", undefined, host);
  panels.className = "panels";
  rows.forEach((place) => drawInversePanel(panels, place));
  legend(host, "threshold [bits]", thresholds.map((e, t) => [String(e), colour(t)]));
  make("figcaption", "Medians over seeds; straight lines: fits of 1/τ = a (N_h − N_c); bars on the axis: N_c with its interval.", host);
}

function drawInversePanel(host, place) {
  const where = placeOf(place);
  const medians = thresholds.map((_, t) => widths.map((width, w) => [width, at("tau", { ...where, width: w, threshold: t })])
    .filter(([width, tau]) => tau > 0 && pointsAt(place, width).length).map(([width, tau]) => [width, 1 / tau]));
  const here = widths.filter((w) => pointsAt(place, w).length);
  const fits = thresholds.map((_, t) => ({ ...where, threshold: t })).map((w) => at("n_c_known", w) === VALUE
    ? ["n_c", "n_c_low", "n_c_high", "rate"].map((name) => at(name, w)) : null);
  const lowest = d3.min([...here, ...fits.filter(Boolean).map((f) => f[0])]);
  const top = d3.max(medians.flat(), (m) => m[1]) || 1;
  const finite = here.filter(Number.isFinite), widest = d3.max(finite.length ? finite : [1]);
  const c = chart(host, { title: labelOf(place), width: 400, height: 280, x: { label: nice("width"), domain: padded([Math.min(lowest, widest), widest]) },
    y: { label: "1/τ", domain: [0, 1.06 * top] } });
  const beside = c.width - c.margin.right + 7; // where infinite width stands
  if (finite.length < here.length) c.svg.append("text").attr("x", beside).attr("y", c.height - c.margin.bottom + 18).attr("text-anchor", "middle").text(short(Infinity));
  if (!medians.flat().length) c.svg.append("text").attr("x", 220).attr("y", 130).attr("text-anchor", "middle").text("no width learned yet");
  fits.forEach((fit, t) => {
    if (!fit) return;
    const [critical, low, high, rate] = fit, end = Math.min(c.x.domain()[1], critical + top / rate);
    const g = c.svg.append("g").attr("stroke", colour(t)).attr("stroke-width", 1.4);
    g.append("path").attr("fill", "none").attr("d", path(c, [[critical, 0], [end, rate * (end - critical)]]));
    if (low !== null && high !== null)
      g.append("line").attr("stroke-width", 4).attr("x1", c.x(Math.max(low, c.x.domain()[0]))).attr("x2", c.x(Math.min(high, c.x.domain()[1]))).attr("y1", c.y(0)).attr("y2", c.y(0));
  });
  medians.forEach((points, t) => c.svg.append("g").selectAll("circle").data(points).join("circle").attr("r", 3.5).attr("fill", colour(t)).attr("stroke", "var(--paper)")
    .attr("cx", (p) => Number.isFinite(p[0]) ? c.x(p[0]) : beside).attr("cy", (p) => c.y(p[1])));
}

// ---- critical widths ----

const TEMPERATURE = -1; // as an abscissa, beside the numbers of axes

const criticalAt = (place, v) => {
  const where = { ...placeOf(place), threshold: state.threshold };
  return { v, place, known: at("n_c_known", where), value: at("n_c", where), low: at("n_c_low", where), high: at("n_c_high", where) };
};

// eta Gamma of a line: geometric mean over its runs of the width nearest to N_c.
function temperatureAt(place, critical) {
  const known = (width) => pointsAt(place, width).map((p) => data.temperature[p]).filter((t) => t > 0);
  const near = d3.least(widths.filter((w) => known(w).length), (w) => Math.abs(w - critical));
  return near === undefined ? null : Math.exp(d3.mean(known(near), Math.log));
}

// One curve for each value of an axis beside the abscissa; against the temperature one for each row, of all lines.
function criticalCurves() {
  if (state.x === TEMPERATURE) {
    const lines = data.places.map((place) => ({ ...criticalAt(place, null), y: place[state.y] })).filter((p) => p.known === VALUE)
      .map((p) => ({ ...p, v: temperatureAt(p.place, p.value) })).filter((p) => p.v !== null);
    const rows = axes.length ? axes[state.y].values.map((_, k) => k).filter((k) => lines.some((p) => p.y === k)) : [undefined];
    return { other: axes.length ? state.y : -1, curves: rows.map((k, i) => ({ text: axes.length ? `${short(axes[state.y].values[k])}` : "", shade: colour(i),
      points: lines.filter((p) => p.y === k).sort((a, b) => a.v - b.v) })) };
  }
  const other = axes.findIndex((a, i) => i !== state.x && (i === state.y || state.x === state.y));
  const series = other < 0 ? [[state.place, ""]] : axes[other].values.map((v, k) => [state.place.map((p, a) => a === other ? k : p), `${short(v)}`]);
  return { other, curves: series.map(([base, text], k) => ({ text, shade: colour(k), points: axes[state.x].values
    .map((v, j) => criticalAt(base.map((p, a) => a === state.x ? j : p), v)).filter((p) => typeof p.v === "number" && lineAt.has(p.place.join())) })) };
}

function drawCritical() {
  if (!data.arrays || !data.arrays.n_c) return;
  const abscissae = axes.map((a, i) => [a, i]).filter(([a]) => a.values.filter((v) => typeof v === "number").length > 1).map(([, i]) => i);
  if (data.temperature && data.temperature.some((t) => t > 0)) abscissae.push(TEMPERATURE);
  if (!abscissae.length) return;
  if (!abscissae.includes(state.x)) [state.x] = abscissae;
  const section = show("critical"), bar = section.querySelector(".controls"), host = section.querySelector("figure");
  const name = (i) => i === TEMPERATURE ? "temperature η Γ" : nice(axes[i].name);
  bar.replaceChildren();
  host.replaceChildren();
  if (abscissae.length > 1) select(bar, "against", abscissae.map(name), abscissae.indexOf(state.x), (v) => { state.x = abscissae[v]; drawAll(); });
  const { other, curves } = criticalCurves(), marks = curves.flatMap((c) => c.points);
  const ordinates = marks.flatMap((p) => p.known === VALUE ? [p.value, p.low, p.high] : [p.low, p.high]).filter((v) => v > 0);
  if (!ordinates.length) { make("p", "No critical width and no bound is known yet at this threshold.", host); return; }
  const span = d3.extent(marks, (p) => p.v), log = span[0] > 0 && (state.x === TEMPERATURE || span[1] / span[0] > 4);
  const values = state.x === TEMPERATURE ? undefined : axes[state.x].values.filter((v) => typeof v === "number");
  const c = chart(host, { x: { label: name(state.x) + (state.x === TEMPERATURE ? " [(nat/w)²]" : ""), log, values, domain: log ? paddedLog(span) : padded(span) },
    y: { label: "critical width N_c", domain: padded(d3.extent(ordinates)) }, width: 640, height: 360 });
  curves.forEach((one) => drawCriticalCurve(c, one));
  if (other >= 0) legend(host, nice(axes[other].name), curves.map((s) => [s.text, s.shade]));
  make("figcaption", `At ${thresholds[state.threshold]} bits. ` + (state.x === TEMPERATURE
    ? "Every line of the phase diagram that has a critical width, at the rate times the gradient noise at the end of its runs of the width nearest to N_c."
    : "Open triangles are bounds: N_c lies where they point. Other axes as chosen above."), host);
}

function drawCriticalCurve(c, { points, shade }) {
  const values = points.filter((p) => p.known === VALUE);
  c.svg.append("path").attr("class", "critical").attr("fill", "none").attr("stroke", shade).attr("d", path(c, values.map((p) => [p.v, p.value])));
  values.forEach((p) => {
    if (p.low !== null && p.high !== null) c.svg.append("line").attr("stroke", shade).attr("stroke-width", 2).attr("x1", c.x(p.v)).attr("x2", c.x(p.v)).attr("y1", c.y(p.low)).attr("y2", c.y(p.high));
    c.svg.append("circle").attr("r", 4.5).attr("fill", shade).attr("stroke", "var(--paper)").attr("cx", c.x(p.v)).attr("cy", c.y(p.value));
  });
  points.filter((p) => p.known > VALUE && p.known <= EDGE).forEach((p) => {
    const bound = KNOWN[p.known] === "above" ? p.low : p.high;
    if (bound > 0) c.svg.append("path").attr("d", d3.symbol(d3.symbolTriangle, 50)()).attr("fill", "none").attr("stroke", shade)
      .attr("transform", `translate(${c.x(p.v)},${c.y(bound)}) rotate(${KNOWN[p.known] === "above" ? 0 : 180})`);
  });
}

// ---- how well they sing ----

// Of the points, by song of a network: mean NLL, mean and its error of an array; ascending in NLL.
function sungCurve(points, array) {
  return data.song.map((_, i) => {
    const sung = points.filter((p) => data.song_nll[i][p] > 0 && array[i][p] !== null), values = sung.map((p) => array[i][p]);
    return [d3.mean(sung, (p) => data.song_nll[i][p]), d3.mean(values), values.length > 1 ? d3.deviation(values) / Math.sqrt(values.length) : 0];
  }).filter(([nll]) => nll > 0).sort((a, b) => a[0] - b[0]);
}

// One curve for each width of the chosen place.
function drawSinging() {
  const host = $("#singing figure");
  if (!data.song || !lineAt.size) return;
  const found = widths.map((width) => [width, pointsAt(state.place, width)]).filter(([, points]) => points.length && sungCurve(points, data.song_continued).length);
  host.replaceChildren();
  if (!found.length) return;
  controls(show("singing"), { threshold: false, y: false });
  const panels = make("div", undefined, host);
  panels.className = "pair";
  const ceiling = d3.max(data.song_possible.flat()) || 1;
  [["song_continued", "rows gone on with", ceiling], ["song_known_chords", "share of known rows", 1]].forEach(([name, title, top]) => {
    const curves = found.map(([, points]) => sungCurve(points, data[name])), all = curves.flat();
    const c = chart(make("div", undefined, panels), { title, x: { label: "NLL [bits per unit and step]", log: true, domain: paddedLog(d3.extent(all, (p) => p[0])) }, y: { label: title, domain: [0, 1.04 * top] } });
    curves.forEach((points, i) => {
      c.svg.append("path").attr("class", "sung").attr("fill", "none").attr("stroke", colour(i)).attr("stroke-width", 1.6).attr("d", path(c, points));
      points.forEach(([x, y, error]) => {
        c.svg.append("line").attr("stroke", colour(i)).attr("x1", c.x(x)).attr("x2", c.x(x)).attr("y1", c.y(Math.max(y - error, 0))).attr("y2", c.y(y + error));
        c.svg.append("circle").attr("r", 3).attr("fill", colour(i)).attr("cx", c.x(x)).attr("cy", c.y(y));
      });
    });
  });
  legend(host, nice("width"), found.map(([width], i) => [short(width), colour(i)]));
  make("figcaption", `${labelOf(state.place)}: what networks sing when their NLL first fell below a threshold, and untrained: rows until they leave the original, of at most ` +
    `${short(ceiling)}, and which of the rows occur in the training data; means over seeds with errors.`, host);
}

// ---- aging ----

function drawAging() {
  const delta = data.arrays && data.arrays.aging_delta;
  if (!delta || !delta.data.some((v) => v !== null)) return;
  const waiting = data.coordinates.waiting_time, lags = delta.shape[delta.dims.indexOf("lag")];
  const curvesAt = (place, w) => waiting.map((_, i) => d3.range(lags).map((k) => {
    const where = { ...placeOf(place), width: w, waiting_time: i, lag: k };
    return [at("aging_lag", where), at("aging_delta", where)];
  }).filter(([t, y]) => t > 0 && y > 0));
  const found = data.places.flatMap((place) => widths.map((width, w) => ({ place, width, w }))).filter((c) => pointsAt(c.place, c.width).length && curvesAt(c.place, c.w).flat().length);
  if (!found.length) return;
  const section = show("aging"), bar = section.querySelector(".controls"), host = section.querySelector("figure");
  bar.replaceChildren();
  host.replaceChildren();
  const picked = found.findIndex((c) => c.width === state.width && c.place.join() === state.place.join());
  const chosen = Math.max(0, picked), cell = found[chosen];
  if (found.length > 1) select(bar, "runs", found.map((c) => `${labelOf(c.place)}, width ${short(c.width)}`), chosen, (v) => { state.place = found[v].place.slice(); state.width = found[v].width; drawAll(); });
  select(bar, "against", ["lag t", "t / t_w"], state.ratio ? 1 : 0, (v) => { state.ratio = v === 1; drawAll(); });
  const curves = curvesAt(cell.place, cell.w).map((points, i) => points.map(([t, y]) => [state.ratio ? t / waiting[i] : t, y]));
  const all = curves.flat();
  const c = chart(host, { title: `${labelOf(cell.place)}, width ${short(cell.width)}`, width: 640, height: 380, x: { label: state.ratio ? "t / t_w" : "lag t", log: true, domain: paddedLog(d3.extent(all, (p) => p[0])) },
    y: { label: "Δ(t_w, t_w + t)", log: true, domain: paddedLog(d3.extent(all, (p) => p[1])) } });
  curves.forEach((points, i) => c.svg.append("path").attr("fill", "none").attr("stroke", colour(i)).attr("stroke-width", 1.6).attr("d", path(c, points)));
  legend(host, "waiting time t_w", waiting.map((w, i) => [short(w), colour(i)]));
}

// ---- words ----

const plural = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

// A share of curves that rise again by a fifth or more after they had fallen.
function rising() {
  let rise = 0, seen = 0;
  for (let p = 0; p < data.points; p++) {
    const points = curve(p);
    if (points.length < 8) continue;
    seen++;
    let lowest = Infinity, up = false;
    points.forEach(([, nll]) => { up = up || nll > 1.2 * lowest; lowest = Math.min(lowest, nll); });
    rise += up ? 1 : 0;
  }
  return [rise, seen];
}

function warnings() {
  const found = [], count = (end) => data.points ? d3.sum(data.end, (e) => e === end ? 1 : 0) : 0;
  if (data.complaint) found.push(data.complaint);
  if (!data.points) found.push("There is no finished point yet.");
  if (count(2)) found.push(`${plural(count(2), "run")} diverged: they count as censored at their last τ. A lower rate avoids it.`);
  if (count(3)) found.push(`${plural(count(3), "run")} failed and say nothing.`);
  const sizes = [...cells.values()].map((points) => points.length), few = sizes.filter((n) => n < FEW_SEEDS).length;
  if (few) found.push(`${few} of ${plural(sizes.length, "field")} of the phase diagram ${few === 1 ? "has" : "have"} fewer than ${FEW_SEEDS} runs: their medians have no useful errors.`);
  if (count(1)) found.push(`${plural(count(1), "run")} of ${data.points} ended before every threshold was reached: ${count(1) === 1 ? "it is" : "they are"} counted as slower than that, not as never.`);
  const known = data.arrays && data.arrays.n_c_known ? data.arrays.n_c_known.data : [];
  const bounds = known.filter((k) => k > VALUE && k <= EDGE).length;
  if (bounds) found.push(`${bounds} of ${plural(known.filter((k) => k > 0).length, "critical width")} ${bounds === 1 ? "is" : "are"} only bounded, not measured: other widths or longer runs are needed.`);
  const open = data.arrays && data.arrays.bracketed ? data.arrays.bracketed.data.filter((b, i) => b === 0 && known[i] === VALUE).length : 0;
  if (open) found.push(`${plural(open, "critical width")} ${open === 1 ? "is" : "are"} extrapolated: every width of the fit learned in some run.`);
  const poor = data.arrays && data.arrays.lack_p ? data.arrays.lack_p.data.filter((p, i) => p !== null && p < 0.01 && known[i] === VALUE).length : 0;
  if (poor) found.push(`${plural(poor, "fit")} of 1/τ = a (N_h − N_c) ${poor === 1 ? "does" : "do"} not hold (probability below 1 %).`);
  if (data.edge) found.push(...data.edge.trim().split("\n"));
  const [rise, seen] = rising();
  if (rise > 0.1 * seen) found.push(`${rise} of ${seen} learning curves rise again by a fifth or more: such steps are at the edge of stability, where the rate decides the path.`);
  return found;
}

function drawHead() {
  document.title = `${data.title} – Ritardando`;
  $("#title").textContent = data.title;
  const rest = data.planned - data.points;
  $("#standing").textContent = `${data.points} of ${plural(data.planned, "point")} finished, as of ${data.made}. ${rest > 0 ? data.standing || "Not running; the same command goes on." : ""}`;
  const bar = $("#progress"), counts = ENDS.map((name, e) => [name, data.points ? d3.sum(data.end, (x) => x === e ? 1 : 0) : 0, COLOURS[[2, 1, 3, 7, 0][e]]]).filter((c) => c[1]);
  counts.forEach(([name, n, shade]) => { const part = make("span", undefined, bar); part.style.flexGrow = n; part.style.background = shade; part.title = `${n} ${name}`; });
  if (rest > 0) { const part = make("span", undefined, bar); part.style.flexGrow = rest; }
  bar.setAttribute("aria-label", counts.map(([name, n]) => `${n} ${name}`).join(", ") || "nothing finished");
  legend($("header"), "", [...counts.map(([name, n, shade]) => [`${n} ${name}`, shade]), ...(rest > 0 ? [[`${rest} missing`, "var(--panel)"]] : [])]);
  const found = warnings();
  if (found.length) { const list = show("warnings").querySelector("ul"); found.forEach((text) => make("li", text, list)); }
}

// Tables in Markdown, as `analyse` prints them, as HTML.
function drawTables() {
  if (!data.tables.trim()) return;
  const host = show("tables").querySelector(".text");
  let table = null, list = null;
  data.tables.split("\n").forEach((line, i, lines) => {
    if (!line.startsWith("|")) table = null;
    if (!line.startsWith("- ")) list = null;
    if (line.startsWith("|")) {
      if (/^[|\s:-]+$/.test(line)) return;
      const head = !table;
      if (!table) { const box = make("div", undefined, host); box.className = "wide"; table = make("table", undefined, box); }
      const row = make("tr", undefined, table);
      line.split("|").slice(1, -1).forEach((cell) => make(head ? "th" : "td", cell.trim(), row));
    } else if (line.startsWith("- ")) {
      list = list || make("ul", undefined, host);
      make("li", line.slice(2), list);
    } else if (line.trim()) {
      const title = lines.slice(i + 1, i + 3).some((next) => next.startsWith("|"));
      make(title ? "h3" : "p", line, host);
    }
  });
}

function drawAsked() {
  const host = $("#asked .text");
  const hours = data.points ? d3.sum(data.seconds || [], (s) => s || 0) / 3600 : 0;
  const facts = [`Made by ritardando ${data.program}.`, data.points ? `Training took ${short(hours)} core hours.` : "",
    data.hash ? `Content of the results, SHA-256: ${data.hash}. A sweep of the same file by the same program has the same, on any machine and any number of ranks.` : ""];
  facts.filter(Boolean).forEach((text) => make("code", undefined, make("p", text, host)));
  make("p", "Save the following as sweep.yaml and run:", host);
  make("pre", "mpirun -n 5 ritardando sweep sweep.yaml -o again\nritardando analyse again\nritardando report again", host);
  const more = make("details", undefined, host);
  make("summary", "sweep.yaml, with every parameter", more);
  make("pre", data.config, more);
}

// Begin with a field that says something: one with a song, else the narrowest that learned on the chosen row.
function pickFirst() {
  const singing = [...cells.entries()].find(([, points]) => songsOf(points).length);
  if (singing) {
    const [line, width] = singing[0].split("|").map(Number);
    [state.place, state.width] = [data.places[line].slice(), width];
    return;
  }
  const here = widths.filter((w) => pointsAt(state.place, w).length);
  state.width = here.find((w) => at("tau", { ...placeOf(state.place), width: widths.indexOf(w), threshold: state.threshold }) > 0) || here[here.length - 1] || null;
}

function drawAll() {
  score.stop();
  drawMap();
  drawPicked();
  drawInverse();
  drawCritical();
  drawSinging();
  drawAging();
}

drawHead();
drawTables();
drawAsked();
settle();
pickFirst();
drawAll();
document.body.dataset.ready = "1";
