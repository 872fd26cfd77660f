// One stream: its shards as a bar of hash ranges with their load, advice in words, and its last hour.

import {content, el, json, text} from "./dom.js";
import {Chart} from "./chart.js";
import * as as from "./format.js";

const STEP = 30;

/** Shows the stream in the cell, or brings it up to date. */
export async function showStream(cell, name) {
  if (cell.asking) {
    return;
  }
  cell.asking = true;
  try {
    const stream = await json("/api/stream?" + new URLSearchParams({name}));
    cell.parts ??= make(cell);
    fill(cell.parts, stream);
  } catch (failed) {
    cell.replaceChildren(el("p", {class: "empty"}, String(failed.message)));
    cell.parts = undefined;
  } finally {
    cell.asking = false;
  }
}

function make(cell) {
  const parts = {
    words: el("div", {class: "words"}),
    map: el("div", {class: "shardmap"}),
    rates: new Chart({id: null, title: "Events per second", format: as.count, least: 5, series: [
      {key: "in", label: "in", colour: "--in", fill: true}, {key: "out", label: "out", colour: "--out"}]}),
    waiting: new Chart({id: null, title: "Events that wait", format: as.count, least: 10, series: [
      {key: "waiting", label: "waiting", colour: "--wait", fill: true}]}),
  };
  cell.replaceChildren(el("div", {class: "opened"}, parts.words, parts.map,
    el("div", {class: "charts"}, parts.rates.element, parts.waiting.element)));
  return parts;
}

function fill(parts, stream) {
  const said = [
    stream.detail && ["Condition", stream.detail],
    ...stream.notes.map((note) => ["Note", note]),
    stream.advice && ["Keys", stream.advice],
    stream.usage && ["Last hour", stream.usage],
    stream.dropped && ["Lost", `${as.exact(stream.dropped)} events were given up because the spool was full`],
    stream.retried_total && ["Sent again", `${as.exact(stream.retried_total)} events since the start` + causes(stream.retried_for)],
    stream.dead_letters && ["Dead letters", `${as.exact(stream.dead_letters)} events were refused for good by the target`],
    ...stream.refused_for.map(({reason, count}) => ["Reason", `${reason} (${as.exact(count)} since the start)`]),
  ].filter((each) => each);
  content(parts.words, said, () => el("dl", {}, ...said.flatMap(([term, words]) => [el("dt", {}, term), el("dd", {}, words)])));
  bar(parts.map, stream);
  if (stream.history) {
    const {in: arrived, out, waiting} = stream.history.series;
    const end = stream.at / 1000;
    const times = [...arrived.map((none, i) => end - (arrived.length - i) * STEP), end];
    parts.rates.show(times, {in: [...arrived, stream.in], out: [...out, stream.out]});
    parts.waiting.show(times, {waiting: [...waiting, stream.waiting]});
  }
}

/** ": 5,400 throttled, 12 connection-lost" */
function causes(counts) {
  const all = Object.entries(counts).sort((one, other) => other[1] - one[1]);
  return all.length ? ": " + all.map(([name, count]) => `${as.exact(count)} ${name}`).join(", ") : "";
}

function bar(place, stream) {
  const shards = stream.shard_map;
  content(place, shards, () => {
    if (shards.length === 0) {
      return el("p", {class: "empty"}, "Its shards are not known yet: they are listed when the first event is sent.");
    }
    const known = shards.some((shard) => shard.share !== undefined);
    const boxes = shards.map((shard) => {
      const load = shard.share === undefined ? "no load known"
        : `${as.rate(shard.records)} and ${as.byteRate(shard.bytes)}, ${as.percent(shard.share)} of its limit`;
      const box = el("li", {class: "shard", title: `${shard.shard}: ${load}\nhash keys ${shard.first_hash} to ${shard.last_hash}`},
        el("span", {class: "fill"}), el("span", {class: "shard-name"}, shard.shard.replace(/^shardId-0*(?=\d)/, "")),
        el("span", {class: "unseen"}, `: ${load}`));
      box.style.flexGrow = String(Math.max(0.0005, shard.to - shard.from));
      box.firstChild.style.height = Math.min(100, (shard.share ?? 0) * 100) + "%";
      box.dataset.heat = shard.share > 0.8 ? "hot" : shard.share > 0.5 ? "warm" : "cool";
      return box;
    });
    return [
      el("p", {class: "label"}, `${as.exact(stream.shards)} shard${stream.shards === 1 ? "" : "s"} by hash key, 0 to 2¹²⁸`
        + (known ? "; height: share of a shard's limit, mean of the last hour" : "; the load is known after the first minute")
        + (stream.shards_left_out ? `; ${as.exact(stream.shards_left_out)} more are not drawn` : "")),
      el("ol", {class: "shards", "aria-label": "Shards by hash key"}, ...boxes)];
  });
}
