package io.penstock.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is measured of each stream, and how many labels that can make. */
class StreamMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<SpoolStatus> spools = new ArrayList<>();
    private final List<StreamStatus> senders = new ArrayList<>();
    private final StreamMeters meters =
            new StreamMeters(registry, () -> spools, () -> senders, stamp -> 100_000 - stamp);

    @Test
    void spool_and_sender_of_a_stream_share_its_labels_and_follow_it() {
        spools.add(spool("orders", 12));
        senders.add(sender("orders", StreamStatus.State.PARKED, 40_000, 7));
        meters.refresh();
        assertEquals(12, gauge("penstock.spool.events", "orders"));
        assertEquals(60, gauge("penstock.spool.oldest.age.seconds", "orders"));
        assertEquals(1, gauge("penstock.sender.parked", "orders"));
        assertEquals(7, counter("penstock.sender.delivered", "orders"));
        spools.set(0, spool("orders", 0));
        senders.set(0, sender("orders", StreamStatus.State.DELIVERING, 0, 19));
        meters.refresh();
        assertEquals(0, gauge("penstock.spool.events", "orders"));
        assertEquals(0, gauge("penstock.spool.oldest.age.seconds", "orders"));
        assertEquals(0, gauge("penstock.sender.parked", "orders"));
        assertEquals(19, counter("penstock.sender.delivered", "orders"));
    }

    @Test
    void a_spool_without_a_sender_is_measured_as_far_as_it_goes() {
        spools.add(spool("orders", 3));
        meters.refresh();
        assertEquals(3, gauge("penstock.spool.events", "orders"));
        assertEquals(0, counter("penstock.sender.delivered", "orders"));
    }

    @Test
    void streams_beyond_the_bound_share_one_label_and_their_counters_still_only_rise() {
        for (int i = 0; i < 1_000; i++) {
            spools.add(spool("s" + i, 1));
            senders.add(sender("s" + i, StreamStatus.State.DELIVERING, 99_000 - i, 2));
        }
        meters.refresh();
        meters.refresh();
        int own = StreamMeters.OWN_LABELS;
        assertEquals(own + 1, registry.find("penstock.spool.events").gauges().size());
        assertEquals(1_000 - own, gauge("penstock.spool.events", StreamMeters.OTHERS));
        assertEquals(2.0 * (1_000 - own), counter("penstock.sender.delivered", StreamMeters.OTHERS));
        assertEquals(1.999, gauge("penstock.spool.oldest.age.seconds", StreamMeters.OTHERS), 1e-9);
    }

    @Test
    void how_full_records_are_what_shards_bear_and_what_a_month_costs_are_measured() {
        spools.add(spool("orders", 0));
        senders.add(sender("orders", StreamStatus.State.DELIVERING, 0, 7, usage(StreamSummary.Mode.PROVISIONED)));
        meters.refresh();
        assertEquals(50, gauge("penstock.sender.events.per.kinesis.record", "orders"));
        assertEquals(0.5, gauge("penstock.sender.record.fill", "orders"), "25,600 of 51,200 bytes");
        assertEquals(0.25, gauge("penstock.sender.busiest.shard.share", "orders"));
        assertEquals(3, gauge("penstock.sender.shards.needed", "orders"));
        assertEquals(87.5, gauge("penstock.sender.month.cost", "orders"));
        assertEquals(34.5, gauge("penstock.sender.month.cost.on.demand", "orders"));
        assertEquals(123_456, counter("penstock.sender.kinesis.bytes", "orders"));
        assertEquals(17, counter("penstock.sender.put.payload.units", "orders"));
        senders.set(0, sender("orders", StreamStatus.State.DELIVERING, 0, 7, usage(StreamSummary.Mode.ON_DEMAND)));
        meters.refresh();
        assertEquals(0, gauge("penstock.sender.shards.needed", "orders"), "that is the service's matter");
        senders.set(0, sender("orders", StreamStatus.State.DELIVERING, 0, 7));
        meters.refresh();
        assertEquals(0, gauge("penstock.sender.events.per.kinesis.record", "orders"), "nothing is known");
        assertEquals(0, gauge("penstock.sender.record.fill", "orders"));
        assertEquals(0, gauge("penstock.sender.month.cost", "orders"));
    }

    private static StreamUsage usage(StreamSummary.Mode mode) {
        return new StreamUsage(
                new StreamUsage.Sent(100, 2, 51_200, 4, 60),
                new StreamUsage.Shards(8, mode, 0.25, 3, List.of()),
                new StreamUsage.Other(100, 100, 1, false),
                Optional.of(new StreamUsage.Cost(
                        Optional.of(new StreamUsage.Month(87.5, 91.25)),
                        Optional.of(new StreamUsage.Month(34.5, 99.75)))));
    }

    private double gauge(String name, String stream) {
        return registry.get(name)
                .tag("stream", stream)
                .tag("target", target(stream))
                .gauge()
                .value();
    }

    private double counter(String name, String stream) {
        return registry.get(name)
                .tag("stream", stream)
                .tag("target", target(stream))
                .functionCounter()
                .count();
    }

    private static String target(String stream) {
        return stream.equals(StreamMeters.OTHERS) ? StreamMeters.OTHERS : "default";
    }

    private static SpoolStatus spool(String stream, long events) {
        return new SpoolStatus(
                new StreamId("default", stream),
                SpoolStatus.State.OPEN,
                "open",
                events,
                4096,
                SpoolStatus.Losses.NONE,
                0,
                Optional.empty());
    }

    private static StreamStatus sender(String stream, StreamStatus.State state, long oldest, long delivered) {
        return sender(stream, state, oldest, delivered, StreamUsage.NONE);
    }

    private static StreamStatus sender(
            String stream, StreamStatus.State state, long oldest, long delivered, StreamUsage usage) {
        return new StreamStatus(
                new StreamId("default", stream),
                state,
                Optional.empty(),
                new StreamStatus.Load(4, 0, false, 0, 0, 0, oldest),
                new StreamStatus.Delivered(delivered, 0, 0, 123_456, 17),
                new StreamStatus.Effort(0, 0, 0, 0, 0, 0, 3, Map.of()),
                StreamStatus.DeadLetters.NONE,
                usage,
                StreamStatus.Keys.NONE);
    }
}
