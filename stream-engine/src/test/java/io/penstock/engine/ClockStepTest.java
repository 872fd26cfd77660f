package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine on a machine whose clock is set while the monotonic time advances evenly. */
class ClockStepTest {
    private static final String FIRST = JsonClient.shardId(0);
    private static final Duration SIX_YEARS = Duration.ofDays(2191);

    private final Machine machine = new Machine();

    @TempDir
    Path folder;

    private StreamEngine engine;
    private JsonClient client;

    /** The machine's clocks; thread-safe. */
    private static final class Machine implements TimeSource {
        private final AtomicLong wall =
                new AtomicLong(Instant.parse("2026-11-30T12:00:00Z").toEpochMilli());
        private final AtomicLong elapsed = new AtomicLong(5000);
        private volatile String boot = "first";

        void pass(Duration by) {
            wall.addAndGet(by.toMillis());
            elapsed.addAndGet(by.toMillis());
        }

        void step(Duration by) {
            wall.addAndGet(by.toMillis());
        }

        void reboot() {
            boot += "+";
            elapsed.set(100);
        }

        @Override
        public long wallMillis() {
            return wall.get();
        }

        @Override
        public long elapsedNanos() {
            return TimeUnit.MILLISECONDS.toNanos(elapsed.get());
        }

        @Override
        public Optional<Uptime> uptime() {
            return Optional.of(new Uptime(boot, elapsed.get()));
        }
    }

    private void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.persistent(folder)
                .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTls(new Tls.Off())
                .withTransition(Duration.ZERO)
                .withReserveBytes(0)
                .withTime(machine));
        client = new JsonClient(engine);
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
    }

    private List<Instant> arrivals() {
        List<Instant> arrivals = new ArrayList<>();
        client.records(client.iterator("s", FIRST, "TRIM_HORIZON"))
                .path("Records")
                .forEach(record -> arrivals.add(Instant.ofEpochMilli(
                        Math.round(record.path("ApproximateArrivalTimestamp").asDouble() * 1000))));
        return arrivals;
    }

    private List<String> since(String date) {
        String time = ",'Timestamp':" + Instant.parse(date).getEpochSecond();
        List<String> texts = new ArrayList<>();
        client.records(client.iterator("s", FIRST, "AT_TIMESTAMP", time))
                .path("Records")
                .forEach(record -> texts.add(JsonClient.text(record)));
        return texts;
    }

    /** Repeats until the engine has noticed the new setting, which it checks once a second. */
    private void put(String text, String expectedDate) {
        Instant expected = Instant.parse(expectedDate);
        Awaitility.await().until(() -> {
            client.put("s", "k", text);
            List<Instant> arrivals = arrivals();
            return arrivals.get(arrivals.size() - 1).equals(expected);
        });
    }

    @Test
    void recordsOfAClockYearsBehindStayWhenItIsSetRightAndExpireByTheirAge() throws IOException {
        machine.step(SIX_YEARS.negated());
        start();
        client.createStream("s", 1);
        client.put("s", "k", "behind");
        String iterator = client.iterator("s", FIRST, "TRIM_HORIZON");
        machine.step(SIX_YEARS);
        put("right", "2026-11-30T12:00:00Z");
        machine.pass(Duration.ofMinutes(2));

        Awaitility.await()
                .during(Duration.ofMillis(1500))
                .until(() -> client.readAll("s", FIRST).get(0).equals("behind"));
        assertEquals(
                "behind",
                JsonClient.text(client.records(iterator).path("Records").path(0)));
        assertEquals("right", since("2026-11-30T12:00:00Z").get(0));
        assertEquals("behind", since("2020-11-30T12:00:00Z").get(0));
        machine.pass(Duration.ofHours(24));
        Awaitility.await().until(() -> client.readAll("s", FIRST).isEmpty());
    }

    @Test
    void timesComeBackAfterAJumpAheadAndBackAndEverythingExpires() throws IOException {
        start();
        client.createStream("s", 1);
        client.put("s", "k", "before");
        machine.step(SIX_YEARS);
        put("ahead", "2032-11-29T12:00:00Z");
        machine.step(SIX_YEARS.negated());
        machine.pass(Duration.ofMinutes(1));
        put("after", "2026-11-30T12:01:00Z");

        List<Instant> arrivals = arrivals();
        assertEquals(Instant.parse("2026-11-30T12:00:00Z"), arrivals.get(0));
        assertEquals(arrivals.stream().sorted().toList(), arrivals);
        assertFalse(arrivals.get(arrivals.size() - 1).isAfter(Instant.parse("2026-11-30T12:01:00Z")));
        assertTrue(since("2026-11-30T12:00:01Z").contains("after"), "what is newer than the time that is asked for");
        assertFalse(since("2026-11-30T12:00:01Z").contains("before"));
        machine.pass(Duration.ofHours(25));
        Awaitility.await().until(() -> client.readAll("s", FIRST).isEmpty());
    }

    @Test
    void nothingExpiresOverRestartsOfAMachineThatBeginsIn1970() throws IOException {
        Duration to1970 = Duration.ofMillis(machine.wallMillis()).negated();
        machine.step(to1970);
        start();
        client.createStream("s", 1);
        client.put("s", "k", "first boot");
        engine.close();
        machine.reboot();
        start();
        client.put("s", "k", "second boot");
        engine.close();
        machine.reboot();
        machine.step(to1970.negated());
        start();
        machine.pass(Duration.ofMinutes(2));
        put("right", "2026-11-30T12:02:00Z");

        Awaitility.await()
                .during(Duration.ofMillis(1500))
                .until(() -> client.readAll("s", FIRST).subList(0, 2).equals(List.of("first boot", "second boot")));
    }

    @Test
    void dataOfAnEarlierProgramHasNoClockFileAndIsAsOldAsItsDatesSay() throws IOException {
        start();
        client.createStream("s", 1);
        client.put("s", "k", "old");
        engine.close();
        Files.delete(folder.resolve("clock"));
        machine.pass(Duration.ofHours(23));
        machine.reboot();
        start();
        assertEquals(List.of("old"), client.readAll("s", FIRST));
        assertEquals(List.of(Instant.parse("2026-11-30T12:00:00Z")), arrivals());
        client.put("s", "k", "new");
        machine.pass(Duration.ofMinutes(61));
        Awaitility.await().until(() -> client.readAll("s", FIRST).equals(List.of("new")));
    }

    @Test
    void aDamagedClockFileMakesNothingExpireEarly() throws IOException {
        machine.step(SIX_YEARS.negated());
        start();
        client.createStream("s", 1);
        client.put("s", "k", "behind");
        engine.close();
        machine.step(SIX_YEARS);
        Files.writeString(folder.resolve("clock"), "penstock-clock 1\nnonsense");
        start();
        machine.pass(Duration.ofMinutes(2));
        Awaitility.await()
                .during(Duration.ofMillis(1500))
                .until(() -> client.readAll("s", FIRST).equals(List.of("behind")));
        machine.pass(Duration.ofHours(24));
        Awaitility.await().until(() -> client.readAll("s", FIRST).isEmpty());
    }

    @Test
    void anIteratorLastsFiveMinutesWhateverTheClockSays() throws IOException {
        start();
        client.createStream("s", 1);
        String iterator = client.iterator("s", FIRST, "LATEST");
        machine.step(SIX_YEARS);
        client.records(iterator);
        machine.step(SIX_YEARS.multipliedBy(-2));
        machine.pass(Duration.ofMinutes(5).plusMillis(1));
        assertEquals(
                "ExpiredIteratorException",
                client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}")
                        .errorType());
    }
}
