// Sends with @fluent-org/logger in each of its modes and waits for every acknowledgement; prints the tags and events
// that were acknowledged.
import { EventTime, FluentClient } from "@fluent-org/logger";

const [host, port] = process.argv[2].split(":");
const acknowledged = [];
for (const eventMode of ["Message", "Forward", "PackedForward", "CompressedPackedForward"]) {
  const client = new FluentClient("js", {
    eventMode,
    ack: { ackTimeout: 20_000 },
    socket: { host, port: Number(port), timeout: 10_000 },
    flushInterval: 50,
  });
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const event = { mode: eventMode, n, text: `Grüße ${n} ☂`, nested: { list: [1, 2.5, null, true] } };
      await client.emit("app", event, new EventTime(1_700_000_000, n * 1_000_000));
      acknowledged.push({ tag: "js.app", event });
    }),
  );
  await client.shutdown();
}
console.log(JSON.stringify(acknowledged));
