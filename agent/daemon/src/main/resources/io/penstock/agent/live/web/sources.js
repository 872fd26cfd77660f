// What comes in: one row for each source.

import {content, el, text} from "./dom.js";
import {spark} from "./chart.js";
import {Table} from "./table.js";
import * as as from "./format.js";

/** Which listener a source is behind. */
const LISTENER = {otlp: "http", kinesis: "kinesis-api"};
const LABEL = {mqtt: "MQTT", bridge: "MQTT bridges", forward: "Forward", http: "HTTP", otlp: "OTLP", log4j: "Log4j", kinesis: "Kinesis API"};
const ORDER = Object.keys(LABEL);
const POINTS = 60;

const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

export class Sources {
  constructor() {
    this.recent = {};
    this.table = new Table({
      caption: "Sources, with rates of now and counts since the start",
      key: (row) => row.name,
      empty: "No source is on. Add listeners to the configuration.",
      columns: [
        {label: "Source", head: true, fill: (cell, row) => content(cell, [row.name, row.addresses], () => [
          el("span", {class: "name"}, LABEL[row.name] ?? row.name),
          el("span", {class: "under"}, row.addresses.join(", "))])},
        {label: "Events", number: true, fill: (cell, row) => text(cell, as.rate(row.events))},
        {label: "Last minutes", wide: true, class: "plain trend", fill: (cell, row) => cell.replaceChildren(spark(row.recent, "in"))},
        {label: "Bytes", number: true, wide: true, fill: (cell, row) => text(cell, as.byteRate(row.bytes))},
        {label: "Connections", number: true, fill: (cell, row) => text(cell, as.exact(row.connections))},
        {label: "Held back", number: true, wide: true, title: "Times that the source waited for room, since the start",
          fill: (cell, row) => text(cell, as.count(row.held_back_total))},
        {label: "Refused since the start", fill: (cell, row) => reasons(cell, row)},
        {label: "Events since the start", number: true, wide: true, fill: (cell, row) => text(cell, as.exact(row.events_total))},
      ],
    });
    document.getElementById("sources").append(this.table.element);
  }

  load(history) {
    this.recent = Object.fromEntries(Object.entries(history.sources)
      .map(([name, series]) => [name, series.events.slice(-POINTS)]));
    this.ticks = 0;
  }

  show({sources, listeners}) {
    this.ticks = (this.ticks ?? 0) + 1;
    const rows = sources.map((source) => {
      const name = LISTENER[source.name] ?? source.name;
      const its = listeners.filter((one) => one.name === name);
      const addresses = its.flatMap((one) => (one.bound ? one.addresses : ["not bound"]));
      const recent = this.recent[source.name] ?? [];
      if (this.ticks % 5 === 0) {
        this.recent[source.name] = [...recent, source.events].slice(-POINTS);
      }
      return {...source, addresses, recent: [...recent, source.events]};
    });
    this.table.show(rows.filter((row) => row.addresses.length || row.events_total || row.connections)
      .sort((one, other) => place(one.name) - place(other.name)));
  }
}

function reasons(cell, row) {
  const all = Object.entries(row.refused_total).sort((one, other) => other[1] - one[1]);
  content(cell, [all, row.put_aside_total, row.dropped_total], () => {
    const chips = all.map(([reason, count]) =>
      el("span", {class: "chip"}, `${reason.replaceAll("_", " ")} `, el("b", {}, as.count(count))));
    if (row.put_aside_total) {
      chips.push(el("span", {class: "chip"}, "put aside ", el("b", {}, as.count(row.put_aside_total))));
    }
    if (row.dropped_total) {
      chips.push(el("span", {class: "chip bad"}, "dropped ", el("b", {}, as.count(row.dropped_total))));
    }
    return chips.length ? el("span", {class: "chips"}, ...chips) : el("span", {class: "none"}, "none");
  });
}
