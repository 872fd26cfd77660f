package io.penstock.agent.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The conditions of streams and their targets. */
class StreamFindingsTest {
    private static final Explanation UNKNOWN =
            Explanation.of(ConditionName.HOST_UNKNOWN, "there is no address for the host of kinesis.example:443");

    private static SpoolStatus spool(String target, String stream, SpoolStatus.Losses losses, Explanation why) {
        return new SpoolStatus(
                new StreamId(target, stream),
                SpoolStatus.State.OPEN,
                "open",
                7,
                4096,
                losses,
                0,
                Optional.ofNullable(why));
    }

    private static SpoolStatus spool(String target, String stream) {
        return spool(target, stream, SpoolStatus.Losses.NONE, null);
    }

    private static StreamStatus sender(String target, String stream, StreamStatus.State state, Explanation why) {
        return sender(target, stream, state, why, StreamStatus.Keys.NONE, 0, 0);
    }

    private static StreamStatus sender(
            String target,
            String stream,
            StreamStatus.State state,
            Explanation why,
            StreamStatus.Keys keys,
            long rebuilt,
            long dead) {
        return new StreamStatus(
                new StreamId(target, stream),
                state,
                Optional.ofNullable(why),
                StreamStatus.Load.NONE,
                StreamStatus.Delivered.NOTHING,
                new StreamStatus.Effort(0, 0, 0, 0, 0, 0, rebuilt, Map.of()),
                new StreamStatus.DeadLetters(0, dead, List.of()),
                StreamUsage.NONE,
                keys);
    }

    private static List<String> names(List<Finding> found) {
        return found.stream()
                .map(each -> each.why().name().id() + " at " + each.place())
                .toList();
    }

    @Test
    void aHostWithoutAnAddressIsOneConditionOfTheTargetHoweverManyStreamsWait() {
        List<Finding> found = StreamFindings.of(
                List.of(spool("default", "b"), spool("default", "a"), spool("archive", "a")),
                List.of(
                        sender("default", "a", StreamStatus.State.BACKING_OFF, UNKNOWN),
                        sender("default", "b", StreamStatus.State.PARKED, UNKNOWN),
                        sender("archive", "a", StreamStatus.State.BACKING_OFF, UNKNOWN)),
                Map.of());
        assertEquals(List.of("host-unknown at target default", "host-unknown at target archive"), names(found));
        assertTrue(found.get(0).why().sentence().endsWith("kinesis.example:443 (2 streams wait)"));
        assertTrue(found.get(1).why().sentence().endsWith("kinesis.example:443"));
    }

    @Test
    void whatConcernsOneStreamIsNamedWithIt() {
        Explanation denied = Explanation.of(ConditionName.ACCESS_DENIED, "not allowed");
        List<Finding> found = StreamFindings.of(
                List.of(spool("archive", "audit")),
                List.of(sender("archive", "audit", StreamStatus.State.PARKED, denied)),
                Map.of());
        assertEquals(List.of(new Finding(Place.stream("archive/audit"), denied)), found);
    }

    @Test
    void whatASpoolLostOrCannotTakeIsAConditionEach() {
        Explanation full = Explanation.of(ConditionName.SPOOL_FULL, "its spool is full with 8.0 MiB on disk");
        SpoolStatus.Losses losses = new SpoolStatus.Losses(5, 7, "its spool is damaged: 7 events in 0.log");
        assertEquals(
                List.of("spool-full at stream a", "damage at stream a", "events-lost at stream a"),
                names(StreamFindings.of(List.of(spool("default", "a", losses, full)), List.of(), Map.of())));
    }

    @Test
    void keysADefectAndDeadLettersAreNamed() {
        String advice = "one of 4 shards gets 80 % of the records; use a partition key whose values are more alike";
        List<Finding> found = StreamFindings.of(
                List.of(spool("default", "a"), spool("default", "b")),
                List.of(
                        sender(
                                "default",
                                "a",
                                StreamStatus.State.DELIVERING,
                                null,
                                new StreamStatus.Keys(9, 0, 0.8, advice, false),
                                2,
                                3),
                        sender("default", "b", StreamStatus.State.DELIVERING, null, StreamStatus.Keys.IGNORED, 0, 0)),
                Map.of());
        assertEquals(
                List.of(
                        "dead-letters at stream a",
                        "hot-key at stream a",
                        "defect at stream a",
                        "keys-ignored at stream b"),
                names(found));
        assertEquals(
                "one of 4 shards gets 80 % of the records", found.get(1).why().sentence());
        assertEquals(
                "use a partition key whose values are more alike",
                found.get(1).why().advice());
    }

    @Test
    void aWrongClockIsAConditionOfTheTargetWhileCallsSucceed() {
        Explanation skew = Explanation.of(ConditionName.CLOCK_SKEW, "this machine's clock is 6 years behind");
        List<Finding> found = StreamFindings.of(
                List.of(spool("default", "a")),
                List.of(sender("default", "a", StreamStatus.State.DELIVERING, null)),
                Map.of("default", skew));
        assertEquals(List.of(new Finding(Place.target("default"), skew)), found);
    }
}
