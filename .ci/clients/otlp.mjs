// Logs with the OpenTelemetry SDK for Node over its exporters for OTLP/HTTP, and prints the body of each log record that
// the exporter reported as stored, one a line.
// node otlp.mjs URL http|proto none|gzip COUNT     COUNT log records in batches of 50; with 0 until its input ends
import { SeverityNumber } from "@opentelemetry/api-logs";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";

const [url, encoding, compression, count] = process.argv.slice(2);
const { OTLPLogExporter } = await import(`@opentelemetry/exporter-logs-otlp-${encoding}`);
const exporter = new OTLPLogExporter({ url, compression, timeoutMillis: 20_000 });
const counting = {
  export(records, done) {
    const bodies = records.map((record) => record.body);
    exporter.export(records, (result) => {
      if (result.code === 0) {
        process.stdout.write(bodies.map((body) => `${body}\n`).join(""));
      }
      done(result);
    });
  },
  forceFlush: () => exporter.forceFlush(),
  shutdown: () => exporter.shutdown(),
};
const options = { exporter: counting, scheduledDelayMillis: 50, exportTimeoutMillis: 30_000 };
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ "service.name": `node-${encoding}` }),
  processors: [new BatchLogRecordProcessor(options)],
});
const logger = provider.getLogger("load", "1.0");
let ended = false;
process.stdin.on("end", () => (ended = true)).resume();
for (let n = 0; Number(count) === 0 ? !ended : n < Number(count); n++) {
  logger.emit({
    severityNumber: SeverityNumber.WARN,
    severityText: "WARN",
    body: `${encoding} ${compression} ${n}`,
    attributes: { n, ratio: 0.5, ok: true, list: ["a", "b"], nested: { text: "Grüße ☂" } },
  });
  if (n % 50 === 49) {
    await provider.forceFlush().catch(() => {});
  }
}
await provider.shutdown().catch(() => {});
process.exit(0);
