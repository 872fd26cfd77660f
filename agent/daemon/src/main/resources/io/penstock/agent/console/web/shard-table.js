// The shards as a table: what each takes and gives, where it came from, and what can be done with it.

import {content, el, text} from "./dom.js";
import {Table} from "./table.js";
import {age} from "./console-streams.js";
import * as as from "./format.js";

const FEW = 25;
const NONE = {in: 0, in_bytes: 0, out: 0, out_bytes: 0};

export class Shards {
  /** @param chosen called with the shard whose charts are wanted */
  constructor({chosen, changes}) {
    this.chosen = chosen;
    this.changes = changes;
    this.limit = FEW;
    this.marked = -1;
    this.closed = el("input", {type: "checkbox", id: "with-closed", change: () => this.again()});
    this.where = el("span", {class: "where"});
    this.more = el("button", {type: "button", hidden: true, click: () => {
      this.limit *= 4;
      this.again();
    }}, "Show more");
    this.table = new Table({
      caption: "Shards",
      key: (row) => row.shard.i,
      empty: "No shard.",
      columns: [
        {label: "Shard", head: true, fill: (cell, row, line) => this.name(cell, row, line)},
        {label: "State", class: "plain", fill: (cell, {shard}) => content(cell, shard.closed === undefined, () =>
          el("span", {class: "pill", "data-condition": shard.closed === undefined ? "sending" : "idle"}, shard.closed === undefined ? "open" : "closed"))},
        {label: "Hash keys", number: true, fill: (cell, {shard}) => {
          text(cell, as.percent(shard.to - shard.from));
          cell.title = `${shard.first} to ${shard.last}`;
        }},
        {label: "Opened", number: true, wide: true, fill: (cell, {shard}) => text(cell, as.moment(shard.opened))},
        {label: "Closed", number: true, wide: true, fill: (cell, {shard}) => text(cell, shard.closed === undefined ? "–" : as.moment(shard.closed))},
        {label: "In", number: true, fill: (cell, {load}) => text(cell, as.rate(load.in))},
        {label: "In, bytes", number: true, fill: (cell, {load}) => text(cell, as.byteRate(load.in_bytes))},
        {label: "Read", number: true, fill: (cell, {load}) => text(cell, as.rate(load.out))},
        {label: "Iterator age", number: true, fill: (cell, {load}) => text(cell, age(load.age_ms))},
        {label: "Change", class: "plain actions", fill: (cell, row) => this.actions(cell, row)},
      ],
    });
    this.element = el("div", {class: "card"},
      el("div", {class: "tools"}, el("label", {class: "check"}, this.closed, " with closed shards"), this.where, this.more), this.table.element);
  }

  name(cell, {shard}, line) {
    if (!cell.button) {
      cell.button = el("button", {type: "button", class: "open", click: () => this.chosen(this.marked === cell.of ? -1 : cell.of)}, el("span", {class: "name"}));
      cell.under = el("span", {class: "under"});
      cell.append(cell.button, cell.under);
    }
    cell.of = shard.i;
    text(cell.button.firstChild, String(shard.i));
    cell.button.title = `${shard.shard}: show its charts`;
    cell.button.setAttribute("aria-expanded", String(this.marked === shard.i));
    text(cell.under, shard.parents.length === 2 ? `of ${shard.parents[0]} and ${shard.parents[1]}, merged`
      : shard.parents.length === 1 ? `of ${shard.parents[0]}, split` : "");
    line.classList.toggle("marked", this.marked === shard.i);
  }

  actions(cell, {shard, next}) {
    if (shard.closed !== undefined) {
      content(cell, "closed", () => []);
      return;
    }
    const {shape, why} = this.changes;
    content(cell, [shape, why, next?.i], () => [
      el("button", {type: "button", disabled: !shape, title: why || "Split this shard", "aria-label": `Split shard ${shard.i}`,
        click: () => this.changes.split(shard)}, "Split…"), " ",
      next ? el("button", {type: "button", disabled: !shape, title: why || `Merge with shard ${next.i}, whose range follows`,
        "aria-label": `Merge shards ${shard.i} and ${next.i}`, click: () => this.changes.merge(shard, next)}, "Merge…") : null]);
  }

  mark(shard) {
    this.marked = shard;
    this.again();
  }

  again() {
    if (this.known) {
      this.show(this.known, this.loads);
    }
  }

  show(known, loads) {
    this.known = known;
    this.loads = loads;
    const open = known.shards.filter((shard) => shard.closed === undefined);
    const all = this.closed.checked ? known.shards : open;
    const rows = all.slice(0, this.limit).map((shard) => {
      const at = open.indexOf(shard);
      return {shard, next: at < 0 ? undefined : open[at + 1], load: loads.get(shard.i) ?? NONE};
    });
    this.table.show(rows);
    text(this.where, `${as.exact(rows.length)} of ${as.exact(all.length + (this.closed.checked ? known.left_out : 0))}`);
    this.more.hidden = rows.length === all.length;
  }
}
