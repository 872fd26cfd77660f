// Heap, direct memory, descriptors, processor and disk; the listeners and targets.

import {content, el, text} from "./dom.js";
import * as as from "./format.js";

function gauge(label) {
  const value = el("span", {class: "value"});
  const bar = el("span", {class: "level"});
  const element = el("div", {class: "gauge"}, el("span", {class: "label"}, label), value,
    el("span", {class: "track", "aria-hidden": "true"}, bar));
  return {element, show: (words, share, full = 0.9) => {
    text(value, words);
    bar.style.width = Math.min(100, Math.max(0, share * 100)) + "%";
    element.dataset.level = share >= full ? "bad" : share >= full * 0.85 ? "warning" : "good";
  }};
}

export class Machine {
  constructor() {
    this.cpu = gauge("Processor");
    this.heap = gauge("Heap");
    this.direct = gauge("Direct memory");
    this.files = gauge("Descriptors");
    this.disk = gauge("Disk free");
    this.places = el("dl", {class: "places"});
    document.getElementById("machine").append(
      ...[this.cpu, this.heap, this.direct, this.files, this.disk].map((one) => one.element), this.places);
  }

  show(state) {
    const {process, disk, listeners, targets, data} = state;
    this.cpu.show(`${as.percent(process.cpu)} of ${process.processors} core${process.processors === 1 ? "" : "s"}`, process.cpu);
    this.heap.show(`${as.bytes(process.heap)} of ${as.bytes(process.heap_max)}`, process.heap / process.heap_max, 0.97);
    this.direct.show(`${as.bytes(process.direct)} of ${as.bytes(process.direct_max)}`, process.direct / process.direct_max);
    this.files.element.hidden = process.files_max === 0;
    this.files.show(`${as.exact(process.files)} of ${as.exact(process.files_max)}`, process.files / Math.max(1, process.files_max));
    this.disk.element.hidden = !disk;
    if (disk) {
      this.disk.show(`${as.bytes(disk.free_bytes)}, ${as.bytes(disk.reserve_bytes)} reserved`,
        disk.shortage ? 1 : disk.reserve_bytes / Math.max(1, disk.free_bytes));
    }
    content(this.places, [listeners, targets, data], () => [
      ...listeners.flatMap((one) => [el("dt", {}, one.name),
        el("dd", {"data-level": one.bound ? "good" : "bad"}, one.bound ? one.addresses.join(", ") : "not bound")]),
      ...targets.flatMap((one) => [el("dt", {}, one.name === "default" ? "target" : "target " + one.name),
        el("dd", {}, `${one.endpoint}, region ${one.region}`)]),
      el("dt", {}, "data"), el("dd", {}, data)]);
  }
}
