// Puts, reads and subscribes with the AWS SDK for JavaScript, and prints what came of it.
import {
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";

const StreamName = "orders";
const ShardId = "shardId-000000000000";
const endpoint = process.argv[2];
const client = new KinesisClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 1,
});

const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
const StreamARN = summary.StreamDescriptionSummary.StreamARN;
const sent = Array.from({ length: 100 }, (_, n) => `${endpoint} ${n} ✓`);
const answer = await client.send(
  new PutRecordsCommand({
    StreamName,
    Records: sent.map((text, n) => ({ PartitionKey: `key ${n}`, Data: new TextEncoder().encode(text) })),
  }),
);
const place = { ShardId, StartingSequenceNumber: answer.Records[0].SequenceNumber };

const { ShardIterator } = await client.send(
  new GetShardIteratorCommand({ StreamName, ShardIteratorType: "AT_SEQUENCE_NUMBER", ...place }),
);
const texts = (records) => records.map((record) => new TextDecoder().decode(record.Data));
const same = (found) => JSON.stringify(found) === JSON.stringify(sent);
const read = texts((await client.send(new GetRecordsCommand({ ShardIterator }))).Records);

let missing = "nothing";
try {
  await client.send(new DescribeStreamSummaryCommand({ StreamName: "none" }));
} catch (error) {
  missing = error.name;
}

const ConsumerName = `c${new URL(endpoint).protocol.slice(0, -1)}`;
const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
const { ConsumerARN } = Consumer;
for (let status; status !== "ACTIVE"; ) {
  status = (await client.send(new DescribeStreamConsumerCommand({ ConsumerARN }))).ConsumerDescription.ConsumerStatus;
}
const { EventStream } = await client.send(
  new SubscribeToShardCommand({
    ConsumerARN,
    ShardId,
    StartingPosition: { Type: "AT_SEQUENCE_NUMBER", SequenceNumber: place.StartingSequenceNumber },
  }),
);
const pushed = [];
for await (const event of EventStream) {
  pushed.push(...texts(event.SubscribeToShardEvent.Records));
  if (pushed.length >= sent.length) break;
}
console.log(
  JSON.stringify({ put: sent.length - answer.FailedRecordCount, read: same(read), missing, pushed: same(pushed) }),
);
process.exit(0);
