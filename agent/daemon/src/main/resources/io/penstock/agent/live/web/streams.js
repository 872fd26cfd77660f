// What waits and what goes out: the streams, searched, sorted and paged by the agent.

import {content, el, text} from "./dom.js";
import {PagedTable} from "./table.js";
import {showStream} from "./shards.js";
import * as as from "./format.js";

const WORD = {idle: "idle", sending: "sending", throttled: "throttled", retrying: "retrying", parked: "parked"};

export class Streams {
  constructor() {
    this.counts = el("ul", {class: "counts", "aria-label": "Streams by condition"});
    this.paged = new PagedTable({
      path: "/api/streams",
      rows: "streams",
      what: "streams",
      sort: "-trouble",
      caption: "Streams: what waits in their spools and what leaves",
      empty: "No stream yet. A stream is made when its first event comes.",
      key: (row) => row.name,
      filters: [{name: "condition", label: "Condition", options: [["", "All conditions"],
        ...Object.entries(WORD).map(([value, label]) => [value, label])]}],
      detail: (cell, name, alive) => this.open(cell, name, alive),
      columns: [
        {label: "Stream", head: true, sort: "name", class: "stream", fill: (cell, row, line) => this.name(cell, row, line)},
        {label: "Condition", sort: "trouble", class: "plain", fill: (cell, row) => content(cell, row.condition, () =>
          el("span", {class: "pill", "data-condition": row.condition}, WORD[row.condition] ?? row.condition))},
        {label: "In", number: true, sort: "in", fill: (cell, row) => text(cell, as.rate(row.in))},
        {label: "Out", number: true, sort: "out", fill: (cell, row) => text(cell, as.rate(row.out))},
        {label: "Waiting", number: true, sort: "waiting", fill: (cell, row) => text(cell, as.count(row.waiting))},
        {label: "Lag", number: true, sort: "oldest", title: "Age of the oldest event that is not delivered",
          fill: (cell, row) => text(cell, row.waiting ? as.duration(row.oldest) : "–")},
        {label: "Disk", number: true, wide: true, sort: "waiting_bytes", title: "Disk that the spool takes, and its share of all spools",
          fill: (cell, row) => text(cell, `${as.bytes(row.waiting_bytes)} · ${as.percent(row.disk_share)}`)},
        {label: "Retried", number: true, wide: true, title: "Events sent again since the start; of them because a shard was throttled",
          fill: (cell, row) => text(cell, row.retried_total ? as.count(row.retried_total)
            + (row.throttled_total ? ` (${as.count(row.throttled_total)} throttled)` : "") : "–")},
        {label: "Dead letters", number: true, sort: "dead_letters", wide: true,
          fill: (cell, row) => text(cell, row.dead_letters ? as.exact(row.dead_letters) : "–")},
        {label: "Shards", number: true, sort: "shards", wide: true, fill: (cell, row) => text(cell,
          row.shards ? as.exact(row.shards) + (row.throttled_shards ? ` (${as.exact(row.throttled_shards)} at limit)` : "") : "–")},
      ],
    });
    this.opened = new Map();
    document.getElementById("streams").append(this.counts, this.paged.element);
  }

  name(cell, row, line) {
    if (!cell.button) {
      cell.button = el("button", {type: "button", class: "open", "aria-expanded": "false", click: () => {
        const is = cell.toggle();
        cell.button.setAttribute("aria-expanded", String(is));
      }}, el("span", {class: "name"}));
      cell.under = el("span", {class: "under"});
      cell.append(cell.button, cell.under);
    }
    text(cell.button.firstChild, row.name);
    const dropped = row.dropped && `${as.exact(row.dropped)} events were given up: the spool was full`;
    const said = [row.detail, ...row.notes, dropped].filter((each) => each).join(" · ");
    text(cell.under, said || (row.advice ? "Keys: " + row.advice : ""));
    line.dataset.condition = row.dropped || row.damaged ? "lost" : row.condition;
  }

  open(cell, name, alive) {
    this.opened.set(name, {cell, alive});
    showStream(cell, name);
  }

  show({streams}) {
    const parts = Object.keys(WORD).filter((word) => streams[word] > 0);
    content(this.counts, [streams.count, parts.map((word) => streams[word])], () =>
      streams.count < 2 ? [] : parts.map((word) => el("li", {},
        el("span", {class: "pill", "data-condition": word}, WORD[word]), " ", as.exact(streams[word]))));
    this.paged.refresh();
    for (const [name, {cell, alive}] of this.opened) {
      if (alive()) {
        showStream(cell, name);
      } else {
        this.opened.delete(name);
      }
    }
  }
}
