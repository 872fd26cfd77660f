// The lineage of shards: time from left to right, hash keys from top to bottom. Each box is a shard from its opening to
// its closing; what is to the right of it, in its range, came out of it.

import {el} from "./dom.js";
import * as as from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_CHANGES = 12;
const TOP = 6;
const AXIS = 24;

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

export class Lineage {
  constructor() {
    this.place = el("div", {class: "lineage"});
    this.words = el("p", {class: "label"});
    this.element = el("div", {class: "card lineage-card"}, this.words, this.place);
    new ResizeObserver(() => this.draw()).observe(this.place);
  }

  show(known) {
    this.known = known;
    this.width = 0;
    this.draw();
  }

  /** Colours open shards by their load: the darker, the more, beside the one with most. */
  heat(loads) {
    const most = Math.max(1e-9, ...[...loads.values()].map((load) => load.share));
    this.boxes?.forEach((box, shard) => {
      const share = loads.get(shard)?.share ?? 0;
      box.querySelector(".load").style.fillOpacity = String((share / most) * 0.75);
      box.dataset.heat = share > 0.8 ? "hot" : share > 0.5 ? "warm" : "cool";
    });
  }

  draw() {
    const width = Math.floor(this.place.clientWidth);
    if (!this.known || width <= 0 || width === this.width) {
      return;
    }
    this.width = width;
    const shards = this.known.shards.filter((shard) => shard.closed === undefined || shard.closed > shard.opened);
    const all = [...new Set(shards.flatMap((shard) => shard.closed === undefined ? [shard.opened] : [shard.opened, shard.closed]))].sort((a, b) => a - b);
    const times = all.slice(-MOST_CHANGES);
    const left = all.length - times.length;
    const open = shards.filter((shard) => shard.closed === undefined).length;
    const height = Math.min(420, Math.max(150, open * 26));
    const column = (width - 2) / times.length;
    const x = (time) => 1 + Math.max(0, times.indexOf(time)) * column;
    const y = (part) => TOP + part * height;
    const drawn = shards.filter((shard) => shard.closed === undefined || shard.closed > times[0]);
    this.boxes = new Map();
    this.all = new Map();
    const boxes = drawn.map((shard) => this.box(shard, x(shard.opened), shard.closed === undefined ? 1 + times.length * column : x(shard.closed), y(shard.from), y(shard.to)));
    const labels = times.map((time, i) => ({time, at: 1 + i * column})).filter(({at}, i) => i === 0 || (i * column) % Math.max(column, 70) < column)
      .map(({time, at}) => svg("text", {x: at + 3, y: TOP + height + 17, class: "axis"}, as.moment(time)));
    const lines = times.slice(1).map((time, i) => svg("line", {x1: 1 + (i + 1) * column, x2: 1 + (i + 1) * column, y1: TOP, y2: TOP + height + 6, class: "change"}));
    const changes = all.length - 1;
    this.words.textContent = (changes === 0 ? "No split or merge since the stream was created; " : `${as.exact(changes)} change${changes === 1 ? "" : "s"} of shards are known; `)
      + "time from left to right, one column per change, hash keys 0 to 2¹²⁸ from top to bottom; the darker an open shard, the more it takes"
      + (left > 0 ? `; ${as.exact(left)} earlier ones are not drawn` : "")
      + (this.known.left_out ? `; ${as.exact(this.known.left_out)} closed shards are not drawn` : "");
    this.place.replaceChildren(svg("svg", {width, height: height + TOP + AXIS, viewBox: `0 0 ${width} ${height + TOP + AXIS}`, role: "img", class: open > 100 ? "dense" : "",
      "aria-label": `${as.exact(open)} open and ${as.exact(shards.length - open)} closed shards over time; the table below has each with its parents`},
    ...boxes, ...lines, ...labels));
  }

  box(shard, from, to, top, bottom) {
    const gap = bottom - top > 4 ? 1.5 : 0;
    const rect = svg("rect", {x: from + 1, y: top + gap / 2, width: Math.max(1, to - from - 2), height: Math.max(0.6, bottom - top - gap), rx: bottom - top > 10 ? 4 : 0});
    const title = svg("title", {}, `Shard ${shard.i}\nopened ${as.moment(shard.opened)}`
      + (shard.closed === undefined ? ", open" : `, closed ${as.moment(shard.closed)}`)
      + (shard.parents.length ? `\nfrom shard ${shard.parents.join(" and ")}` : "") + `\nhash keys ${shard.first} to ${shard.last}`);
    const group = svg("g", {class: shard.closed === undefined ? "box is-open" : "box"}, title, rect);
    if (shard.closed === undefined) {
      const load = rect.cloneNode();
      load.setAttribute("class", "load");
      load.style.fillOpacity = "0";
      group.append(load);
    }
    if (bottom - top >= 13 && to - from >= 24) {
      group.append(svg("text", {x: from + 8, y: (top + bottom) / 2 + 4}, String(shard.i)));
    }
    group.addEventListener("mouseenter", () => this.family(shard, true));
    group.addEventListener("mouseleave", () => this.family(shard, false));
    group.dataset.shard = shard.i;
    this.all.set(shard.i, group);
    if (shard.closed === undefined) {
      this.boxes.set(shard.i, group);
    }
    return group;
  }

  /** Marks a shard with all that it came from and all that came from it. */
  family(shard, on) {
    const byIndex = new Map(this.known.shards.map((each) => [each.i, each]));
    const found = new Set([shard.i]);
    const up = [shard.i];
    while (up.length) {
      for (const parent of byIndex.get(up.pop())?.parents ?? []) {
        if (!found.has(parent)) {
          found.add(parent);
          up.push(parent);
        }
      }
    }
    const down = new Set([shard.i]);
    [...byIndex.values()].sort((a, b) => a.i - b.i).forEach((each) => each.parents.some((parent) => down.has(parent)) && down.add(each.i));
    down.forEach((each) => found.add(each));
    this.place.firstChild?.classList.toggle("family", on);
    found.forEach((each) => this.all.get(each)?.classList.toggle("member", on));
  }
}
