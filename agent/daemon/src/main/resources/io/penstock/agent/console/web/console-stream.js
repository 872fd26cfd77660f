// One stream: throughput, shards and their lineage, readers, a live tail, and changes.

import {content, el, json, text} from "./dom.js";
import {BYTES, Chart} from "./chart.js";
import {age, pill, tiles} from "./console-streams.js";
import {Changes} from "./changes.js";
import {Consumers} from "./consumers.js";
import {Lineage} from "./lineage.js";
import {Shards} from "./shard-table.js";
import {Tail} from "./tail.js";
import * as as from "./format.js";

const SPAN = {seconds: 240, words: "the last 4 minutes"};

const section = (id, title, ...children) =>
  el("section", {"aria-labelledby": "h-" + id}, el("h2", {id: "h-" + id}, title), ...children);

export class Stream {
  constructor(place, id) {
    this.id = id;
    this.place = place;
    this.shard = -1;
    this.title = el("h1", {});
    this.facts = el("p", {class: "facts"});
    this.tiles = tiles(["in", "Records in", "in"], ["out", "Records read", "out"], ["shards", "Open shards", "other"], ["age", "Iterator age", "wait"]);
    this.records = new Chart({id: "chart-records", title: "Records per second", format: as.count, least: 5, span: SPAN, series: [
      {key: "in", label: "in", colour: "--in", fill: true}, {key: "out", label: "read", colour: "--out"}]});
    this.bytes = new Chart({id: "chart-bytes", title: "Bytes per second", format: as.bytes, least: 1024, steps: BYTES, span: SPAN, series: [
      {key: "in_bytes", label: "in", colour: "--in", fill: true}, {key: "out_bytes", label: "read", colour: "--out"}]});
    this.of = el("select", {id: "chart-of", "aria-label": "Charts of", change: () => this.choose(Number(this.of.value))});
    this.changes = new Changes(id);
    this.map = el("div", {class: "shardmap card"});
    this.lineage = new Lineage();
    this.shards = new Shards({chosen: (shard) => this.choose(shard), changes: this.changes});
    this.consumers = new Consumers();
    this.tail = new Tail(id);
    place.replaceChildren(
      el("div", {class: "heading"}, el("a", {href: "#", class: "back"}, "← All streams"), this.title, this.facts),
      el("section", {"aria-label": "Now"}, el("div", {class: "tiles"}, ...this.tiles.all)),
      section("minutes", "The last minutes", el("div", {class: "tools bare"}, this.of), el("div", {class: "charts two"}, this.records.element, this.bytes.element)),
      section("map", "Load by hash key", this.map),
      section("lineage", "Lineage of the shards", this.lineage.element),
      section("shards", "Shards", this.changes.reshard, this.shards.element),
      section("readers", "Readers", el("div", {class: "card"}, this.consumers.element)),
      section("put", "Put a test record", this.changes.put),
      section("tail", "Live tail", this.tail.element));
  }

  close() {
    this.tail.stop();
    this.place.replaceChildren();
  }

  /** Charts show this shard from now on; -1 for the stream. */
  choose(shard) {
    this.shard = shard;
    this.of.value = String(shard);
    this.shards.mark(shard);
    document.dispatchEvent(new Event("penstock-changed"));
  }

  async refresh({may_change: may, why_not: why}) {
    let now;
    try {
      now = await json("/api/console/stream?" + new URLSearchParams({id: this.id, shard: this.shard}));
    } catch (failed) {
      if (!this.name) {
        this.place.replaceChildren(el("div", {class: "heading"}, el("a", {href: "#", class: "back"}, "← All streams")),
          el("p", {class: "card empty"}, String(failed.message)));
        return;
      }
      text(this.facts, String(failed.message));
      this.changes.allow(false, "The stream is gone");
      return;
    }
    this.name = now.name;
    if (this.version !== now.shards_version) {
      this.known = await json("/api/console/shards?" + new URLSearchParams({id: this.id}));
      this.version = this.known.version;
      this.options();
      this.lineage.show(this.known);
      this.tail.shards(this.known.shards);
    }
    const busy = now.status !== "ACTIVE" ? `The stream is ${now.status}` : now.mode === "ON_DEMAND" ? "The engine shapes the shards of a stream in on-demand mode itself" : "";
    this.changes.allow(may, why, busy, now, this.known);
    this.show(now);
  }

  options() {
    const open = this.known.shards.filter((shard) => shard.closed === undefined);
    this.of.replaceChildren(el("option", {value: -1}, "All shards"),
      ...open.slice(0, 500).map((shard) => el("option", {value: shard.i}, `Shard ${shard.i}`)));
    if (!open.some((shard) => shard.i === this.shard)) {
      this.shard = -1;
    }
    this.of.value = String(this.shard);
  }

  show(now) {
    text(this.title, now.name);
    content(this.facts, [now.status, now.region, now.account, now.mode, now.retention_hours], () => [
      pill(now.status), el("span", {}, now.mode === "ON_DEMAND" ? "on demand" : "provisioned"), el("span", {}, `${now.region} · ${now.account}`),
      el("span", {}, `keeps records ${as.duration(now.retention_hours * 3600)}`)]);
    this.tiles.in.set(as.rate(now.in), as.byteRate(now.in_bytes));
    this.tiles.out.set(as.rate(now.out), as.byteRate(now.out_bytes));
    this.tiles.shards.set(as.exact(now.shards), `${now.closed ? as.exact(now.closed) + " closed · " : ""}${as.bytes(now.bytes)} on disk`);
    this.tiles.age.set(age(now.age_ms), now.readers ? `${as.exact(now.readers)} reader${now.readers === 1 ? "" : "s"}` : "nothing reads");
    const length = now.history.in.length;
    const end = now.at / 1000;
    const times = Array.from({length}, (none, i) => end - (length - 1 - i) * now.every);
    const silent = length === 0;
    this.records.show(silent ? [end - SPAN.seconds, end] : times, silent ? {in: [0, 0], out: [0, 0]} : now.history);
    this.bytes.show(silent ? [end - SPAN.seconds, end] : times, silent ? {in_bytes: [0, 0], out_bytes: [0, 0]} : now.history);
    const loads = new Map(now.loads.map((load) => [load.i, load]));
    this.bar(loads, now);
    this.lineage.heat(loads);
    this.shards.show(this.known, loads);
    this.consumers.show(now);
  }

  /** The open shards as a bar of hash ranges; its height is the share of a shard's limit. */
  bar(loads, now) {
    const open = this.known.shards.filter((shard) => shard.closed === undefined);
    if (this.bars?.version !== this.known.version) {
      const boxes = open.map((shard) => {
        const box = el("li", {class: "shard"}, el("span", {class: "fill"}),
          el("span", {class: "shard-name", "aria-hidden": "true"}, open.length > 64 ? "" : String(shard.i)), el("span", {class: "unseen"}));
        box.style.flexGrow = String(Math.max(0.0005, shard.to - shard.from));
        return box;
      });
      this.bars = {version: this.known.version, boxes};
      this.scale = el("p", {class: "label"});
      this.map.replaceChildren(this.scale,
        el("ol", {class: "shards" + (open.length > 100 ? " dense" : ""), "aria-label": "Shards by hash key"}, ...boxes));
    }
    // Small loads would not be seen beside the limit.
    const top = Math.max(0, ...now.loads.map((load) => load.share)) > 0.1 ? 1 : 0.1;
    text(this.scale, `${as.exact(now.shards)} shard${now.shards === 1 ? "" : "s"} by hash key, 0 to 2¹²⁸; full height: `
      + `${top === 1 ? "" : "a tenth of "}what one shard takes at Amazon, 1,000 records or 1 MiB a second`);
    open.forEach((shard, i) => {
      const load = loads.get(shard.i) ?? {in: 0, in_bytes: 0, share: 0};
      const box = this.bars.boxes[i];
      const words = `${as.rate(load.in)} and ${as.byteRate(load.in_bytes)}, ${as.percent(load.share)} of a shard's limit`;
      box.title = `Shard ${shard.i}: ${words}\nhash keys ${shard.first} to ${shard.last}`;
      text(box.lastChild, `Shard ${shard.i}: ${words}`);
      box.firstChild.style.height = Math.min(100, (load.share / top) * 100) + "%";
      box.dataset.heat = load.share > 0.8 ? "hot" : load.share > 0.5 ? "warm" : "cool";
    });
  }
}
