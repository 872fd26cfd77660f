// Bridges, and what happened.

import {content, el, json, text} from "./dom.js";
import {Table} from "./table.js";
import * as as from "./format.js";

export class Bridges {
  constructor() {
    this.table = new Table({
      caption: "MQTT bridges",
      key: (row) => row.name,
      empty: "No bridge is configured.",
      columns: [
        {label: "Bridge", head: true, fill: (cell, row) => content(cell, [row.name, row.broker, row.detail], () => [
          el("span", {class: "name"}, row.name), el("span", {class: "under"}, row.detail || row.broker)])},
        {label: "Condition", class: "plain", fill: (cell, row) => content(cell, row.condition, () =>
          el("span", {class: "pill", "data-condition": row.condition === "connected" ? "sending" : "retrying"}, row.condition))},
        {label: "Connected", number: true, fill: (cell, row) => text(cell, `${row.connected} of ${row.connections}`)},
        {label: "In flight", number: true, fill: (cell, row) => text(cell, as.exact(row.in_flight))},
        {label: "Lag", number: true, fill: (cell, row) => text(cell, row.in_flight ? as.duration(row.lag) : "–")},
        {label: "Messages", number: true, wide: true, fill: (cell, row) => text(cell, as.exact(row.messages))},
        {label: "Sent again", number: true, wide: true, fill: (cell, row) => text(cell, as.exact(row.redelivered))},
        {label: "Reconnects", number: true, wide: true, fill: (cell, row) => text(cell, as.exact(row.reconnects))},
      ],
    });
    document.getElementById("bridges").append(this.table.element);
  }

  show({bridges}) {
    document.getElementById("bridges-section").hidden = bridges.length === 0;
    this.table.show(bridges);
  }
}

const FEW = 12;
const MANY = 500;

export class Timeline {
  constructor() {
    this.last = -1;
    this.limit = FEW;
    this.list = el("ol", {class: "events"});
    this.more = el("button", {type: "button", hidden: true, click: () => {
      this.limit = MANY;
      this.last = -1;
      this.refresh(this.want);
    }}, "Show earlier ones");
    document.getElementById("timeline").append(this.list, this.more);
  }

  show({last_event: last}) {
    this.refresh(last);
  }

  /** Asks only when something has happened. */
  async refresh(last) {
    this.want = last;
    if (last === this.last || this.asking) {
      return;
    }
    this.asking = true;
    try {
      const {events} = await json("/api/events?limit=" + this.limit);
      this.last = last;
      content(this.list, events, () => events.length === 0 ? el("li", {class: "empty"}, "Nothing yet.")
        : events.map((event) => el("li", {"data-level": event.level},
          el("time", {datetime: new Date(event.at).toISOString()}, as.moment(event.at)),
          el("span", {class: "dot", "aria-hidden": "true"}),
          el("span", {}, event.text))));
      this.more.hidden = this.limit === MANY || events.length < this.limit;
    } finally {
      this.asking = false;
    }
  }
}
