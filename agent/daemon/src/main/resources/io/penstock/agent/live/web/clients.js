// The clients that are connected, searched, sorted and paged by the agent.

import {content, el, text} from "./dom.js";
import {PagedTable} from "./table.js";
import * as as from "./format.js";

export class Clients {
  constructor() {
    this.paged = new PagedTable({
      path: "/api/clients",
      rows: "clients",
      what: "clients",
      sort: "-rate",
      limit: 10,
      caption: "Clients that are connected",
      empty: "No client is connected.",
      key: (row) => row.source + " " + row.address,
      columns: [
        {label: "Client", head: true, sort: "name", fill: (cell, row) => content(cell, [row.name, row.address], () => [
          el("span", {class: "name"}, row.name || row.address),
          row.name ? el("span", {class: "under"}, row.address) : null])},
        {label: "Source", sort: "source", fill: (cell, row) => text(cell, row.protocol)},
        {label: "User", sort: "user", wide: true, fill: (cell, row) => text(cell, row.user || "–")},
        {label: "Events", number: true, sort: "rate", fill: (cell, row) => text(cell, row.source === "http" ? "–" : as.rate(row.rate))},
        {label: "Sent", number: true, sort: "events", wide: true,
          fill: (cell, row) => text(cell, row.source === "http" ? "–" : as.exact(row.events))},
        {label: "Connected for", number: true, sort: "since", fill: (cell, row) => text(cell, as.duration(Math.max(1, row.since_seconds)))},
      ],
    });
    document.getElementById("clients").append(this.paged.element);
  }

  show() {
    this.paged.refresh();
  }
}
