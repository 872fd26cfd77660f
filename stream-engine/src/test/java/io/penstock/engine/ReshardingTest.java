package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReshardingTest {
    private static final String HALF = "170141183460469231731687303715884105728";

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock));
        client = new JsonClient(engine);
        client.createStream("s", 1);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private void split(int shard, String at) {
        client.ok(
                "SplitShard",
                "{'StreamName':'s','ShardToSplit':'" + JsonClient.shardId(shard) + "','NewStartingHashKey':'" + at
                        + "'}");
    }

    private void merge(int one, int other) {
        client.ok(
                "MergeShards",
                "{'StreamName':'s','ShardToMerge':'" + JsonClient.shardId(one) + "','AdjacentShardToMerge':'"
                        + JsonClient.shardId(other) + "'}");
    }

    private List<String> shards(String filter) {
        List<String> ids = new ArrayList<>();
        client.ok("ListShards", "{'StreamName':'s'" + filter + "}")
                .path("Shards")
                .forEach(shard -> ids.add(shard.path("ShardId").asText().substring(18)));
        return ids;
    }

    @Test
    void aParentIsReadToItsEndAndNamesItsChildren() {
        client.put("s", "a", "before");
        split(0, HALF);
        client.put("s", "a", "after");
        JsonNode page = client.records(client.iterator("s", JsonClient.shardId(0), "TRIM_HORIZON"));
        assertEquals("before", JsonClient.text(page.path("Records").path(0)));
        assertEquals(1, page.path("Records").size());
        assertFalse(page.has("NextShardIterator"));
        JsonNode children = page.path("ChildShards");
        assertEquals(2, children.size());
        assertEquals("shardId-000000000001", children.path(0).path("ShardId").asText());
        assertEquals(
                "shardId-000000000000",
                children.path(0).path("ParentShards").path(0).asText());
        assertEquals(
                HALF,
                children.path(1).path("HashKeyRange").path("StartingHashKey").asText());
        assertEquals(List.of("after"), client.readAll("s", JsonClient.shardId(1)));
    }

    @Test
    void aChildsSequenceNumbersAreAboveItsParents() {
        BigInteger before =
                new BigInteger(client.put("s", "a", "1").path("SequenceNumber").asText());
        split(0, HALF);
        JsonNode shards = client.ok("ListShards", "{'StreamName':'s'}").path("Shards");
        BigInteger end = number(shards.path(0), "EndingSequenceNumber");
        BigInteger start = number(shards.path(1), "StartingSequenceNumber");
        BigInteger after =
                new BigInteger(client.put("s", "a", "2").path("SequenceNumber").asText());
        assertTrue(before.compareTo(end) <= 0);
        assertTrue(end.compareTo(start) < 0);
        assertTrue(start.compareTo(after) <= 0);
        assertFalse(shards.path(1).path("SequenceNumberRange").has("EndingSequenceNumber"));
    }

    private static BigInteger number(JsonNode shard, String name) {
        return new BigInteger(shard.path("SequenceNumberRange").path(name).asText());
    }

    @Test
    void aMergedShardNamesBothParents() {
        split(0, HALF);
        client.put("s", "a", "1");
        merge(1, 2);
        JsonNode merged = client.ok("ListShards", "{'StreamName':'s','ExclusiveStartShardId':'shardId-000000000002'}")
                .path("Shards")
                .path(0);
        assertEquals("shardId-000000000001", merged.path("ParentShardId").asText());
        assertEquals(
                "shardId-000000000002", merged.path("AdjacentParentShardId").asText());
        assertEquals("0", merged.path("HashKeyRange").path("StartingHashKey").asText());
        JsonNode end = client.records(client.iterator("s", JsonClient.shardId(2), "TRIM_HORIZON"));
        assertEquals(2, end.path("ChildShards").path(0).path("ParentShards").size());
    }

    @Test
    void whileUpdatingASecondReshardIsRefusedAndPutsGoOn() throws IOException {
        engine.close();
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock).withTransition(Duration.ofSeconds(1)));
        client = new JsonClient(engine);
        client.createStream("s", 1);
        clock.advance(Duration.ofSeconds(1));
        split(0, HALF);
        JsonNode summary =
                client.ok("DescribeStreamSummary", "{'StreamName':'s'}").path("StreamDescriptionSummary");
        assertEquals("UPDATING", summary.path("StreamStatus").asText());
        client.put("s", "a", "1");
        JsonClient.Reply second = client.call(
                "SplitShard", "{'StreamName':'s','ShardToSplit':'shardId-000000000001','NewStartingHashKey':'5'}");
        assertEquals("ResourceInUseException", second.errorType());
        clock.advance(Duration.ofSeconds(1));
        split(1, "5");
    }

    @Test
    void theCountOfShardsIsScaledEvenly() {
        JsonNode answer = client.ok(
                "UpdateShardCount", "{'StreamName':'s','TargetShardCount':2,'ScalingType':'UNIFORM_SCALING'}");
        assertEquals(1, answer.path("CurrentShardCount").asInt());
        assertEquals(2, answer.path("TargetShardCount").asInt());
        client.ok("UpdateShardCount", "{'StreamName':'s','TargetShardCount':3,'ScalingType':'UNIFORM_SCALING'}");
        JsonNode shards = client.ok("ListShards", "{'StreamName':'s','ShardFilter':{'Type':'AT_LATEST'}}")
                .path("Shards");
        Set<String> starts = new HashSet<>();
        shards.forEach(shard ->
                starts.add(shard.path("HashKeyRange").path("StartingHashKey").asText()));
        assertEquals(
                Set.of("0", "113427455640312821154458202477256070485", "226854911280625642308916404954512140970"),
                starts);
        assertEquals(
                "InvalidArgumentException",
                client.call(
                                "UpdateShardCount",
                                "{'StreamName':'s','TargetShardCount':7,'ScalingType':'UNIFORM_SCALING'}")
                        .errorType());
        assertEquals(
                "InvalidArgumentException",
                client.call(
                                "UpdateShardCount",
                                "{'StreamName':'s','TargetShardCount':1,'ScalingType':'UNIFORM_SCALING'}")
                        .errorType());
    }

    @Test
    void filtersChooseShardsByTimeAndPlace() {
        client.put("s", "a", "1");
        clock.advance(Duration.ofSeconds(10));
        long splitAt = clock.millis() / 1000;
        split(0, HALF);
        client.put("s", "a", "2");
        clock.advance(Duration.ofSeconds(10));
        merge(1, 2);
        assertEquals(List.of("00", "01", "02", "03"), shards(""));
        assertEquals(List.of("03"), shards(",'ShardFilter':{'Type':'AT_LATEST'}"));
        assertEquals(List.of("00"), shards(",'ShardFilter':{'Type':'AT_TRIM_HORIZON'}"));
        assertEquals(List.of("00", "01", "02", "03"), shards(",'ShardFilter':{'Type':'FROM_TRIM_HORIZON'}"));
        assertEquals(List.of("01", "02"), shards(timed("AT_TIMESTAMP", splitAt + 1)));
        assertEquals(List.of("00"), shards(timed("AT_TIMESTAMP", splitAt - 1)));
        assertEquals(List.of("01", "02", "03"), shards(timed("FROM_TIMESTAMP", splitAt + 1)));
        assertEquals(
                List.of("02", "03"),
                shards(",'ShardFilter':{'Type':'AFTER_SHARD_ID','ShardId':'shardId-000000000001'}"));
        assertEquals(
                "InvalidArgumentException",
                client.call("ListShards", "{'StreamName':'s','ShardFilter':{'Type':'AFTER_SHARD_ID'}}")
                        .errorType());
        assertEquals(
                "InvalidArgumentException",
                client.call("ListShards", "{'StreamName':'s','ShardFilter':{'Type':'AT_LATEST','Timestamp':1}}")
                        .errorType());
    }

    private static String timed(String type, long seconds) {
        return ",'ShardFilter':{'Type':'" + type + "','Timestamp':" + seconds + "}";
    }

    @Test
    void shardsAreListedInPagesThatKeepTheFilter() {
        split(0, HALF);
        JsonNode first =
                client.ok("ListShards", "{'StreamName':'s','MaxResults':1,'ShardFilter':{'Type':'AT_LATEST'}}");
        assertEquals(1, first.path("Shards").size());
        String token = first.path("NextToken").asText();
        JsonNode second = client.ok("ListShards", "{'NextToken':'" + token + "'}");
        assertEquals(
                "shardId-000000000002",
                second.path("Shards").path(0).path("ShardId").asText());
        assertFalse(second.has("NextToken"));
        assertEquals(
                "InvalidArgumentException",
                client.call("ListShards", "{'StreamName':'s','NextToken':'" + token + "'}")
                        .errorType());
        for (String made : List.of("shards/a/1/b", "shards/a/1/1:b", "shards//1/99999999999:ALL:0")) {
            int status = client.call("ListShards", "{'NextToken':'" + JsonClient.base64(made) + "'}")
                    .status();
            assertEquals(400, status, made);
        }
    }

    @Test
    void noRecordIsLostOrReorderedWhileShardsAreSplitAndMerged() throws Exception {
        int writers = 4;
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String key = "key" + writer;
                Callable<Integer> writing = () -> {
                    JsonClient own = new JsonClient(engine);
                    int sent = 0;
                    while (!stop.get()) {
                        own.put("s", key, key + ":" + sent++);
                    }
                    return sent;
                };
                counts.add(threads.submit(writing));
            }
            split(0, HALF);
            merge(1, 2);
            split(3, "99");
            merge(4, 5);
            stop.set(true);
            for (int writer = 0; writer < writers; writer++) {
                counts.get(writer).get();
            }
            List<String> read = new ArrayList<>();
            for (int shard = 0; shard < 7; shard++) {
                read.addAll(client.readAll("s", JsonClient.shardId(shard)));
            }
            for (int writer = 0; writer < writers; writer++) {
                String prefix = "key" + writer + ":";
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < counts.get(writer).get(); i++) {
                    expected.add(prefix + i);
                }
                assertEquals(
                        expected,
                        read.stream().filter(data -> data.startsWith(prefix)).toList());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aShardThatIsNotThereIsReported() {
        JsonClient.Reply reply = client.call(
                "SplitShard", "{'StreamName':'s','ShardToSplit':'shardId-000000000009','NewStartingHashKey':'5'}");
        assertEquals("ResourceNotFoundException", reply.errorType());
        assertEquals(
                "ResourceNotFoundException",
                client.call(
                                "MergeShards",
                                "{'StreamName':'s','ShardToMerge':'other','AdjacentShardToMerge':'shardId-000000000000'}")
                        .errorType());
    }
}
