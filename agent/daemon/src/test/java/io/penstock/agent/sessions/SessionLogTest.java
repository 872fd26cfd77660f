package io.penstock.agent.sessions;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Owner;
import io.penstock.mqtt.session.SessionStore.Recovered;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log of the sessions on a disk")
class SessionLogTest {
    private static final byte[] DETAILS = new byte[1_000];

    /** A session without identifiers. */
    private static final SessionStore.Content CONTENT = new SessionStore.Content() {
        @Override
        public byte[] details() {
            return DETAILS;
        }

        @Override
        public void unreleased(SessionStore.IdVisitor visitor) {}
    };

    @TempDir
    Path data;

    private final LogSystem logs = LogSystem.create(AgeClock.system());
    private final EventExecutor loop = new DefaultEventLoop();

    @AfterEach
    void stop() throws Exception {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        logs.close();
    }

    private Path folder() {
        return data.resolve("mqtt-sessions");
    }

    private SessionLog open(long maxBytes) throws IOException {
        return open(maxBytes, 0);
    }

    private SessionLog open(long maxBytes, long reserve) throws IOException {
        return SessionLog.open(
                folder(), logs, new SessionLimits(maxBytes), reserve, spool -> spool.durable(), failure -> {
                    throw new AssertionError(failure);
                });
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(30, TimeUnit.SECONDS);
    }

    private Optional<KeptSession> begin(SessionLog store, String name) throws Exception {
        return onLoop(() -> {
            Optional<KeptSession> begun = store.begin(Owner.LISTENER, name, loop, CONTENT);
            return begun.filter(session -> session.connected(100, DETAILS) >= 0);
        });
    }

    private static List<String> names(SessionLog store) {
        return store.recovered(Owner.LISTENER).stream()
                .map(Recovered::name)
                .sorted()
                .toList();
    }

    private void twoSessions() throws Exception {
        try (SessionLog store = open(16 << 20)) {
            assertTrue(begin(store, "a").isPresent());
            assertTrue(begin(store, "b").isPresent());
        }
        try (SessionLog store = open(16 << 20)) {
            assertEquals(List.of("a", "b"), names(store));
        }
    }

    private void assertAllAreNewAndTheFolderIsKept() throws Exception {
        try (SessionLog store = open(16 << 20)) {
            String condition = store.condition().orElseThrow().text();
            assertTrue(condition.contains("sessions of earlier runs are lost"), condition);
            assertTrue(condition.contains(folder() + ".damaged"), condition);
            assertTrue(condition.contains("may be stored twice"), condition);
            assertEquals(List.of(), names(store));
            assertTrue(begin(store, "c").isPresent());
            try (Stream<Path> kept = Files.list(data.resolve("mqtt-sessions.damaged"))) {
                assertTrue(kept.findAny().isPresent(), "what was damaged is kept");
            }
        }
        try (SessionLog store = open(16 << 20)) {
            assertEquals(Optional.empty(), store.condition());
            assertEquals(List.of("c"), names(store));
        }
    }

    @Test
    void noiseInItMakesAllSessionsNewAndKeepsTheFolderAside() throws Exception {
        twoSessions();
        Random random = new Random(1);
        try (Stream<Path> files = Files.walk(folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    byte[] noise = new byte[(int) Math.min(channel.size(), 4 << 10)];
                    random.nextBytes(noise);
                    channel.write(java.nio.ByteBuffer.wrap(noise), 0);
                }
            }
        }
        assertAllAreNewAndTheFolderIsKept();
    }

    @Test
    void anOperationThatThisVersionDoesNotKnowMakesAllSessionsNew() throws Exception {
        twoSessions();
        unknownOperation();
        assertAllAreNewAndTheFolderIsKept();
        unknownOperation(); // The folder that was kept before makes place.
        try (SessionLog store = open(16 << 20)) {
            assertTrue(store.condition().orElseThrow().text().contains("operation 99"), store.condition()::toString);
        }
    }

    private void unknownOperation() throws IOException {
        EntryBlock block = new EntryBlock(64, 1 << 10);
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[] {99, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1}, 0, 13);
        block.end();
        NoListener listener = new NoListener();
        try (var log = logs.open(folder(), new LogSettings(16 << 20, 0), listener)) {
            assertTrue(log.append(block) >= 0);
        }
    }

    @Test
    void sessionsTakeAQuarterOfItsBytesAndOthersAreRefusedUntilSomeEnd() throws Exception {
        int sessions = 0;
        try (SessionLog store = open(4 << 20)) {
            Optional<KeptSession> first = begin(store, "first");
            while (begin(store, "client-" + sessions).isPresent()) {
                sessions++;
                assertTrue(sessions < 10_000, "no bound");
            }
            assertTrue(sessions > 500, sessions + " fit");
            onLoop(() -> first.orElseThrow().drop());
            assertTrue(begin(store, "later").isPresent());
        }
        int all = sessions + 1;
        try (SessionLog store = open(4 << 20)) {
            // The last one was refused after it had begun: it is there, without a connection's details.
            List<String> names = names(store);
            assertTrue(names.contains("later"), names::toString);
            assertTrue(names.size() >= all, names.size() + " of " + all);
            assertFalse(names.contains("first"), "dropped");
        }
    }

    private static SessionLog inMemory(StepLog[] log) throws IOException {
        return SessionLog.open(
                new LogOpener() {
                    @Override
                    public io.penstock.journal.DurableLog open(io.penstock.journal.LogListener listener) {
                        log[0] = StepLog.empty(listener, new Random(1));
                        return log[0];
                    }

                    @Override
                    public String putAside() {
                        throw new AssertionError("the log counts as damaged");
                    }
                },
                new SessionLimits(64 << 20),
                AgeClock.system(),
                spool -> spool.durable(),
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    @Test
    void aStopAppendsWhatALogThatWasBusyDidNotTakeBefore() throws Exception {
        StepLog[] log = new StepLog[1];
        SessionLog store = inMemory(log);
        log[0].busy(7);
        assertTrue(begin(store, "a").isPresent());
        store.close();
        assertEquals(1, log[0].entries().size());
    }

    @Test
    void aFullDiskHoldsPublishesBackAndLosesNoReleaseWhenThereIsRoomAgain() throws Exception {
        StepLog[] log = new StepLog[1];
        SessionLog store = inMemory(log);
        KeptSession session = begin(store, "a").orElseThrow();
        StepSpool spool = StepSpool.empty(new StreamId("default", "s"), new Random(1));
        log[0].full(true);
        long released = -1;
        int rounds = 0;
        for (; onLoop(session::hasRoom); rounds++) {
            released = onLoop(() -> {
                for (int id = 1; id <= 1_000; id++) {
                    publish(session, spool, id);
                    session.release(id);
                }
                return session.lastOffset();
            });
            assertTrue(rounds < 10_000, "no bound of what waits");
        }
        assertTrue(rounds > 0);
        assertTrue(onLoop(() -> store.begin(Owner.LISTENER, "b", loop, CONTENT)).isEmpty(), "no room for another");
        assertFalse(session.written().end() > released);
        for (int i = 0; i < 10; i++) {
            store.tick();
        }
        log[0].full(false);
        long last = released;
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            log[0].all();
            return onLoop(session::hasRoom) && session.written().end() > last;
        });
        store.close();
    }

    @Test
    void aLogThatGrowsFasterThanItIsWrittenAnewHoldsPublishesBackAndGoesOn() throws Exception {
        int maxBytes = 16 << 20;
        try (SessionLog store = open(maxBytes)) {
            store.dropUnclaimed();
            KeptSession session = begin(store, "a").orElseThrow();
            StepSpool spool = StepSpool.empty(new StreamId("default", "s"), new Random(1));
            int rounds = 0;
            while (onLoop(session::hasRoom)) {
                onLoop(() -> {
                    for (int id = 1; id <= 1_000; id++) {
                        publish(session, spool, id);
                        session.release(id);
                    }
                    return session.lastOffset();
                });
                assertTrue(++rounds < 10_000, "no bound");
            }
            assertTrue(store.bytes() <= maxBytes, store.bytes() + " bytes");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                store.tick();
                return onLoop(session::hasRoom) && store.bytes() < maxBytes / 2;
            });
        }
        try (SessionLog store = open(maxBytes)) {
            assertEquals(List.of("a"), names(store));
        }
    }

    private static void publish(KeptSession session, StepSpool spool, int packetId) {
        EntryBlock block = new EntryBlock(64, 1 << 10);
        SpooledRecord.beginLateBound(block);
        block.end();
        SessionMark mark = (SessionMark) session.mark(packetId);
        mark.writeTo(spool, block);
        mark.stored(spool.append(block));
    }
}
