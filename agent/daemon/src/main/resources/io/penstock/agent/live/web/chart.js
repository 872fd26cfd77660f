// Charts of the last hour with uPlot, in the colours of the style sheet.

import uPlot from "./uplot.js";
import {el, text} from "./dom.js";
import {clock, second} from "./format.js";

const HOUR = {seconds: 3600, words: "the last hour"};
const HEIGHT = 168;
const charts = new Set();

/** Steps of a scale of durations, in seconds. */
export const DURATIONS = [0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400,
  172800, 432000, 864000, 2592000];

/** Steps of a scale of bytes. */
export const BYTES = Array.from({length: 50}, (none, i) => 2 ** i);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((chart) => chart.plot.redraw()));

/** One figure: a title, a legend that shows the numbers of now or under the pointer, and the lines. */
export class Chart {
  /**
   * @param series [{key, label, colour: "--in", fill}]
   * @param format of a value
   * @param least the top of the scale when all values are smaller
   * @param steps round distances of the lines of the grid; those of ten unless given
   * @param span {seconds, words} of the time that it shows; the last hour unless given
   */
  constructor({id, title, series, format, least = 1, steps, span = HOUR}) {
    this.span = span;
    this.title = title;
    this.series = series;
    this.format = format;
    this.data = [[], ...series.map(() => [])];
    this.values = series.map(() => el("span", {class: "value"}));
    this.place = el("div", {class: "plot", "aria-hidden": "true"});
    this.element = el("figure", {id, class: "card chart", role: "group", "aria-label": title},
      el("figcaption", {},
        el("span", {class: "title"}, title),
        el("ul", {class: "legend"}, ...series.map((one, i) =>
          el("li", {}, el("span", {class: "swatch", "data-colour": one.colour}), one.label + " ", this.values[i])))),
      this.place);
    this.plot = new uPlot(this.options(least, steps), this.data, this.place);
    this.element.plot = this.plot;
    charts.add(this);
    new ResizeObserver(() => this.fit()).observe(this.place);
  }

  options(least, steps) {
    const axis = {stroke: () => colour("--muted"), font: "11px system-ui, sans-serif", ticks: {show: false}};
    const grid = {stroke: () => colour("--line"), width: 1};
    return {
      width: 400,
      height: HEIGHT,
      padding: [8, 22, 0, 0],  // the last label of the time is half behind the last point
      legend: {show: false},
      cursor: {sync: {key: this.span.words}, drag: {x: false, y: false}, points: {size: 6}},
      scales: {
        x: {time: true, range: () => [this.now - this.span.seconds, this.now]},
        y: {range: (plot, low, high) => [0, Math.max(least, (high ?? 0) * 1.12)]},
      },
      axes: [
        {...axis, grid: {show: false}, size: 26, space: this.span.seconds < 900 ? 80 : 60,
          values: (plot, at) => at.map((each) => (this.span.seconds < 900 ? second : clock)(each * 1000))},
        {...axis, grid, size: 62, space: 36, ...(steps ? {incrs: steps} : {}), values: (plot, at) => at.map(this.format)},
      ],
      series: [{}, ...this.series.map((one) => ({
        label: one.label,
        stroke: () => colour(one.colour),
        fill: one.fill ? () => colour(one.colour) + "22" : undefined,
        width: 1.75,
        points: {show: false},
      }))],
      hooks: {setCursor: [() => this.legend()]},
    };
  }

  fit() {
    const width = Math.floor(this.place.clientWidth);
    if (width > 0 && width !== this.plot.width) {
      this.plot.setSize({width, height: HEIGHT});
    }
  }

  /** The whole hour: seconds, and for each key its values. */
  show(times, values) {
    this.data = [times, ...this.series.map((one) => values[one.key])];
    this.now = times[times.length - 1] ?? Date.now() / 1000;
    this.plot.setData(this.data);
    this.legend();
    this.describe();
  }

  legend() {
    const under = this.plot?.cursor?.idx;
    const at = under ?? this.data[0].length - 1;
    this.series.forEach((one, i) => {
      const value = this.data[i + 1][at];
      text(this.values[i], value === null || value === undefined ? "–" : this.format(value));
    });
  }

  /** For those that do not see the lines. */
  describe() {
    const parts = this.series.map((one, i) => {
      const values = this.data[i + 1].filter((value) => value !== null && value !== undefined);
      return values.length === 0 ? `${one.label}: nothing yet`
        : `${one.label}: ${this.format(values[values.length - 1])} now, ${this.format(Math.max(...values))} at most`;
    });
    this.element.setAttribute("aria-label", `${this.title}, ${this.span.words}. ${parts.join(". ")}.`);
  }
}

/** A line of a few values without axes. */
export function spark(values, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", "0 0 100 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const points = values.map((value, i) =>
    `${((i / Math.max(1, values.length - 1)) * 100).toFixed(1)},${(22 - ((value ?? 0) / most) * 20).toFixed(1)}`);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", points.join(" "));
  line.setAttribute("class", name);
  svg.append(line);
  return svg;
}
