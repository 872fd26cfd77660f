// The SDK for JavaScript against the engine alone. `order`: numbered records of some keys through a split and a merge, all
// paginators and waiters. `put`: one signed call over HTTP/1.1 or HTTP/2, and the code with which it was refused.
import * as sdk from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const [what, endpoint, StreamName, accessKeyId, secretAccessKey, version] = process.argv.slice(2);
const client = new sdk.KinesisClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId, secretAccessKey },
  maxAttempts: 1,
  ...(version === "http/1.1" && { requestHandler: new NodeHttpHandler() }),
});
const text = (data) => new TextDecoder().decode(data);
const entry = (key, n) => ({ PartitionKey: `key ${key}`, Data: new TextEncoder().encode(`${key} ${n}`) });
const KEYS = 20;
let sent = 0;

async function put(rounds) {
  for (let round = 0; round < rounds; round++, sent++) {
    const Records = Array.from({ length: KEYS }, (_, key) => entry(key, sent));
    const answer = await client.send(new sdk.PutRecordsCommand({ StreamName, Records }));
    if (answer.FailedRecordCount) throw new Error("a record failed");
  }
}

const exists = () => sdk.waitUntilStreamExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StreamName });
const tried = new Set(["waitUntilStreamExists"]);

async function pages(name, input, items) {
  tried.add(name);
  const found = [];
  for await (const page of sdk[name]({ client, pageSize: 2 }, input)) found.push(items(page).length);
  if (found.length < 3) throw new Error(`${name}: pages of ${found}`);
}

async function shards() {
  return (await client.send(new sdk.ListShardsCommand({ StreamName }))).Shards;
}

async function pushed(ConsumerARN, shard, into) {
  const { EventStream } = await client.send(new sdk.SubscribeToShardCommand({
    ConsumerARN, ShardId: shard.ShardId, StartingPosition: { Type: "TRIM_HORIZON" } }));
  for await (const { SubscribeToShardEvent: event } of EventStream) {
    into.push(...event.Records.map((record) => text(record.Data)));
    if (event.ChildShards?.length || (event.MillisBehindLatest === 0 && !event.Records.length)) return;
  }
}

async function polled(shard, into) {
  let { ShardIterator } = await client.send(new sdk.GetShardIteratorCommand({
    StreamName, ShardId: shard.ShardId, ShardIteratorType: "TRIM_HORIZON" }));
  while (ShardIterator) {
    const page = await client.send(new sdk.GetRecordsCommand({ ShardIterator }));
    into.push(...page.Records.map((record) => text(record.Data)));
    if (!page.Records.length && !page.MillisBehindLatest) return;
    ShardIterator = page.NextShardIterator;
  }
}

function ordered(found) {
  const next = new Array(KEYS).fill(0);
  for (const record of found) {
    const [key, n] = record.split(" ").map(Number);
    if (next[key]++ !== n) throw new Error(`key ${key}: ${n} instead of ${next[key] - 1}`);
  }
  if (next.some((count) => count !== sent)) throw new Error(`${next} of ${sent}`);
}

if (what === "put") {
  try {
    await client.send(new sdk.PutRecordCommand({ StreamName, ...entry(0, 0) }));
    console.log("taken");
  } catch (error) {
    console.log(error.name);
  }
  process.exit(0);
}

await client.send(new sdk.CreateStreamCommand({ StreamName, ShardCount: 2 }));
await exists();
await put(50);
const [first] = await shards();
await client.send(new sdk.SplitShardCommand({
  StreamName, ShardToSplit: first.ShardId, NewStartingHashKey: (1n << 126n).toString() }));
await exists();
await put(50);
const [, , left, right] = await shards();
await client.send(new sdk.MergeShardsCommand({
  StreamName, ShardToMerge: left.ShardId, AdjacentShardToMerge: right.ShardId }));
await exists();
await put(50);

const byPolling = [];
for (const shard of await shards()) await polled(shard, byPolling);
ordered(byPolling);

const { StreamARN } = (await client.send(new sdk.DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
for (let n = 0; n < 5; n++) {
  await client.send(new sdk.CreateStreamCommand({ StreamName: `${StreamName}-${n}`, ShardCount: 1 }));
  await client.send(new sdk.RegisterStreamConsumerCommand({ StreamARN, ConsumerName: `c${n}` }));
}
const consumers = (await client.send(new sdk.ListStreamConsumersCommand({ StreamARN }))).Consumers;
const active = async (ConsumerARN) => (await client.send(new sdk.DescribeStreamConsumerCommand({ ConsumerARN })))
  .ConsumerDescription.ConsumerStatus === "ACTIVE";
while (!(await active(consumers[0].ConsumerARN))) await new Promise((done) => setTimeout(done, 50));
const byPush = [];
for (const shard of await shards()) await pushed(consumers[0].ConsumerARN, shard, byPush);
ordered(byPush);

await pages("paginateListStreams", {}, (page) => page.StreamNames);
await pages("paginateListStreamConsumers", { StreamARN }, (page) => page.Consumers);
await client.send(new sdk.DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
await sdk.waitUntilStreamNotExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StreamName });
tried.add("waitUntilStreamNotExists");
const untried = Object.keys(sdk).filter((name) => /^(paginate|waitUntil)/.test(name) && !tried.has(name));
console.log(JSON.stringify({ records: byPolling.length, untried }));
process.exit(0);
