package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.sender.call.CallLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a record waits for a call to fill. */
class LingerTest {
    private static final Duration LINGER = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "key"})
    void whatComesBackDoesNotMakeOthersLingerAnew(String key) {
        SenderBench bench = new SenderBench(folder, 1, 7);
        bench.perKey = key.isEmpty();
        bench.kinesis.checksOrder = bench.perKey;
        CallLimits usual = bench.limits;
        bench.limits = new CallLimits(
                usual.maxRecords(),
                usual.maxBytes(),
                usual.aggregateBytes(),
                usual.maxCalls(),
                false,
                LINGER.toNanos(),
                usual.timeoutNanos());
        bench.kinesis.throttleShare = entry -> bench.kinesis.calls.size() == 1 ? 1.0 : 0.0;
        bench.start();
        bench.backlog.append(key, "throttled");
        bench.kinesis.latency = Duration.ofMillis(800);
        bench.runUntil(() -> bench.kinesis.calls.size() == 1);
        long appended = bench.time.now();
        bench.backlog.append(key, "new");
        bench.runUntil(() -> bench.kinesis.calls.size() == 2);
        assertTrue(bench.time.now() - appended <= LINGER.toNanos(), () -> bench.time.now() - appended + " ns");
    }
}
