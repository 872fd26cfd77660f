// Tables that keep their rows, and with them the focus, while the numbers in them change.

import {el, json, text} from "./dom.js";
import {exact} from "./format.js";

/** Rows by key. A column is {label, number, wide, title, fill(cell, row)} and may have a key to sort by. */
export class Table {
  constructor({caption, columns, key, sorted, empty, detail}) {
    this.columns = columns;
    this.key = key;
    this.detail = detail;
    this.rows = new Map();
    this.body = el("tbody", {role: "rowgroup"});
    this.heads = columns.map((column) => this.head(column, sorted));
    this.nothing = el("p", {class: "empty", hidden: true}, ...[empty].flat());
    this.element = el("div", {class: "scroll"},
      // The roles say again what the elements mean: on a phone the style sheet shows rows as blocks.
      el("table", {role: "table"}, el("caption", {class: "unseen"}, caption),
        el("thead", {role: "rowgroup"}, el("tr", {role: "row"}, ...this.heads)), this.body),
      this.nothing);
  }

  head(column, sorted) {
    const head = el("th", {scope: "col", role: "columnheader", class: kind(column), title: column.title});
    if (column.sort && sorted) {
      head.append(el("button", {type: "button", click: () => sorted(column.sort)}, column.label));
    } else {
      head.append(column.label);
    }
    return head;
  }

  /** @param sort a key, with "-" before it for the largest first */
  order(sort) {
    const descending = sort.startsWith("-");
    const key = descending ? sort.slice(1) : sort;
    this.columns.forEach((column, i) => {
      if (column.sort === key) {
        this.heads[i].setAttribute("aria-sort", descending ? "descending" : "ascending");
      } else {
        this.heads[i].removeAttribute("aria-sort");
      }
    });
  }

  show(all) {
    const kept = new Map();
    let last = null;
    for (const row of all) {
      const key = this.key(row);
      const known = this.rows.get(key) ?? this.make(key);
      known.of = row;
      this.columns.forEach((column, i) => column.fill(known.cells[i], row, known.line));
      kept.set(key, known);
      const after = last ? last.nextSibling : this.body.firstChild;
      if (after !== known.line) {
        this.body.insertBefore(known.line, after);
      }
      last = known.line;
      if (known.more) {
        if (last.nextSibling !== known.more) {
          this.body.insertBefore(known.more, last.nextSibling);
        }
        last = known.more;
      }
    }
    for (const [key, old] of this.rows) {
      if (!kept.has(key)) {
        old.line.remove();
        old.more?.remove();
      }
    }
    this.rows = kept;
    this.nothing.hidden = all.length > 0;
    this.element.classList.toggle("bare", all.length === 0);
  }

  make(key) {
    const cells = this.columns.map((column) =>
      el(column.head ? "th" : "td", {class: kind(column), scope: column.head ? "row" : null,
        role: column.head ? "rowheader" : "cell", "data-label": column.head ? null : column.label}));
    const made = {line: el("tr", {role: "row"}, ...cells), cells, more: null};
    if (this.detail) {
      cells[0].toggle = () => this.toggle(key);
    }
    return made;
  }

  /** Opens or closes what is beneath a row. */
  toggle(key) {
    const row = this.rows.get(key);
    if (row.more) {
      row.more.remove();
      row.more = null;
    } else {
      const cell = el("td", {colspan: this.columns.length, role: "cell"});
      row.more = el("tr", {class: "detail", role: "row"}, cell);
      row.line.after(row.more);
      this.detail(cell, key, () => row.more !== null && row.more.isConnected);
    }
    return row.more !== null;
  }
}

const kind = (column) => [column.number ? "n" : "", column.wide ? "wide" : "", column.class ?? ""].join(" ").trim() || null;

/** A table whose rows the agent searches, sorts and cuts into pages, so that thousands cost no more than a few. */
export class PagedTable {
  /** @param path that answers {found, all, [rows]} */
  constructor({path, rows, what, sort, filters = [], limit = 25, ...table}) {
    this.path = path;
    this.rowsKey = rows;
    this.what = what;
    this.limit = limit;
    this.state = {search: "", sort, offset: 0};
    this.table = new Table({...table, sorted: (key) => this.sort(key)});
    this.search = el("input", {type: "search", placeholder: `Search ${what}`, "aria-label": `Search ${what}`,
      input: () => this.change({search: this.search.value})});
    this.filters = filters.map((filter) => el("select", {"aria-label": filter.label,
      change: (event) => this.change({[filter.name]: event.target.value})},
    ...filter.options.map(([value, label]) => el("option", {value}, label))));
    this.where = el("span", {class: "where"});
    this.before = el("button", {type: "button", click: () => this.turn(-1)}, "Previous");
    this.after = el("button", {type: "button", click: () => this.turn(1)}, "Next");
    this.tools = el("div", {class: "tools", hidden: true}, this.search, ...this.filters, this.where, this.before, this.after);
    this.element = el("div", {}, this.tools, this.table.element);
    this.table.order(sort);
  }

  sort(key) {
    const now = this.state.sort;
    this.change({sort: now === "-" + key ? key : now === key ? "-" + key : key === "name" ? key : "-" + key});
    this.table.order(this.state.sort);
  }

  change(what) {
    Object.assign(this.state, {offset: 0}, what);
    this.refresh();
  }

  turn(pages) {
    this.state.offset = Math.max(0, this.state.offset + pages * this.limit);
    this.refresh();
  }

  /** Asks again; while an answer is awaited, one more question waits at most. */
  async refresh() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      const asked = new URLSearchParams({...this.state, limit: this.limit});
      this.show(await json(`${this.path}?${asked}`));
    } catch (failed) {
      text(this.where, String(failed.message));
    } finally {
      this.asking = false;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    }
  }

  show(answer) {
    const rows = answer[this.rowsKey];
    const {offset} = this.state;
    if (rows.length === 0 && offset > 0) {
      this.change({});
      return;
    }
    this.table.show(rows);
    text(this.where, answer.found === 0 ? (answer.all === 0 ? "" : `none of ${exact(answer.all)} matches`)
      : `${exact(offset + 1)}–${exact(offset + rows.length)} of ${exact(answer.found)}`
        + (answer.found < answer.all ? ` (${exact(answer.all)} in all)` : ""));
    this.tools.hidden = answer.all === 0;
    this.before.disabled = offset === 0;
    this.after.disabled = offset + rows.length >= answer.found;
    const onePage = answer.found <= this.limit;
    this.before.hidden = onePage;
    this.after.hidden = onePage;
  }
}
