// Sends with fluent-logger and with @fluent-org/logger, asking for acknowledgements, until it is ended, also while the agent is
// away; prints each event that was acknowledged, a line each.
import { EventTime, FluentClient } from "@fluent-org/logger";
import fluentLogger from "fluent-logger";

const [port, tag] = process.argv.slice(2);
const pause = (millis) => new Promise((done) => setTimeout(done, millis));
const quiet = { info() {}, error() {} };

async function older(eventMode) {
  const logger = fluentLogger.createFluentSender(tag, {
    host: "127.0.0.1", port: Number(port), eventMode, requireAckResponse: true, ackResponseTimeout: 10_000,
    reconnectInterval: 200, flushInterval: 20, internalLogger: quiet,
  });
  logger.on("error", () => {});
  for (let n = 0; ; n += 20) {
    for (let each = n; each < n + 20; each++) {
      const event = `fluent-logger ${eventMode} ${each}`;
      logger.emit({ event }, (error) => error || console.log(event));
    }
    await pause(50);
  }
}

async function newer(eventMode) {
  const client = new FluentClient(tag, {
    eventMode, ack: { ackTimeout: 10_000 }, flushInterval: 20,
    socket: { host: "127.0.0.1", port: Number(port), reconnect: { backoff: 1, delay: 200, minDelay: 200, maxDelay: 200 } },
  });
  client.socketOn("error", () => {});
  for (let n = 0; ; n += 20) {
    for (let each = n; each < n + 20; each++) {
      const event = `@fluent-org/logger ${eventMode} ${each}`;
      client.emit({ event }, EventTime.now()).then(() => console.log(event), () => {});
    }
    await pause(50);
  }
}

for (const mode of ["Message", "PackedForward", "CompressedPackedForward"]) {
  older(mode);
  newer(mode);
}
