// The agent's figures every two seconds: server-sent events while the page is seen, nothing while it is hidden.

import {json} from "./dom.js";

const POLL = 5000;
const AGAIN = 30000;

export class Feed {
  /**
   * @param told called with each state
   * @param began called before the first state after a gap, so that history is fetched anew
   * @param link called with "live", "polling" or "lost"
   */
  constructor({told, began, link}) {
    this.told = told;
    this.began = began;
    this.link = link;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
    this.start();
  }

  start() {
    if (this.source || document.hidden) {
      return;
    }
    this.fresh = true;
    this.source = new EventSource("/api/live");
    this.source.onmessage = (event) => {
      this.stopPolling();
      this.take(JSON.parse(event.data), "live");
    };
    this.source.onerror = () => {
      this.fresh = true;
      if (this.source.readyState === EventSource.CLOSED) {
        this.source = null;
        this.poll();
        setTimeout(() => this.start(), AGAIN);
      } else {
        this.link("lost");
      }
    };
  }

  stop() {
    this.source?.close();
    this.source = null;
    this.stopPolling();
  }

  /** There are too many open pages, or something between cuts events off. */
  poll() {
    const ask = async () => {
      try {
        this.take(await json("/api/now"), "polling");
      } catch {
        this.link("lost");
      }
    };
    this.stopPolling();
    this.polling = setInterval(ask, POLL);
    ask();
  }

  stopPolling() {
    clearInterval(this.polling);
    this.polling = null;
  }

  /** What comes while the history is fetched takes the place of what came before. */
  async take(state, how) {
    this.latest = state;
    if (this.beginning) {
      return;
    }
    if (this.fresh) {
      this.beginning = true;
      try {
        await this.began();
        this.fresh = false;
      } catch {
        this.link("lost");
        return;
      } finally {
        this.beginning = false;
      }
    }
    this.link(how);
    this.told(this.latest);
  }
}
