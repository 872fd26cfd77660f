// Who reads a stream, how fast, and how far behind.

import {content, el, text} from "./dom.js";
import {Table} from "./table.js";
import {age} from "./console-streams.js";
import * as as from "./format.js";

const SILENT_MS = 30_000;
const BEHIND_MS = 60_000;

export class Consumers {
  constructor() {
    this.note = el("p", {class: "empty", hidden: true});
    this.table = new Table({
      caption: "Readers",
      key: (row) => JSON.stringify([row.kind, row.name, row.agent]),
      empty: "Nothing has read this stream in the last 15 minutes.",
      columns: [
        {label: "Reader", head: true, class: "stream", fill: (cell, row) => content(cell, [row.name, row.agent], () => [
          el("span", {class: "name"}, row.name || program(row.agent) || "unnamed"), el("span", {class: "under"}, row.agent)])},
        {label: "By", class: "plain", fill: (cell, row) => text(cell, row.kind === "fan-out" ? "enhanced fan-out" : "polling")},
        {label: "Shards", number: true, fill: (cell, row) => text(cell, row.waiting ? "–" : as.exact(row.shards))},
        {label: "Records", number: true, wide: true, title: "Since it was first seen", fill: (cell, row) => text(cell, as.count(row.records))},
        {label: "Rate", number: true, fill: (cell, row) => text(cell, as.rate(row.rate))},
        {label: "Bytes", number: true, wide: true, fill: (cell, row) => text(cell, as.byteRate(row.rate_bytes))},
        {label: "Iterator age", number: true, title: "Age of the last record that it got, of its slowest shard; 0 if it reached the end",
          fill: (cell, row) => {
            text(cell, row.waiting ? "–" : age(row.age_ms));
            cell.dataset.behind = String(row.age_ms > BEHIND_MS);
          }},
        {label: "Last read", number: true, fill: (cell, row) => text(cell, row.waiting ? "never" : row.silent_ms < 1500 ? "now" : as.duration(Math.floor(row.silent_ms / 1000)) + " ago")},
      ],
    });
    this.element = el("div", {class: "plainly"}, this.table.element, this.note);
  }

  show({reading, reading_left_out: left, not_reading: registered}) {
    this.table.show([...reading, ...registered.slice(0, 50).map((name) => ({kind: "fan-out", name, agent: "registered; does not read", shards: 0,
      records: 0, rate: 0, rate_bytes: 0, age_ms: -1, waiting: true}))]);
    const silent = reading.filter((row) => row.silent_ms > SILENT_MS).length;
    const words = [left ? `${as.exact(left)} more readers are not shown.` : "",
      silent ? "A reader that has stopped keeps the age of its last read; what came since is not counted." : ""].filter((each) => each).join(" ");
    this.note.hidden = !words;
    text(this.note, words);
  }
}

/** The program of a User-Agent. */
const program = (agent) => agent.split(/[\s/]/)[0];
