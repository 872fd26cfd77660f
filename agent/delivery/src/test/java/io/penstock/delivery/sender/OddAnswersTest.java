package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.FakeKinesis.CallFate;
import io.penstock.delivery.sender.status.StreamStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour of a stream after answers that the service would not give. */
@Timeout(60)
class OddAnswersTest {
    @TempDir
    Path folder;

    private SenderBench bench(int shards, int records) {
        SenderBench bench = new SenderBench(folder, shards, 42);
        IntStream.range(0, records).forEach(i -> bench.backlog.append("key-" + i, "data-" + i));
        return bench;
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCLEAR", "UNCLEAR_STORED"})
    void whatAnAnswerDoesNotSayIsSentAgainCountedAndNamed(CallFate fate) {
        SenderBench bench = bench(1, 3);
        bench.kinesis.fate = call -> fate;
        bench.start().runUntil(() -> bench.kinesis.calls.size() == 2);
        assertEquals(0, bench.sender.status().delivered().records());
        assertEquals(StreamStatus.State.BACKING_OFF, bench.sender.status().state());
        assertEquals(
                "an answer that cannot be read: it has an entry without ShardId",
                bench.sender.status().detail());
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(3, bench.sender.status().delivered().records());
        assertTrue(bench.sender.status().effort().possibleDuplicates() >= 3);
        assertEquals(0, bench.sender.status().deadLetters().written());
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
    }

    @Test
    void aCallWhoseEntriesAllFailInTheServiceIsNamedAndNoShardIsCalledFull() {
        SenderBench bench = bench(1, 3);
        bench.kinesis.fate = call -> CallFate.EACH_FAILS;
        bench.start().runFor(Duration.ofMinutes(1));
        assertEquals(StreamStatus.State.BACKING_OFF, bench.sender.status().state());
        assertEquals("InternalFailure", bench.sender.status().detail());
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(3, bench.sender.status().delivered().records());
        assertEquals(0, bench.sender.status().effort().possibleDuplicates());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallTooLargeForWhatStandsBetweenGoesInSmallerOnes(boolean aggregate) {
        SenderBench bench = bench(4, 0);
        bench.backlog.aggregate = aggregate;
        IntStream.range(0, 2_000).forEach(i -> bench.backlog.append("key-" + i, "data-" + i));
        bench.kinesis.fate = call ->
                call.entries().stream().mapToInt(entry -> entry.dataBytes()).sum() > 500
                        ? CallFate.TOO_LARGE_BETWEEN
                        : CallFate.ANSWERED;
        bench.start().runToTheEnd();
        assertEquals(2_000, bench.kinesis.stored.size());
        assertEquals(0, bench.sender.status().deadLetters().written());
        assertEquals(0, bench.duplicates());
    }

    @Test
    void aRecordTooLargeForWhatStandsBetweenParksItsStreamAndIsNoDeadLetter() {
        SenderBench bench = bench(1, 3);
        bench.kinesis.fate = call -> CallFate.TOO_LARGE_BETWEEN;
        bench.start().runFor(Duration.ofMinutes(10));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertEquals(
                "a request with one record of 11 bytes is too large for what stands between, which must let 16 MiB pass:"
                        + " HTTP 413 from nginx",
                bench.sender.status().detail());
        assertEquals(0, bench.sender.status().deadLetters().written());
        bench.kinesis.fate = call -> CallFate.ANSWERED;
        bench.runToTheEnd();
        assertEquals(3, bench.kinesis.stored.size());
    }

    @Test
    void aRecordLargerThanItsStreamTakesIsADeadLetterWhateverRefusesIt() {
        SenderBench bench = bench(1, 0);
        bench.kinesis.summary = new StreamSummary(1_000, StreamSummary.Mode.PROVISIONED);
        bench.backlog.append("key", "x".repeat(1_001));
        bench.backlog.append("key", "small");
        bench.kinesis.fate =
                call -> call.entries().get(0).dataBytes() > 1_000 ? CallFate.TOO_LARGE_BETWEEN : CallFate.ANSWERED;
        bench.start().runToTheEnd();
        assertEquals(1, bench.sender.status().deadLetters().written());
        assertEquals(
                List.of("small"),
                bench.kinesis.stored.stream().map(each -> each.data()).toList());
    }

    @Test
    void callsThatFailTogetherAreOneFailure() {
        SenderBench bench = bench(8, 10_000);
        bench.kinesis.fate = call -> bench.kinesis.calls.size() <= 8 ? CallFate.EXPIRED : CallFate.ANSWERED;
        bench.start().runUntil(() -> !bench.kinesis.stored.isEmpty());
        assertTrue(bench.kinesis.calls.size() >= 9);
        assertTrue(bench.time.now() < Duration.ofMillis(200).toNanos(), () -> bench.time.now() + " ns");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void aStreamWhoseShardsCannotBeListedAtFirstGoesOnOnceTheyCan(int failures) {
        SenderBench bench = bench(4, 100);
        bench.kinesis.shardFailures = failures;
        bench.start().runUntil(() -> bench.kinesis.shardFailures == 0);
        bench.runToTheEnd();
        assertEquals(100, bench.kinesis.stored.size());
        assertEquals(4, bench.sender.status().load().shards());
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
    }

    @Test
    void credentialsThatEndWhileShardsAreListedAreNoReasonToDoWithoutThem() {
        SenderBench bench = bench(4, 100);
        bench.kinesis.shardFailures = 1;
        bench.kinesis.shardFailure = new Fault.Expired("ExpiredTokenException");
        bench.start().runToTheEnd();
        assertEquals(4, bench.sender.status().load().shards());
    }

    @Test
    void aListThatCannotBeUsedIsDoneWithoutAndAskedForAgain() {
        SenderBench bench = bench(4, 100);
        bench.kinesis.shardFailures = 1;
        bench.kinesis.shardFailure = new Fault.Denied("the list of shards cannot be used: a shard has no ShardId");
        bench.start().runToTheEnd();
        assertEquals(100, bench.kinesis.stored.size());
        assertEquals(0, bench.sender.status().load().shards());
        bench.runFor(Duration.ofSeconds(31));
        bench.backlog.append("key", "data");
        bench.runToTheEnd();
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(4, bench.sender.status().load().shards());
    }

    @Test
    void aStreamWithNothingLeftToSendIsNotCalledRetrying() {
        SenderBench bench = bench(1, 1);
        bench.kinesis.fate = call -> bench.kinesis.calls.size() == 1 ? CallFate.ERROR_500 : CallFate.INVALID;
        bench.start().runToTheEnd();
        bench.runFor(Duration.ofSeconds(1));
        assertEquals(1, bench.sender.status().deadLetters().written());
        assertEquals(StreamStatus.State.DELIVERING, bench.sender.status().state());
        assertEquals("", bench.sender.status().detail());
    }

    @Test
    void aStreamThatIsParkedRightAfterAFailureIsNamedByWhatParksIt() {
        SenderBench bench = bench(1, 1);
        bench.kinesis.fate = call -> bench.kinesis.calls.size() == 1 ? CallFate.ERROR_500 : CallFate.DENIED;
        bench.start().runFor(Duration.ofMinutes(5));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertEquals("AccessDeniedException", bench.sender.status().detail());
    }

    @Test
    void aParkedStreamSaysWhatItsLatestProbeMet() {
        SenderBench bench = bench(1, 1);
        bench.kinesis.fate = call -> CallFate.DENIED;
        bench.start().runFor(Duration.ofSeconds(25));
        bench.kinesis.fate = call -> CallFate.REFUSED_CONNECTION;
        bench.runFor(Duration.ofMinutes(5));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertEquals("connection refused", bench.sender.status().detail());
    }
}
