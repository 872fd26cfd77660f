// The top of the page: the worst trouble, the numbers of now, the charts, and the first steps.

import {content, el, text} from "./dom.js";
import {BYTES, Chart, DURATIONS} from "./chart.js";
import * as as from "./format.js";

const STEP = 10;

/** The line at the top: the one worst thing and its remedy. */
export function showStatus({conditions, conditions_in_all: all}) {
  const place = document.getElementById("status");
  const worst = conditions[0];
  place.dataset.level = worst?.level ?? "good";
  // How long it lasts is left out of what is compared: a screen reader would read it every two seconds.
  content(place, [all, conditions.map(({since_seconds, ...rest}) => rest)], () => worst
    ? el("div", {class: "inner"}, el("strong", {}, worst.id), el("span", {class: "place"}, worst.place),
      el("span", {class: "why"}, sentence(worst.sentence)),
      el("span", {class: "remedy"}, sentence(worst.remedy)),
      all > 1 ? el("details", {}, el("summary", {}, `${as.exact(all - 1)} more`),
        el("ul", {}, ...conditions.slice(1).map((one) => el("li", {"data-level": one.level},
          el("strong", {}, one.id), ` ${one.place}: ${sentence(one.sentence)} `,
          el("span", {class: "remedy"}, sentence(one.remedy)))))) : null)
    : el("div", {class: "inner"}, el("strong", {}, "All is well"), el("span", {class: "why"}, "Nothing needs you.")));
}

/** With a capital letter and a full stop. */
const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");

/** The agent does not answer: what is shown is old. What it said last may be why. */
export function showLost({conditions: [worst]}) {
  const place = document.getElementById("status");
  place.dataset.level = "bad";
  const before = worst?.severity === "cannot-take-input";
  content(place, ["lost", before && worst.id], () => el("div", {class: "inner"},
    el("strong", {}, "The agent does not answer"),
    el("span", {class: "why"}, before ? `It said last: ${worst.id} (${worst.place}): ${sentence(worst.sentence)}`
      : "The numbers below are from before."),
    el("span", {class: "remedy"}, before ? sentence(worst.remedy)
      : "Is it running? Look at its log. The page connects again by itself.")));
}

function tile(id, label, colour) {
  const value = el("span", {class: "big"});
  const more = el("span", {class: "more"});
  const element = el("div", {class: "card tile", id: "tile-" + id, "data-colour": colour},
    el("span", {class: "label"}, label), value, more);
  return {element, show: (big, small) => {
    text(value, big);
    text(more, small);
  }};
}

export class Tiles {
  constructor() {
    this.in = tile("in", "Comes in", "in");
    this.waiting = tile("waiting", "Waits", "wait");
    this.out = tile("out", "Goes out", "out");
    this.lost = tile("lost", "Refused", "bad");
    document.getElementById("now").append(this.in.element, this.waiting.element, this.out.element, this.lost.element);
  }

  show({totals, sources, streams, disk}) {
    const connections = sources.reduce((sum, source) => sum + source.connections, 0);
    this.in.show(as.rate(totals.in), `${as.byteRate(totals.in_bytes)} · ${as.exact(connections)} connection${connections === 1 ? "" : "s"}`);
    this.waiting.show(as.count(totals.waiting), totals.waiting === 0
      ? "nothing waits" + (disk ? ` · ${as.bytes(disk.free_bytes)} of disk free` : "")
      : `oldest ${as.duration(totals.oldest)} · ${as.bytes(totals.waiting_bytes)} on disk`
        + (disk ? `, ${as.bytes(disk.free_bytes)} free` : ""));
    this.out.show(as.rate(totals.out), `${as.byteRate(totals.out_bytes)} · retried ${as.rate(totals.retried)}`
      + (streams.throttled_shards ? ` · ${as.exact(streams.throttled_shards)} shards throttled` : ""));
    const refused = sources.reduce((sum, source) =>
      sum + Object.values(source.refused_total).reduce((all, one) => all + one, 0), 0);
    const lost = streams.dropped + streams.damaged;
    this.lost.show(as.count(refused), `since the start · ${as.count(streams.dead_letters)} dead letter${streams.dead_letters === 1 ? "" : "s"}`
      + (lost ? ` · ${as.count(lost)} lost` : ""));
  }
}

export class Charts {
  constructor() {
    this.all = [
      new Chart({id: "chart-events", title: "Events per second", format: as.count, least: 5, series: [
        {key: "in", label: "in", colour: "--in", fill: true}, {key: "out", label: "out", colour: "--out"}]}),
      new Chart({id: "chart-waiting", title: "Events that wait", format: as.count, least: 10, series: [
        {key: "waiting", label: "waiting", colour: "--wait", fill: true}]}),
      new Chart({id: "chart-bytes", title: "Bytes per second", format: as.bytes, least: 1024, steps: BYTES, series: [
        {key: "in_bytes", label: "in", colour: "--in", fill: true}, {key: "out_bytes", label: "out", colour: "--out"}]}),
      new Chart({id: "chart-oldest", title: "Age of the oldest event that waits", format: as.duration, least: 2, steps: DURATIONS, series: [
        {key: "oldest", label: "lag", colour: "--wait", fill: true}]}),
      new Chart({id: "chart-trouble", title: "Refused and sent again, per second", format: as.count, least: 1, series: [
        {key: "refused", label: "refused", colour: "--bad"}, {key: "retried", label: "retried", colour: "--wait"},
        {key: "throttled", label: "throttled", colour: "--out"}]}),
      new Chart({id: "chart-cpu", title: "Processor", format: as.percent, least: 0.1, series: [
        {key: "cpu", label: "share of all cores", colour: "--other", fill: true}]}),
    ];
    document.getElementById("charts").append(...this.all.map((chart) => chart.element));
  }

  /** The last hour as the agent has it. */
  load(history) {
    this.values = history.series;
    this.keys = Object.keys(history.series);
    const length = history.series.in.length;
    const end = history.at / 1000;
    this.times = Array.from({length}, (none, i) => end - (length - i) * STEP);
    this.gathered = null;
  }

  /** The newest point is the numbers of now; every ten seconds the mean of them stays. */
  add(state) {
    if (!this.values) {
      return;
    }
    const now = state.at / 1000;
    const point = {...state.totals, cpu: state.process.cpu};
    if (!this.gathered) {
      this.gathered = {from: now, count: 0, sums: {}};
    } else if (now - this.gathered.from >= STEP) {
      this.keep();
      this.gathered = {from: now, count: 0, sums: {}};
    }
    this.gathered.count++;
    this.keys.forEach((key) => {
      this.gathered.sums[key] = (this.gathered.sums[key] ?? 0) + (point[key] ?? 0);
    });
    const times = [...this.times, now];
    this.all.forEach((chart) => {
      const values = {};
      chart.series.forEach(({key}) => {
        values[key] = [...this.values[key], point[key]];
      });
      chart.show(times, values);
    });
  }

  keep() {
    this.times = [...this.times.slice(1), this.gathered.from + STEP / 2];
    this.keys.forEach((key) => {
      this.values[key] = [...this.values[key].slice(1), this.gathered.sums[key] / this.gathered.count];
    });
  }
}

const open = (address) => /^(http|mqtt):\/\//.test(address) ? new URL(address.replace(/^mqtt:/, "http:")) : null;

function reach(url) {
  return ["0.0.0.0", "[::]"].includes(url.hostname) ? location.hostname : url.hostname;
}

/** What a newcomer pastes; it goes when the first event is there. */
export function showWelcome(state) {
  const place = document.getElementById("welcome");
  const seen = state.sources.some((source) => source.events_total > 0) || state.totals.waiting > 0;
  place.hidden = seen || !state.ready;
  if (place.hidden) {
    return;
  }
  const address = (name) => state.listeners.filter((one) => one.name === name).flatMap((one) => one.addresses).map(open).find((url) => url);
  const http = address("http");
  const mqtt = address("mqtt");
  const lines = [];
  if (http) {
    lines.push(`curl http://${reach(http)}:${http.port}/v1/streams/mqtt/records -H 'content-type: application/json' -d '{"order": 1}'`);
  }
  if (mqtt) {
    lines.push(`mosquitto_pub -h ${reach(mqtt)} -p ${mqtt.port} -q 1 -t kitchen/temperature -m '{"celsius": 21.5}'`);
  }
  content(place, lines, () => [
    el("h2", {id: "h-welcome"}, "No event has come since the start"),
    el("p", {}, lines.length ? "Paste one of these lines into a terminal. The event appears here within two seconds."
      : "Point a client at one of the listeners below. Its events appear here within two seconds."),
    ...lines.map((line) => el("pre", {}, el("code", {}, line)))]);
}
