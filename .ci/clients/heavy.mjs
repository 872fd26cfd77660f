// Puts with the AWS SDK for JavaScript until it is ended, also while the agent is away; prints each record that was
// acknowledged, a line each.
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";

const [endpoint, StreamName, accessKeyId, secretAccessKey] = process.argv.slice(2);
const client = new KinesisClient({ endpoint, region: "eu-central-1", credentials: { accessKeyId, secretAccessKey } });
for (let call = 0; ; call++) {
  const data = Array.from({ length: 50 }, (_, n) => `call ${call} record ${n} Grüße`);
  const Records = data.map((text, n) => ({ PartitionKey: `key ${n}`, Data: new TextEncoder().encode(text) }));
  try {
    const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
    process.stdout.write(data.filter((_, n) => !answer.Records[n].ErrorCode).map((text) => text + "\n").join(""));
  } catch {
    await new Promise((done) => setTimeout(done, 100));
  }
}
