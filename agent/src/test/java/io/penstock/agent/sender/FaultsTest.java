package io.penstock.agent.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.faults.FaultPlan;
import io.penstock.agent.faults.FaultPlan.Fault;
import io.penstock.agent.faults.FaultyKinesis;
import io.penstock.agent.spool.StreamId;
import io.penstock.agent.target.TargetSettings;
import io.penstock.agent.target.TargetSettings.Api;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault on the wire, in front of the real engine. */
class FaultsTest {
    private static final StreamId SENSORS = new StreamId("default", "sensors");
    private static final int RECORDS = 800;

    @TempDir
    Path folder;

    private void deliver(FaultPlan plan, Api api, int keys, boolean duplicatesAllowed) throws Exception {
        deliver(plan, api, keys, duplicatesAllowed, false);
        deliver(plan, api, keys, duplicatesAllowed, true);
    }

    private void deliver(FaultPlan plan, Api api, int keys, boolean duplicatesAllowed, boolean aggregate)
            throws Exception {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                FaultyKinesis proxy = new FaultyKinesis(
                        0, URI.create("http://127.0.0.1:" + engine.address().getPort()), plan, 7);
                StreamReader reader = new StreamReader(engine)) {
            TargetSettings target = TargetSettings.embedded(proxy.uri(), 4)
                    .withApi(api)
                    .withMaxCallBytes(1 << 10)
                    .withCallTimeout(Duration.ofSeconds(2));
            try (DeliveryBench bench = new DeliveryBench(folder.resolve("" + aggregate), target)) {
                bench.aggregate = aggregate;
                IntStream.range(0, RECORDS).forEach(i -> bench.append(SENSORS, "key-" + i % keys, "" + i));
                bench.awaitDelivered(SENSORS, RECORDS);
                List<StreamReader.Read> read = reader.readAll("sensors");
                assertTrue(proxy.faults() > 0, "no fault was met");
                assertEquals(RECORDS, read.stream().distinct().count(), "lost");
                long duplicates = read.size() - RECORDS;
                assertTrue(
                        duplicates <= bench.status(SENSORS).possibleDuplicates(),
                        () -> duplicates + " duplicates, " + bench.status(SENSORS));
                if (!duplicatesAllowed) {
                    assertEquals(0, duplicates);
                }
                StreamReader.assertOrdered(StreamReader.firstOfEach(read));
                assertEquals(0, bench.status(SENSORS).brokenPromises());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DENIED", "HANG"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyFaultIsRiddenOut(Fault fault) throws Exception {
        deliver(FaultPlan.NONE.with(fault, 0.3), Api.PUT_RECORDS, 40, fault == Fault.RESET_AFTER);
    }

    @Test
    void callsThatHangAreGivenUp() throws Exception {
        deliver(FaultPlan.NONE.with(Fault.HANG, 0.05).withThrottledRecords(0.05), Api.PUT_RECORDS, 40, false);
    }

    @Test
    void aFifthOfTheRecordsThrottledMakesNoDuplicateAndKeepsTheOrder() throws Exception {
        deliver(FaultPlan.NONE.withThrottledRecords(0.2), Api.PUT_RECORDS, 40, false);
    }

    @Test
    void aMixtureOfFaultsIsRiddenOut() throws Exception {
        FaultPlan plan = FaultPlan.NONE
                .with(Fault.ERROR_500, 0.1)
                .with(Fault.RESET_BEFORE, 0.1)
                .with(Fault.RESET_AFTER, 0.1)
                .with(Fault.EXPIRED, 0.05)
                .withThrottledRecords(0.1)
                .withLatencyMillis(10);
        deliver(plan, Api.PUT_RECORDS, 500, true);
    }

    @Test
    void singleRecordsRideOutAMixtureToo() throws Exception {
        FaultPlan plan = FaultPlan.NONE
                .with(Fault.ERROR_500, 0.01)
                .with(Fault.RESET_AFTER, 0.01)
                .withThrottledRecords(0.05);
        deliver(plan, Api.PUT_RECORD, 200, true);
    }
}
