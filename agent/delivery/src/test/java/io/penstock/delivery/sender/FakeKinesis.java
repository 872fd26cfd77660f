package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.Endpoint;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.put.PutOutcome;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.call.Aggregate;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.schedule.LateKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One stream of a Kinesis endpoint in virtual time, with every fault that a test requests. It checks what no call may
 * break: sizes, and that no other record of a key is sent while one of it is unresolved.
 */
final class FakeKinesis implements Endpoint {
    static final Duration LATENCY = Duration.ofMillis(5);

    /** A record in the stream. */
    record StoredRecord(String shard, String key, String data, long at) {}

    final List<StoredRecord> stored = new ArrayList<>();
    final List<PutCall> calls = new ArrayList<>();
    private final VirtualTime time;
    private final SplittableRandom random;
    private final Map<String, Integer> unresolved = new HashMap<>();
    private final Map<String, Double> tokens = new HashMap<>();
    private final Map<String, Long> refilled = new HashMap<>();
    private List<Shard> shards = new ArrayList<>();
    private int nextShard;
    private long numbers;

    Duration latency = LATENCY;
    boolean exists = true;
    boolean hidesShards;
    /** How many requests for the shards fail from now on, and how. */
    int shardFailures;

    Fault shardFailure = new Fault.Unavailable("HTTP 503", false);
    boolean keepsOrder;
    boolean liesAboutOrder;
    /** Puts records into shards in turn, whatever their keys. */
    boolean spreads;

    private int turn;
    double limit = Double.POSITIVE_INFINITY;
    long throttled;
    long putEntries;
    long kinesisRecords;
    int created;
    int shardQuestions;
    Function<PutEntry, Double> throttleShare = entry -> 0.0;
    /** Why an entry is refused individually; empty if it is not. */
    Function<PutEntry, String> refusal = entry -> "";

    Function<PutCall, CallFate> fate = call -> CallFate.ANSWERED;

    enum CallFate {
        ANSWERED,
        REFUSED_CONNECTION,
        RESET_BEFORE,
        RESET_AFTER,
        ERROR_500,
        EACH_FAILS,
        HANGS,
        HANGS_STORED,
        EXPIRED,
        DENIED,
        THROTTLED,
        INVALID,
        TOO_LARGE_BETWEEN,
        UNCLEAR,
        UNCLEAR_STORED
    }

    FakeKinesis(VirtualTime time, int shardCount, long seed) {
        this.time = time;
        this.random = new SplittableRandom(seed);
        replaceAll(shardCount);
    }

    /** Replaces all shards at once by {@code shardCount} new ones, like the result of UpdateShardCount. */
    void replaceAll(int shardCount) {
        shards.clear();
        BigInteger step = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(shardCount));
        for (int i = 0; i < shardCount; i++) {
            BigInteger first = step.multiply(BigInteger.valueOf(i));
            BigInteger last = i == shardCount - 1
                    ? BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE)
                    : step.multiply(BigInteger.valueOf(i + 1)).subtract(BigInteger.ONE);
            shards.add(new Shard(newShardId(), Hash128.parse(first.toString()), Hash128.parse(last.toString())));
        }
    }

    List<Shard> shards() {
        return List.copyOf(shards);
    }

    private String newShardId() {
        return "shardId-" + nextShard++;
    }

    /** Splits a shard in the middle, at once. */
    void split(int index) {
        Shard parent = shards.remove(index);
        BigInteger first = new BigInteger(parent.first().toDecimal());
        BigInteger middle = first.add(new BigInteger(parent.last().toDecimal())).shiftRight(1);
        if (middle.equals(first)) {
            shards.add(index, parent);
            return;
        }
        shards.add(index, new Shard(newShardId(), parent.first(), Hash128.parse(middle.toString())));
        shards.add(
                index + 1,
                new Shard(newShardId(), Hash128.parse(middle.add(BigInteger.ONE).toString()), parent.last()));
    }

    /** Merges a shard with its upper neighbour, at once. */
    void merge(int index) {
        Shard lower = shards.remove(index);
        Shard upper = shards.remove(index);
        shards.add(index, new Shard(newShardId(), lower.first(), upper.last()));
    }

    @Override
    public void put(PutCall call, Consumer<PutOutcome> answer) {
        calls.add(call);
        putEntries += call.entries().size();
        checkSizes(call);
        Set<String> keys = checkKeys(call);
        CallFate chosen = exists ? fate.apply(call) : CallFate.ANSWERED;
        long wait = latency.toNanos() / 2 + random.nextLong(latency.toNanos());
        time.at(wait, () -> {
            PutOutcome outcome = carryOut(call, chosen);
            if (chosen != CallFate.HANGS && chosen != CallFate.HANGS_STORED) {
                resolve(keys);
                answer.accept(outcome);
            } else {
                time.at(Duration.ofSeconds(9).toNanos(), () -> resolve(keys));
            }
        });
    }

    private static void checkSizes(PutCall call) {
        long bytes = 0;
        for (PutEntry entry : call.entries()) {
            int size = entry.data().length + entry.partitionKey().length;
            if (entry instanceof Aggregate aggregate
                    && (size > CallLimits.AGGREGATE_BYTES || size != aggregate.size())) {
                throw new AssertionError("an aggregate of " + size + " bytes, or " + aggregate.size());
            }
            bytes += size;
        }
        if (call.entries().size() > 500 || call.entries().isEmpty() || bytes > 10 << 20) {
            throw new AssertionError("a call of " + call.entries().size() + " records, " + bytes + " bytes");
        }
    }

    /** True if the sender generated the key: records with such a key, as in an aggregate, have no order. */
    static boolean chosenBySender(String key) {
        return key.matches("[0-9a-f]{" + LateKey.BYTES + "}");
    }

    private Set<String> checkKeys(PutCall call) {
        Set<String> keys = new HashSet<>();
        for (PutEntry entry : call.entries()) {
            for (String key : UserRecords.keys(entry)) {
                if (!chosenBySender(key) && !keys.add(key) && checksOrder && !(call.askOrdered() && keepsOrder)) {
                    throw new AssertionError("two Kinesis records of " + key + " in one call");
                }
            }
        }
        for (String key : keys) {
            if (unresolved.merge(key, 1, Integer::sum) > 1 && checksOrder) {
                throw new AssertionError("two calls of " + key + " are out");
            }
        }
        return keys;
    }

    boolean checksOrder = true;

    private void resolve(Set<String> keys) {
        keys.forEach(key -> unresolved.merge(key, -1, Integer::sum));
    }

    private PutOutcome carryOut(PutCall call, CallFate chosen) {
        if (!exists) {
            return new PutOutcome.Failed(new Fault.MissingStream("no such stream"));
        }
        return switch (chosen) {
            case ANSWERED -> storeEach(call);
            case REFUSED_CONNECTION -> new PutOutcome.Failed(new Fault.Unavailable("connection refused", false));
            case RESET_BEFORE -> new PutOutcome.Failed(new Fault.Unavailable("connection reset", true));
            case RESET_AFTER, HANGS_STORED -> {
                storeEach(call);
                yield new PutOutcome.Failed(new Fault.Unavailable("connection reset", true));
            }
            case ERROR_500, HANGS -> new PutOutcome.Failed(new Fault.Unavailable("InternalFailure", true));
            case EACH_FAILS ->
                new PutOutcome.Answered(
                        List.copyOf(Collections.nCopies(
                                call.entries().size(),
                                new PutOutcome.NotStored(new Fault.Unavailable("InternalFailure", false)))),
                        false);
            case EXPIRED -> new PutOutcome.Failed(new Fault.Expired("ExpiredTokenException"));
            case DENIED -> new PutOutcome.Failed(new Fault.Denied("AccessDeniedException"));
            case THROTTLED -> new PutOutcome.Failed(new Fault.Throttled("ProvisionedThroughputExceededException"));
            case TOO_LARGE_BETWEEN -> new PutOutcome.Failed(new Fault.RequestTooLarge("HTTP 413 from nginx"));
            case UNCLEAR, UNCLEAR_STORED -> {
                if (chosen == CallFate.UNCLEAR_STORED) {
                    storeEach(call);
                }
                yield new PutOutcome.Answered(
                        List.copyOf(Collections.nCopies(
                                call.entries().size(), new PutOutcome.Unclear("an entry without ShardId"))),
                        false);
            }
            case INVALID -> new PutOutcome.Failed(new Fault.Rejected("ValidationException"));
        };
    }

    private PutOutcome storeEach(PutCall call) {
        List<PutOutcome.EntryOutcome> results = new ArrayList<>();
        Set<String> failedKeys = new HashSet<>();
        for (PutEntry entry : call.entries()) {
            String key = new String(entry.partitionKey(), StandardCharsets.UTF_8);
            Shard shard = shardOf(entry);
            String rejection = refusal.apply(entry);
            if (!rejection.isEmpty()) {
                results.add(new PutOutcome.NotStored(new Fault.Rejected(rejection)));
                continue;
            }
            boolean refused = random.nextDouble() < throttleShare.apply(entry) || !takesToken(shard, entry);
            if (refused || keepsOrder && call.askOrdered() && !liesAboutOrder && failedKeys.contains(key)) {
                throttled++;
                failedKeys.add(key);
                results.add(new PutOutcome.NotStored(new Fault.Throttled("Rate exceeded for shard " + shard.id())));
            } else {
                kinesisRecords++;
                for (UserRecords.UserRecord each : UserRecords.of(entry, shard)) {
                    stored.add(new StoredRecord(shard.id(), each.key(), each.data(), time.now()));
                }
                results.add(new PutOutcome.Stored(shard.id(), entry.wantsNumber() ? Long.toString(++numbers) : ""));
            }
        }
        return new PutOutcome.Answered(results, keepsOrder && call.askOrdered());
    }

    /** The service's limits of a shard: 1 MiB and 1000 records a second, with a capacity of one second. */
    private boolean takesToken(Shard shard, PutEntry entry) {
        if (Double.isInfinite(limit)) {
            return true;
        }
        long since = time.now() - refilled.getOrDefault(shard.id(), time.now() - 1_000_000_000L);
        refilled.put(shard.id(), time.now());
        double available = Math.min(limit, tokens.getOrDefault(shard.id(), 0.0) + limit * since / 1e9);
        double cost = Math.max(0.001, (entry.data().length + entry.partitionKey().length) / 1048576.0);
        tokens.put(shard.id(), available >= cost ? available - cost : available);
        return available >= cost;
    }

    List<Shard> openShards() {
        return List.copyOf(shards);
    }

    Shard shardOf(PutEntry entry) {
        if (spreads) {
            return shards.get(turn++ % shards.size());
        }
        Hash128 point = entry.explicitHashKey().isEmpty()
                ? Hash128.ofKey(entry.partitionKey())
                : Hash128.parse(entry.explicitHashKey());
        int low = 0;
        int high = shards.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (shards.get(middle).first().compareTo(point) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return shards.get(low);
    }

    @Override
    public void shards(String stream, Consumer<ShardsOutcome> answer) {
        shardQuestions++;
        time.at(LATENCY.toNanos(), () -> answer.accept(shardsNow()));
    }

    @Override
    public void summary(String stream, Consumer<StreamSummary> answer) {
        time.at(LATENCY.toNanos(), () -> answer.accept(exists ? summary : StreamSummary.UNKNOWN));
    }

    /** The stream ignores keys from now on, or no longer, and reports it. */
    void spread(boolean now) {
        spreads = now;
        checksOrder = !now;
        summary = new StreamSummary(1 << 20, StreamSummary.Mode.ON_DEMAND, now);
    }

    StreamSummary summary = new StreamSummary(1 << 20, StreamSummary.Mode.PROVISIONED);

    private ShardsOutcome shardsNow() {
        if (shardFailures > 0) {
            shardFailures--;
            return new ShardsOutcome.Unknown(shardFailure);
        }
        if (hidesShards) {
            return new ShardsOutcome.Unknown(new Fault.Denied("AccessDeniedException: kinesis:ListShards"));
        }
        return exists
                ? new ShardsOutcome.Known(ShardMap.of(shards))
                : new ShardsOutcome.Unknown(new Fault.MissingStream("no such stream"));
    }

    @Override
    public void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer) {
        created++;
        time.at(LATENCY.toNanos(), () -> {
            exists = true;
            answer.accept(shardsNow());
        });
    }

    @Override
    public void close() {}
}
