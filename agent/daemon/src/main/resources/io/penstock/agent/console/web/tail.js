// Records as they come, decoded. Strangers wrote keys and payloads: they are text, never markup.

import {el, text} from "./dom.js";
import * as as from "./format.js";

const MOST = 200;
const RECENT = 50;

export class Tail {
  constructor(id) {
    this.id = id;
    this.button = el("button", {type: "button", id: "tail-start", click: () => (this.source ? this.stop() : this.start())}, "Start");
    this.shard = el("select", {"aria-label": "Shards to follow", change: () => this.source && this.start()}, el("option", {value: -1}, "All shards"));
    this.from = el("select", {"aria-label": "Where to begin"}, el("option", {value: RECENT}, "with the latest ones"), el("option", {value: 0}, "with what comes now"));
    this.filter = el("input", {type: "search", placeholder: "Show only records with …", "aria-label": "Show only records with this text", input: () => this.sift()});
    this.clear = el("button", {type: "button", click: () => this.lines.replaceChildren()}, "Clear");
    this.state = el("span", {class: "where", role: "status"}, "stopped");
    this.lines = el("ol", {class: "records", "aria-label": "Records, the latest first", tabindex: "0"});
    this.left = 0;
    this.element = el("div", {class: "card"}, el("div", {class: "tools"}, this.button, this.shard, this.from, this.filter, this.clear, this.state), this.lines);
  }

  shards(all) {
    const value = this.shard.value;
    this.shard.replaceChildren(el("option", {value: -1}, "All shards"),
      ...all.slice(0, 500).map((shard) => el("option", {value: shard.i}, `Shard ${shard.i}${shard.closed === undefined ? "" : ", closed"}`)));
    this.shard.value = value;
    if (this.shard.selectedIndex < 0) {
      this.shard.value = "-1";
    }
  }

  start() {
    this.stop();
    this.lines.replaceChildren();
    this.left = 0;
    this.some = false;
    this.source = new EventSource("/api/console/tail?" + new URLSearchParams({id: this.id, shard: this.shard.value, recent: this.from.value}));
    text(this.button, "Stop");
    text(this.state, "connecting");
    this.source.addEventListener("open", () => this.said());
    this.source.onmessage = (event) => this.take(JSON.parse(event.data));
    this.source.onerror = () => {
      // Without this the browser would connect again and show the latest records twice.
      this.stop();
      text(this.state, "the tail ended: the stream is gone, the engine stopped, or too many tails are open; start it again");
    };
  }

  stop() {
    this.source?.close();
    this.source = null;
    text(this.button, "Start");
    text(this.state, "stopped");
  }

  said() {
    if (this.source) {
      text(this.state, "following" + (this.left ? ` · ${as.exact(this.left)} left out: they came faster than they are shown`
        : this.some ? " · some were left out: they came faster than they are shown" : ""));
    }
  }

  take({records, left_out: left, skipped}) {
    this.left += left;
    this.some ||= skipped;
    this.lines.prepend(...records.reverse().map((record) => this.line(record)));
    while (this.lines.children.length > MOST) {
      this.lines.lastChild.remove();
    }
    this.sift();
    this.said();
  }

  line(record) {
    const single = record.form === "" ? record.parts[0] : null;
    return el("li", {class: "record"},
      el("div", {class: "head"},
        el("time", {datetime: new Date(record.at).toISOString()}, as.moment(record.at)),
        el("span", {class: "chip"}, `shard ${record.shard}`),
        el("span", {class: "chip kind"}, single ? single.kind : `${record.form}, ${as.exact(record.user_records)} records`),
        el("span", {class: "key", title: "Partition key"}, record.key),
        el("span", {class: "size"}, as.bytes(record.bytes)),
        el("span", {class: "sequence", title: "Sequence number"}, record.sequence_number)),
      ...(single ? [payload(single)] : this.users(record)));
  }

  users(record) {
    const left = record.user_records - record.parts.length;
    return [el("ul", {class: "users"}, ...record.parts.map((part) => el("li", {},
      el("div", {class: "head"}, el("span", {class: "chip kind"}, part.kind), el("span", {class: "key"}, part.key), el("span", {class: "size"}, as.bytes(part.bytes))),
      payload(part)))), left > 0 ? el("p", {class: "none"}, `${as.exact(left)} more records in it are not shown`) : null];
  }

  sift() {
    const part = this.filter.value.toLowerCase();
    for (const line of this.lines.children) {
      line.hidden = part !== "" && !line.textContent.toLowerCase().includes(part);
    }
  }
}

const payload = (part) => el("pre", {}, part.text + (part.cut ? " …" : ""));
