// The live page: one state every two seconds, shown by each part.

import {json, text} from "./dom.js";
import {Feed} from "./feed.js";
import {Bridges, Timeline} from "./activity.js";
import {Clients} from "./clients.js";
import {Machine} from "./machine.js";
import {Charts, showLost, showStatus, showWelcome, Tiles} from "./overview.js";
import {Sources} from "./sources.js";
import {Streams} from "./streams.js";
import * as as from "./format.js";

const OLD = 10;

const tiles = new Tiles();
const charts = new Charts();
const sources = new Sources();
const parts = [tiles, sources, new Streams(), new Bridges(), new Clients(), new Timeline(), new Machine()];
let heard = 0;
let last = {conditions: []};

function link(how) {
  const element = document.getElementById("link");
  element.dataset.state = how;
  text(element, {live: "live", polling: "every 5 s", lost: "no answer"}[how]);
}

new Feed({
  began: async () => {
    const history = await json("/api/history");
    charts.load(history);
    sources.load(history);
  },
  told: (state) => {
    heard = Date.now();
    last = state;
    document.body.classList.remove("old");
    text(document.getElementById("about"), `${state.version} · up ${as.duration(state.uptime_seconds)}`);
    document.title = state.conditions[0]?.level === "bad" ? "! Penstock" : "Penstock";
    showStatus(state);
    showWelcome(state);
    charts.add(state);
    parts.forEach((part) => part.show(state));
  },
  link,
});

/** Old numbers are not shown as if they were of now. */
setInterval(() => {
  if (heard && !document.hidden && Date.now() - heard > OLD * 1000) {
    link("lost");
    document.body.classList.add("old");
    showLost(last);
  }
}, 1000);
