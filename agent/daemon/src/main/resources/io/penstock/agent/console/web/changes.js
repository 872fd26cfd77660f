// What the console changes: a record is put, shards are split, merged or made another number of, after a preview.

import {el, text} from "./dom.js";
import * as as from "./format.js";

async function post(path, body) {
  const answer = await fetch(path, {method: "POST", headers: {"content-type": "application/json", accept: "application/json"}, body: JSON.stringify(body)});
  const said = await answer.json();
  if (!answer.ok) {
    throw new Error(`${said.error ?? answer.status}: ${said.remedy ?? ""}`);
  }
  return said;
}

const dialog = document.getElementById("dialog");

export class Changes {
  constructor(id) {
    this.id = id;
    this.shape = false;
    this.why = "";
    this.makePut();
    this.makeReshard();
  }

  makePut() {
    this.key = el("input", {id: "put-key", required: true, maxlength: 256, value: "test", autocomplete: "off"});
    this.hash = el("input", {id: "put-hash", inputmode: "numeric", pattern: "[0-9]{1,39}", placeholder: "none", autocomplete: "off"});
    this.data = el("textarea", {id: "put-data", rows: 3, spellcheck: "false", maxlength: 40000}, "{\"test\": true}");
    this.send = el("button", {type: "submit", class: "primary"}, "Put record");
    this.stored = el("p", {class: "outcome", role: "status", "aria-live": "polite"});
    this.closedPut = el("p", {class: "closed", hidden: true});
    this.put = el("form", {class: "card form", submit: (event) => this.putRecord(event)},
      el("div", {class: "fields"},
        el("label", {for: "put-key"}, "Partition key", this.key),
        el("label", {for: "put-hash"}, "Explicit hash key", this.hash)),
      el("label", {for: "put-data"}, "Data", this.data), el("div", {class: "row"}, this.send, this.closedPut, this.stored));
  }

  makeReshard() {
    this.target = el("input", {id: "reshard-to", type: "number", min: 1, max: 10000, value: 2});
    this.preview = el("button", {type: "submit"}, "Preview…");
    this.closedShape = el("p", {class: "closed", hidden: true});
    this.done = el("p", {class: "outcome", role: "status"});
    this.reshard = el("form", {class: "card form slim", submit: (event) => {
      event.preventDefault();
      this.ask("reshard", {target: Number(this.target.value)}, `Reshard to ${this.target.value} shards of equal ranges`);
    }}, el("div", {class: "row"}, el("label", {for: "reshard-to"}, "Make the stream ", this.target, " shards of equal ranges"), this.preview, this.closedShape, this.done));
  }

  /** @param busy why the shards cannot be changed now, though records can be put */
  allow(may, why, busy = "", now = null, known = null) {
    this.why = may ? busy : why;
    this.shape = may && !busy;
    this.send.disabled = !may;
    this.preview.disabled = !this.shape;
    for (const [element, words] of [[this.closedPut, may ? "" : why], [this.closedShape, this.why]]) {
      element.hidden = !words;
      text(element, words);
    }
    if (now && !this.suggested) {
      this.suggested = true;
      this.target.value = now.shards * 2;
    }
    this.known = known;
  }

  async putRecord(event) {
    event.preventDefault();
    this.send.disabled = true;
    try {
      const {shard, sequence_number: number} = await post("/api/console/put",
        {id: this.id, key: this.key.value, hash_key: this.hash.value, data: this.data.value});
      this.stored.dataset.level = "good";
      text(this.stored, `Stored in ${shard}, sequence number ${number}`);
      document.dispatchEvent(new Event("penstock-changed"));
    } catch (failed) {
      this.stored.dataset.level = "bad";
      text(this.stored, String(failed.message));
    } finally {
      this.send.disabled = false;
    }
  }

  split(shard) {
    const at = el("input", {id: "split-at", inputmode: "numeric", placeholder: "in the middle", autocomplete: "off"});
    this.ask("split", {shard: shard.shard}, `Split shard ${shard.i}`,
      {label: "The second one begins at the hash key", input: at, name: "at"});
  }

  merge(shard, next) {
    this.ask("merge", {shard: shard.shard, adjacent: next.shard}, `Merge shards ${shard.i} and ${next.i}`);
  }

  /** Shows what the change would yield, and carries it out when that is confirmed. */
  async ask(action, body, title, more) {
    const result = el("div", {class: "preview", "aria-live": "polite"});
    const confirm = el("button", {type: "button", class: "primary", disabled: true}, title.split(" ")[0]);
    const wanted = () => ({id: this.id, ...body, ...(more && more.input.value ? {[more.name]: more.input.value.trim()} : {})});
    let turn = 0;
    const look = async () => {
      const mine = ++turn;
      confirm.disabled = true;
      try {
        const answer = await post("/api/console/preview", {action, ...wanted()});
        if (mine === turn) {
          result.replaceChildren(...shown(answer));
          confirm.disabled = answer.opened.length === 0;
        }
      } catch (failed) {
        if (mine === turn) {
          result.replaceChildren(el("p", {class: "outcome", "data-level": "bad"}, String(failed.message)));
        }
      }
    };
    confirm.addEventListener("click", async () => {
      confirm.disabled = true;
      try {
        const {said} = await post("/api/console/" + action, wanted());
        dialog.close();
        this.done.dataset.level = "good";
        text(this.done, `Done: ${said}`);
        document.dispatchEvent(new Event("penstock-changed"));
      } catch (failed) {
        result.replaceChildren(el("p", {class: "outcome", "data-level": "bad"}, String(failed.message)));
      }
    });
    more?.input.addEventListener("input", look);
    dialog.replaceChildren(el("h2", {id: "h-dialog"}, title),
      more ? el("label", {class: "more", for: more.input.id}, more.label, more.input) : "", result,
      el("p", {class: "hint"}, "Records that are stored stay in the closed shards until their retention is over; readers read those to the end, and then the new ones."),
      el("div", {class: "row end"}, el("button", {type: "button", click: () => dialog.close()}, "Cancel"), confirm));
    dialog.showModal();
    await look();
  }
}

function shown({said, before, after, closed, opened, shards_before: were, shards_after: are}) {
  const gone = new Set(closed);
  const made = new Set(opened);
  return [
    el("p", {class: "said"}, said.charAt(0).toUpperCase() + said.slice(1) + "."),
    el("p", {class: "label"}, `Before: ${as.exact(were)} open shard${were === 1 ? "" : "s"}`), bar(before, gone, "going"),
    el("p", {class: "label"}, `After: ${as.exact(are)} open shard${are === 1 ? "" : "s"}`), bar(after, made, "coming"),
    opened.length > 0 && opened.length <= 8 ? el("table", {class: "ranges"}, el("caption", {class: "unseen"}, "Ranges of the new shards"),
      el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "New shard"), el("th", {scope: "col", class: "n"}, "Share"), el("th", {scope: "col"}, "First and last hash key"))),
      el("tbody", {}, ...after.filter((shard) => made.has(shard.i)).map((shard) => el("tr", {}, el("th", {scope: "row"}, String(shard.i)),
        el("td", {class: "n"}, as.percent(shard.to - shard.from)), el("td", {class: "keys"}, shard.first, el("br"), shard.last))))) : ""];
}

function bar(shards, marked, how) {
  return el("ol", {class: "shards small"}, ...shards.map((shard) => {
    const box = el("li", {class: "shard" + (marked.has(shard.i) ? " " + how : ""), title: `Shard ${shard.i}: ${shard.first} to ${shard.last}`},
      el("span", {class: "shard-name"}, shards.length > 48 ? "" : String(shard.i)));
    box.style.flexGrow = String(Math.max(0.0005, shard.to - shard.from));
    return box;
  }));
}
