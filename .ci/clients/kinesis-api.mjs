// Puts with the AWS SDK for JavaScript, which speaks HTTP/2, and prints what was acknowledged, in Base64.
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";

const [endpoint, StreamName, accessKeyId, secretAccessKey] = process.argv.slice(2);
const client = new KinesisClient({
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
});

const every = Uint8Array.from({ length: 256 }, (_, n) => n);
await client.send(new PutRecordCommand({ StreamName, PartitionKey: "Schlüssel", Data: every }));
const many = Array.from({ length: 100 }, (_, n) => new TextEncoder().encode(`JavaScript ${n} Grüße ☂`));
const answer = await client.send(
  new PutRecordsCommand({
    StreamName,
    Records: many.map((Data, n) => ({ PartitionKey: `key ${n}`, Data })),
  }),
);
if (answer.FailedRecordCount) throw new Error(JSON.stringify(answer));
console.log(JSON.stringify([every, ...many].map((data) => Buffer.from(data).toString("base64"))));
process.exit(0);
