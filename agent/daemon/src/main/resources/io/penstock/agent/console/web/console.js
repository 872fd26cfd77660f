// The console: the list of streams, or one stream; asked for every two seconds while the page is seen.

import {content, el, text} from "./dom.js";
import {Streams} from "./console-streams.js";
import {Stream} from "./console-stream.js";
import * as as from "./format.js";

const EVERY = 2000;
const OLD = 10;
const BEHIND_MS = 60_000;

const list = document.getElementById("list");
const place = document.getElementById("one");
const streams = new Streams();
let one = null;
let heard = 0;

const wanted = () => new URLSearchParams(location.hash.slice(1)).get("stream");

function link(how) {
  const element = document.getElementById("link");
  element.dataset.state = how;
  text(element, {live: "live", lost: "no answer"}[how]);
}

/** The worst thing first, with what to do. */
function status({absence, totals, all}) {
  const [level, title, why, remedy] = absence ? ["warning", absence, "", ""]
    : totals.failed ? ["bad", `Stream ${totals.failed_stream} takes no more records`,
      `${as.exact(totals.failed)} of ${as.exact(all)} streams could not be written`, "look at the engine's log and the disk, then start it again"]
    : totals.oldest_ms > BEHIND_MS ? ["warning", `A reader of ${totals.oldest_stream} is ${as.duration(totals.oldest_ms / 1000)} behind`,
      "", "read with more consumers, or split the shard that is behind"]
    : ["good", "The engine serves", "", ""];
  const element = document.getElementById("status");
  element.dataset.level = level;
  content(element.firstElementChild, [title, why, remedy], () => [el("strong", {}, title),
    why && el("span", {class: "why"}, why), remedy && el("span", {class: "remedy"}, remedy)].filter((each) => each));
}

/** Shows what the address asks for, from its beginning. */
function go() {
  const id = wanted();
  one?.close();
  one = id ? new Stream(place, id) : null;
  list.hidden = Boolean(id);
  place.hidden = !id;
  scrollTo(0, 0);
  refresh();
}

let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const state = await streams.refresh();
    heard = Date.now();
    document.body.classList.remove("old");
    link("live");
    status(state);
    text(document.getElementById("about"), state.absence ? "" : `${as.exact(state.all)} stream${state.all === 1 ? "" : "s"}`);
    document.title = "Streams · Penstock";
    if (one && !state.absence) {
      await one.refresh(state);
      document.title = `${one.name ?? "Stream"} · Penstock`;
    }
  } catch {
    link("lost");
  } finally {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

addEventListener("hashchange", go);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.addEventListener("penstock-changed", refresh);
setInterval(() => {
  if (document.hidden) {
    return;
  }
  refresh();
  // Old numbers are not shown as if they were of now.
  if (heard && Date.now() - heard > OLD * 1000) {
    link("lost");
    document.body.classList.add("old");
  }
}, EVERY);
go();
