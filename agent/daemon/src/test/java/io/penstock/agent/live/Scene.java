package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import io.penstock.agent.admin.AgentState.StreamState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.SourceCount;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** An agent that does not run: what it would say of itself, for pages to show. For one thread. */
final class Scene {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    final List<Stream> streams = new ArrayList<>();
    final List<BridgeStatus> bridges = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    final Map<String, SourceCount> sources = new TreeMap<>();
    final List<AgentState.Listener> listeners = new ArrayList<>(List.of(
            new AgentState.Listener("mqtt", List.of("mqtt://0.0.0.0:1883", "mqtts://0.0.0.0:8883"), true),
            new AgentState.Listener("forward", List.of("forward://127.0.0.1:24224"), true),
            new AgentState.Listener("http", List.of("http://127.0.0.1:9880"), true),
            new AgentState.Listener("log4j", List.of("127.0.0.1:4560"), true),
            new AgentState.Listener("kinesis", List.of("http://127.0.0.1:4567"), true),
            new AgentState.Listener("admin", List.of("http://127.0.0.1:9890"), true)));
    final Map<String, List<ConnectedClients.Client>> clients = new TreeMap<>();
    ProcessUse process = new ProcessUse(190L << 20, 512L << 20, 38L << 20, 512L << 20, 431, 65_536, 0.07, 4);
    String dataFolder = "/var/lib/penstock";
    long free = 181L << 30;
    String shortage = "";

    /** One stream; what it does is set by the test. */
    static final class Stream {
        final String name;
        StreamState condition = StreamState.SENDING;
        String detail = "";
        String advice = "";
        List<String> notes = List.of();
        long waiting;
        long bytes;
        double oldest;
        long delivered;
        long retried;
        long throttled;
        long letters;
        long dropped;
        long damaged;
        int shards = 1;
        int throttledShards;
        Map<ConditionName, Long> causes = Map.of();
        List<StreamStatus.Reason> reasons = List.of();
        StreamUsage usage = StreamUsage.NONE;

        Stream(String name) {
            this.name = name;
        }

        private StreamReading reading() {
            StreamId id = new StreamId("default", name);
            SpoolStatus spool = new SpoolStatus(
                    id,
                    SpoolStatus.State.OPEN,
                    "open",
                    waiting,
                    bytes,
                    new SpoolStatus.Losses(dropped, damaged, damaged > 0 ? "segment 7 at 4096" : ""),
                    0,
                    Optional.empty());
            StreamStatus sender = new StreamStatus(
                    id,
                    StreamStatus.State.DELIVERING,
                    Optional.empty(),
                    new StreamStatus.Load(shards, throttledShards, false, 1, 0, 0, 0),
                    new StreamStatus.Delivered(delivered, delivered * 310, delivered, delivered * 310, delivered),
                    new StreamStatus.Effort(delivered / 100, 0, throttled, retried, 0, 0, 0, causes),
                    new StreamStatus.DeadLetters(letters, letters, reasons),
                    usage,
                    StreamStatus.Keys.NONE);
            AgentState.Stream shown = new AgentState.Stream(
                    "default",
                    name,
                    new AgentState.Backlog(
                            waiting,
                            bytes,
                            oldest == 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (oldest * 1000)))),
                    delivered,
                    letters,
                    new AgentState.Lost(dropped, damaged),
                    new AgentState.Health(condition, detail, advice, notes),
                    usage);
            return new StreamReading(shown, spool, Optional.of(sender));
        }
    }

    Stream stream(String name) {
        Stream made = new Stream(name);
        streams.add(made);
        return made;
    }

    /** A part of the agent is in trouble. */
    void finds(ConditionName name, Place place, String sentence) {
        findings.add(Finding.of(name, place, sentence));
    }

    /** A client is connected, and has sent so many events. */
    void client(String source, String name, String user, String address, String protocol, long events) {
        LongAdder sent = new LongAdder();
        sent.add(events);
        clients.computeIfAbsent(source, none -> new ArrayList<>())
                .add(new ConnectedClients.Client(
                        address, name, user, protocol, System.nanoTime() - 90_000_000_000L, sent));
    }

    /** A source has written so many events of 300 bytes since the start. */
    void source(String name, long events, int connections, Map<String, Long> refused) {
        sources.put(name, new SourceCount(events, events * 300, 0, 0, 0, connections, refused));
    }

    static BridgeStatus bridge(String name, String broker, BridgeStatus.Condition condition, String detail) {
        return new BridgeStatus(
                name,
                broker,
                List.of("penstock-" + name),
                condition,
                detail,
                detail.isEmpty() ? 1 : 0,
                12,
                Duration.ofMillis(40),
                List.of(),
                new BridgeStatus.Counts(120_431, 9_000_000, 4, 0, 0, 2));
    }

    /** Even loads over {@code shards}, and one that takes more. */
    static StreamUsage usage(int shards, double hottest) {
        List<StreamUsage.Load> loads = IntStream.range(0, Math.min(32, shards))
                .mapToObj(i -> new StreamUsage.Load(
                        shard(i), i == 2 ? hottest * 1000 : 180 + 30 * (i % 4), i == 2 ? hottest * 700_000 : 55_000))
                .toList();
        return new StreamUsage(
                new StreamUsage.Sent(900, 900, 280_000, 900, 900),
                new StreamUsage.Shards(shards, StreamSummary.Mode.PROVISIONED, hottest, 3, loads),
                new StreamUsage.Other(10, 10, 1, false),
                Optional.empty());
    }

    static String shard(int i) {
        return String.format("shardId-%012d", i);
    }

    Reading reading(Duration uptime) {
        List<StreamReading> readings = streams.stream().map(Stream::reading).toList();
        AgentState state = new AgentState(
                new AgentState.Process("0.1.0", START, uptime, dataFolder),
                "embedded, region us-east-1",
                List.of(new AgentState.Target("default", "embedded", "us-east-1")),
                listeners,
                bridges,
                readings.stream().map(StreamReading::shown).toList(),
                Optional.of(new AgentState.Disk(free, 1L << 30, shortage)),
                findings.stream()
                        .sorted(Comparator.comparing(Finding::severity))
                        .map(found -> new Condition(found, Duration.ofMinutes(3)))
                        .toList());
        return new Reading(state, readings, sources);
    }
}
