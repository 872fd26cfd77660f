// The page of the demonstration: one event of the server holds all that it shows.

import {Chart} from "./chart.js";
import {content, el, text} from "./dom.js";

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en-US");
const whole = (value) => number.format(Math.round(value));
const short = (shard) => shard.replace(/^shardId-0*(?=\d)/, "shard ");
const SPAN = {seconds: 180, words: "the last three minutes"};

const APPLICATIONS = {
  referrers: "Page views by referrer",
  zones: "Moving average of each zone",
};

const BUTTONS = [
  {action: "split", label: "Split the busiest shard"},
  {action: "join", label: "Let a second application join", once: (now) => now.applications.length > 1},
  {action: "add-worker", label: "Start a worker"},
  {action: "kill-worker", label: "Kill a worker", danger: true},
  {action: "kill-agent", label: "Kill the agent", danger: true},
];

const charts = [
  new Chart({id: "rates", title: "Events a second", span: SPAN, format: whole, least: 100, series: [
    {key: "sent", label: "sent", colour: "--in"},
    {key: "counted", label: "counted", colour: "--out"},
  ]}),
  new Chart({id: "refused", title: "Refused by a full shard, and waiting on disk", span: SPAN, format: whole, least: 10, series: [
    {key: "throttled", label: "refused a second", colour: "--bad"},
    {key: "waiting", label: "waiting", colour: "--wait", fill: true},
  ]}),
  new Chart({id: "delay", title: "From producer to table", span: SPAN, format: (ms) => `${whole(ms)} ms`, least: 100, series: [
    {key: "delay50", label: "half within", colour: "--out"},
    {key: "delay99", label: "99 % within", colour: "--other"},
  ]}),
];
$("charts").append(...charts.map((chart) => chart.element));

const history = {times: []};

function record(now) {
  const first = now.applications[0];
  const values = {sent: now.sent_rate, counted: first.rate, throttled: now.throttled_rate, waiting: now.waiting,
    delay50: first.delay50, delay99: first.delay99};
  history.times.push(Date.now() / 1000);
  for (const [key, value] of Object.entries(values)) {
    (history[key] ??= []).push(value);
  }
  while (history.times[0] < history.times.at(-1) - SPAN.seconds) {
    Object.values(history).forEach((each) => each.shift());
  }
  charts.forEach((chart) => chart.show(history.times, history));
}

function sum(label, value, side) {
  return el("span", {class: side ? "sum side" : "sum"}, el("span", {class: "big"}, value), el("span", {class: "label"}, label));
}

const sign = (which) => el("span", {class: "sign", "aria-hidden": "true"}, which);

function equation(now) {
  const way = Math.max(...now.applications.map((each) => each.under_way));
  const duplicates = now.applications.reduce((all, each) => all + each.duplicates, 0);
  const shown = [now.sent, way, duplicates, now.bill.toFixed(4)];
  content($("sums"), shown, () => [
    sum("sent and acknowledged", whole(now.sent)),
    sign("="),
    sum("counted", whole(now.sent - way)),
    sign("+"),
    sum("under way", whole(way)),
    sum("duplicates recognised", whole(duplicates), true),
    sum("the bill so far", `$${now.bill.toFixed(4)}`, true),
  ]);
  $("equation").dataset.level = now.agent ? way === 0 ? "good" : "info" : "bad";
  text($("meaning"), now.agent
    ? "Each acknowledged event is counted once. Whatever you do below, nothing is lost: it is under way until it is counted."
    : "The agent is down. What it acknowledged is on its disk; the producers keep the rest and send it again.");
}

function shards(now) {
  const open = now.shards.filter((shard) => shard.open).sort((one, other) => one.from - other.from);
  content($("shards"), open.map((shard) => [shard.id, shard.rate]), () => open.map((shard) => {
    const load = Math.min(1, shard.rate / shard.limit);
    const item = el("li", {class: "shard", "data-heat": load > .93 ? "hot" : load > .8 ? "warm" : "cool",
      "aria-label": `${short(shard.id)}: ${whole(shard.rate)} records a second of ${whole(shard.limit)}`});
    item.style.flexGrow = String(shard.to - shard.from);
    const fill = el("span", {class: "fill"});
    fill.style.height = `${load * 100}%`;
    item.append(fill, el("span", {class: "shard-name"}, short(shard.id)),
      el("span", {class: "rate"}, `${whole(shard.rate)} of ${whole(shard.limit)} a second`));
    return item;
  }));
  const closed = now.shards.length - open.length;
  text($("advice"), (now.throttled_rate > 0
    ? `A shard takes 1,000 records a second. ${whole(now.throttled_rate)} records a second are refused, and sent again: split the busiest shard.`
    : "No record is refused: each shard has room.")
    + (closed > 0 ? ` ${closed} closed by a split.` : ""));
}

function bars(place, rows, format) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  content(place, rows, () => rows.map((row) => {
    const level = el("span", {class: "level"});
    level.style.width = `${row.count / most * 100}%`;
    return el("li", {}, el("span", {class: "name"}, row.name), el("span", {class: "track"}, level),
      el("span", {class: "n"}, format(row.count)));
  }));
}

/** The floor: the six zones, and on them the heat. */
function floor(now) {
  const canvas = $("floor");
  const brush = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const deep = now.heat.length / now.across;
  const width = canvas.width / now.across;
  const height = canvas.height / deep;
  const most = Math.max(1, ...now.heat);
  brush.clearRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = style.getPropertyValue("--bad").trim();
  now.heat.forEach((heat, i) => {
    brush.globalAlpha = Math.sqrt(heat / most) * .85;
    brush.beginPath();
    brush.arc((i % now.across + .5) * width, (Math.floor(i / now.across) + .5) * height, Math.min(width, height) * .62, 0, 7);
    brush.fill();
  });
  brush.globalAlpha = 1;
  brush.strokeStyle = style.getPropertyValue("--line").trim();
  brush.fillStyle = style.getPropertyValue("--muted").trim();
  brush.font = "16px system-ui, sans-serif";
  [..."ABCDEF"].forEach((letter, i) => {
    const left = i % 3 * canvas.width / 3;
    const top = Math.floor(i / 3) * canvas.height / 2;
    brush.strokeRect(left, top, canvas.width / 3, canvas.height / 2);
    brush.fillText(`zone ${letter}`, left + 10, top + 22);
  });
}

function workers(now) {
  content($("workers"), now.applications.map((each) => [each.name, each.workers, each.counted, each.under_way]), () =>
    now.applications.map((application) => el("div", {class: "app"},
      el("h3", {}, APPLICATIONS[application.name] ?? application.name),
      el("div", {class: "line"}, `${whole(application.counted)} counted, ${whole(application.rate)} a second; `
        + `${whole(application.duplicates)} duplicates recognised`),
      ...application.workers.map((worker) => el("div", {class: "worker"},
        el("span", {class: "name"}, worker.name),
        ...(worker.shards.length > 0
          ? worker.shards.map((shard) => el("span", {class: "chip"}, el("b", {}, short(shard))))
          : [el("span", {class: "none"}, "no lease")]))),
      application.workers.length === 0 ? el("div", {class: "none"}, "no worker") : null)));
}

function happened(now) {
  content($("happened"), now.happened, () => [...now.happened].reverse().map((each) =>
    el("li", {"data-level": /kill/.test(each.text) ? "bad" : /split|again|join/.test(each.text) ? "good" : "info"},
      el("time", {}, `${Math.floor(each.seconds / 60)}:${String(Math.floor(each.seconds % 60)).padStart(2, "0")}`),
      el("span", {class: "dot"}), el("span", {}, each.text))));
}

const buttons = BUTTONS.map((button) => {
  const element = el("button", {type: "button", class: button.danger ? "danger" : "", id: button.action,
    click: async () => {
      element.disabled = true;
      try {
        await fetch(`/demo/do/${button.action}`, {method: "POST"});
      } finally {
        setTimeout(() => { element.disabled = false; }, 2000);
      }
    }}, button.label);
  return {...button, element};
});
$("buttons").append(...buttons.map((button) => button.element));

function show(now) {
  if (!now.applications) {
    return;
  }
  record(now);
  equation(now);
  shards(now);
  bars($("referrers"), now.referrers, whole);
  floor(now);
  content($("zones"), now.applications.length > 1 ? now.zones : [], () => now.applications.length > 1
    ? now.zones.map((zone) => el("li", {}, el("b", {}, zone.name), ` ${(zone.count / 10).toFixed(1)} a second`)) : []);
  workers(now);
  happened(now);
  buttons.filter((button) => button.once?.(now)).forEach((button) => { button.element.hidden = true; });
  text($("about"), `${whole(now.view_rate)} page views, ${whole(now.beacon_rate)} beacons, ${whole(now.log_rate)} log lines a second`);
}

const feed = new EventSource("/demo/live");
feed.onopen = () => { $("link").dataset.state = "live"; text($("link"), "live"); };
feed.onerror = () => { $("link").dataset.state = "lost"; text($("link"), "the demonstration has ended"); };
feed.onmessage = (event) => show(JSON.parse(event.data));
