// The list of streams: searched, sorted and paged by the engine.

import {content, el, json, text} from "./dom.js";
import {PagedTable} from "./table.js";
import * as as from "./format.js";

const CONDITION = {ACTIVE: "sending", CREATING: "throttled", UPDATING: "throttled", DELETING: "parked", FAILED: "parked"};

/** A stream's status as a coloured word. */
export const pill = (status) => el("span", {class: "pill", "data-condition": CONDITION[status] ?? "idle"}, status.toLowerCase());

/** 12 s, or a dash if no reader reads. */
export const age = (millis) => millis === undefined || millis < 0 ? "–" : millis < 1000 ? millis + "\u202fms" : as.duration(millis / 1000);

export class Streams {
  constructor() {
    this.tiles = tiles(["in", "Records in", "in"], ["out", "Records read", "out"], ["shards", "Open shards", "other"], ["age", "Iterator age", "wait"]);
    document.getElementById("now").append(...this.tiles.all);
    this.paged = new PagedTable({
      path: "/api/console/streams",
      rows: "streams",
      what: "streams",
      sort: "name",
      caption: "Streams of the engine",
      empty: "No stream yet. A stream is made with penstock streams create, or when the agent sends its first event.",
      key: (row) => row.id,
      columns: [
        {label: "Stream", head: true, sort: "name", class: "stream", fill: (cell, row) => this.name(cell, row)},
        {label: "Status", class: "plain", fill: (cell, row) => content(cell, row.status, () => pill(row.status))},
        {label: "Shards", number: true, sort: "shards", fill: (cell, row) => text(cell, as.exact(row.shards))},
        {label: "In", number: true, sort: "in", fill: (cell, row) => text(cell, as.rate(row.in))},
        {label: "In, bytes", number: true, wide: true, fill: (cell, row) => text(cell, as.byteRate(row.in_bytes))},
        {label: "Read", number: true, sort: "out", title: "Records returned to readers", fill: (cell, row) => text(cell, as.rate(row.out))},
        {label: "Readers", number: true, wide: true, fill: (cell, row) => text(cell, row.readers ? as.exact(row.readers) : "–")},
        {label: "Iterator age", number: true, sort: "age", title: "Age of the last record that the slowest reader of the last minute got; 0 if it reached the end",
          fill: (cell, row) => text(cell, age(row.age_ms))},
        {label: "Disk", number: true, sort: "bytes", wide: true, fill: (cell, row) => text(cell, as.bytes(row.bytes))},
        {label: "Kept", number: true, wide: true, title: "Retention", fill: (cell, row) => text(cell, as.duration(row.retention_hours * 3600))},
      ],
    });
    const show = this.paged.show.bind(this.paged);
    this.paged.show = (answer) => {
      this.latest = answer;
      if (!answer.absence) {
        show(answer);
      }
    };
    document.getElementById("streams").append(this.paged.element);
  }

  name(cell, row) {
    content(cell, [row.name, row.own, row.region, row.account, row.mode], () => [
      el("a", {class: "name", href: "#" + new URLSearchParams({stream: row.id})}, row.name),
      el("span", {class: "under"}, [row.mode === "ON_DEMAND" ? "on demand" : "", row.own ? "" : `${row.region} · ${row.account}`]
        .filter((each) => each).join(" · "))]);
  }

  /** Asks again, and returns the answer. */
  async refresh() {
    const state = await json("/api/console/streams?" + new URLSearchParams({...this.paged.state, limit: this.paged.limit}));
    this.paged.show(state);
    const {totals} = state;
    document.getElementById("list").classList.toggle("absent", Boolean(state.absence));
    if (totals) {
      this.tiles.in.set(as.rate(totals.in), as.byteRate(totals.in_bytes));
      this.tiles.out.set(as.rate(totals.out), as.byteRate(totals.out_bytes));
      this.tiles.shards.set(as.exact(totals.shards), `${as.bytes(totals.bytes)} on disk`);
      this.tiles.age.set(age(totals.oldest_ms), totals.oldest_ms === undefined ? "nothing reads" : `the oldest: ${totals.oldest_stream}`);
    }
    return state;
  }
}

/** Numbers of now: {all, [name]: {set(big, more)}} of [name, label, colour] each. */
export function tiles(...wanted) {
  const made = {all: []};
  for (const [name, label, colour] of wanted) {
    const big = el("span", {class: "big"}, "–");
    const more = el("span", {class: "more"});
    made.all.push(el("div", {class: "card tile", "data-colour": colour, "data-tile": name}, el("span", {class: "label"}, label), big, more));
    made[name] = {set: (number, words) => {
      text(big, number);
      text(more, words);
    }};
  }
  return made;
}
