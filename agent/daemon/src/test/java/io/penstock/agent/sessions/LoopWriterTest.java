package io.penstock.agent.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.ack.Waiter;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogListener;
import io.penstock.mqtt.session.SessionStore;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop's tasks run when the test says so, and the log answers as the test says. A size of the log is in MiB. */
@DisplayName("What the sessions of one event loop write")
class LoopWriterTest {
    private static final int MIB = 1 << 20;
    private static final int CROWDED = 16;
    private static final SessionStore.Content CONTENT = new SessionStore.Content() {
        @Override
        public byte[] details() {
            return new byte[0];
        }

        @Override
        public void unreleased(SessionStore.IdVisitor visitor) {}
    };

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> told = new ArrayList<>();
    private StepLog log;
    private SessionLog store;
    private LoopWriter writer;
    private LoggedSession session;

    @BeforeEach
    void open() throws IOException {
        LogOpener opener = new LogOpener() {
            @Override
            public DurableLog open(LogListener listener) {
                log = StepLog.empty(listener, new Random(1));
                return log;
            }

            @Override
            public String putAside() {
                throw new AssertionError("the log counts as damaged");
            }
        };
        SessionLimits limits = new SessionLimits((CROWDED - 1) * 4L / 3 * MIB);
        store = SessionLog.open(opener, limits, AgeClock.system(), spool -> spool.durable(), failure -> {
            throw new AssertionError(failure);
        });
        writer = store.writers().of(channel.eventLoop());
        session = new LoggedSession(store, 7, Owner.LISTENER, "x");
    }

    @AfterEach
    void close() {
        channel.close();
    }

    /** An operation with {@code bytes} behind its head. Returns its number. */
    private long operation(int bytes) {
        writer.begin(Op.CONNECTED, session).put(new byte[bytes], 0, bytes);
        return writer.done();
    }

    private void turn() {
        channel.runPendingTasks();
    }

    /** Notes when the writer tells of room. */
    private void awaitRoom() {
        told.clear();
        writer.room.await(new Waiter(channel.eventLoop(), () -> told.add("room")));
    }

    private int bytesOfEntry(int entry) {
        return log.entries().get(entry).bytes().length;
    }

    @Test
    void theOperationsOfATurnAreOneEntryAfterItAndDurableWithIt() {
        long first = operation(10);
        long second = operation(20);
        assertEquals(first + 1, second);
        assertEquals(second, writer.last());
        assertEquals(0, log.entries().size());
        assertEquals(-1, writer.lastEntry());
        turn();
        assertEquals(1, log.entries().size());
        assertEquals(0, writer.lastEntry());
        assertTrue(writer.durable.end() <= first);
        log.all();
        assertEquals(second + 1, writer.durable.end());
        long third = operation(1);
        turn();
        assertEquals(1, writer.lastEntry());
        assertEquals(third, writer.durable.end());
    }

    @Test
    void anOperationBeginsWithItsSessionAndEpoch() {
        operation(1);
        turn();
        ByteBuffer entry = ByteBuffer.wrap(log.entries().get(0).bytes());
        assertEquals(Op.CONNECTED, entry.get());
        assertEquals(7, entry.getLong());
        assertEquals(session.epoch(), entry.getInt());
        assertEquals(1, entry.remaining());
    }

    @Test
    void whatNoAnswerWaitsForGoesWithTheNextThatOneWaitsFor() {
        writer.begin(Op.TAKEN, session);
        writer.noted();
        turn();
        assertEquals(0, log.entries().size());
        operation(1);
        turn();
        assertEquals(1, log.entries().size());
    }

    @Test
    void aLargeEntryIsAppendedAtOnce() {
        operation(127 << 10);
        assertEquals(0, log.entries().size());
        operation(2 << 10);
        assertEquals(1, log.entries().size());
        turn();
        assertEquals(1, log.entries().size());
    }

    @Test
    void aStreamIsNamedOnceBeforeItsFirstUse() {
        StreamState stream = new StreamState(3, new StreamId("target", "stream"), 0);
        writer.name(stream);
        writer.name(new StreamState(4, new StreamId("target", "other"), 0));
        operation(1);
        turn();
        ByteBuffer entry = ByteBuffer.wrap(log.entries().get(0).bytes());
        assertEquals(Op.STREAM, entry.get());
        assertEquals(3, entry.getInt());
        assertEquals("target", Op.text(entry));
        assertEquals("stream", Op.text(entry));
        assertEquals(Op.STREAM, entry.get());
        assertEquals(4, entry.getInt());
        writer.name(stream);
        operation(1);
        turn();
        assertEquals(Op.CONNECTED, log.entries().get(1).bytes()[0]);
    }

    @Test
    void entriesThatWaitedForRoomAreDurableOneByOne() {
        log.full(true);
        long first = operation(1);
        turn();
        long second = operation(2);
        turn();
        assertTrue(writer.isStuck() && writer.isHeld());
        assertTrue(writer.hasRoom(), "little waits");
        assertEquals(0, log.entries().size());
        awaitRoom();
        log.full(false);
        turn();
        assertEquals(2, log.entries().size());
        assertTrue(bytesOfEntry(0) < bytesOfEntry(1), "in their order");
        assertFalse(writer.isStuck() || writer.isHeld());
        assertEquals(List.of("room"), told);
        log.durableUpTo(1);
        assertEquals(first + 1, writer.durable.end());
        log.durableUpTo(2);
        assertEquals(second + 1, writer.durable.end());
    }

    @Test
    void oneRefusalThatWasOverAtTheSecondTryHoldsNothing() {
        log.busy(1);
        operation(1);
        turn();
        assertEquals(1, log.entries().size());
        assertFalse(writer.isStuck());
    }

    @Test
    void aMebibyteThatWaitsForRoomKeepsFurtherPublishesOutAndNoMoreOnceItIsAppended() {
        log.full(true);
        for (int i = 0; i < 7; i++) {
            operation(128 << 10);
        }
        assertTrue(writer.hasRoom());
        operation(128 << 10);
        assertFalse(writer.hasRoom());
        assertTrue(
                store.begin(Owner.LISTENER, "y", channel.eventLoop(), CONTENT).isEmpty());
        log.full(false);
        turn();
        assertEquals(8, log.entries().size());
        assertTrue(writer.hasRoom());
        log.full(true);
        operation(128 << 10);
        assertTrue(writer.hasRoom(), "what was appended counts no more");
    }

    @ParameterizedTest
    @ValueSource(longs = {DurableLog.CLOSED, DurableLog.TOO_LARGE})
    void whatALogRefusesForGoodIsNeverDurable(long answer) {
        log.refuse(answer);
        operation(1);
        assertFalse(writer.durable.failed());
        turn();
        assertTrue(writer.durable.failed());
        assertFalse(writer.isStuck());
    }

    @ParameterizedTest
    @ValueSource(longs = {DurableLog.BUSY, DurableLog.FULL})
    void whatALogRefusesForNowIsNoFailure(long answer) {
        log.refuse(answer);
        operation(1);
        turn();
        assertFalse(writer.durable.failed());
        assertTrue(writer.isStuck());
    }

    @Test
    void aLogThatIsNearlyFullKeepsPublishesOutUntilItIsShort() {
        for (int i = 1; i < CROWDED; i++) {
            operation(1);
            turn();
        }
        assertTrue(writer.hasRoom());
        assertFalse(writer.isHeld());
        operation(1);
        turn();
        assertFalse(writer.hasRoom());
        assertTrue(writer.isHeld() && !writer.isStuck());
        log.all();
        awaitRoom();
        writer.retry();
        turn();
        assertFalse(writer.hasRoom(), "it is as long as before");
        assertEquals(List.of(), told);
        log.truncateBefore(CROWDED);
        writer.retry();
        turn();
        assertTrue(writer.hasRoom());
        assertEquals(List.of("room"), told);
    }

    @Test
    void sessionsAreWrittenAnewInSlices() {
        List<LoggedSession> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add((LoggedSession) store.begin(Owner.LISTENER, "s" + i, channel.eventLoop(), CONTENT)
                    .orElseThrow());
        }
        turn();
        int generation = store.live().nextGeneration();
        writer.renew(generation);
        assertEquals(
                64, all.stream().filter(each -> each.generation() == generation).count());
        turn();
        assertEquals(
                100,
                all.stream().filter(each -> each.generation() == generation).count());
        long written = log.entries().size();
        writer.renew(generation);
        turn();
        assertEquals(written, log.entries().size(), "each once in a generation");
    }

    @Test
    void aSessionThatIsRemovedIsNotWrittenAnew() {
        writer.add(session);
        writer.remove(session);
        writer.renew(store.live().nextGeneration());
        turn();
        assertEquals(0, log.entries().size());
    }

    @Test
    void numbersAndTextsOfOperationsAreBigEndianWithTheirLength() {
        GrowingBytes out = new GrowingBytes(64, 64);
        Op.putShort(out, 0x1234);
        Op.putLong(out, 0x0102030405060708L);
        Op.putText(out, "ü");
        Op.putBytes(out, new byte[] {9});
        Op.putStored(out, 5, 6);
        ByteBuffer in = ByteBuffer.wrap(out.array(), 0, out.length());
        assertEquals(0x1234, in.getShort());
        assertEquals(0x0102030405060708L, in.getLong());
        assertEquals(2, in.getShort());
        byte[] text = new byte[2];
        in.get(text);
        assertEquals("ü", new String(text, StandardCharsets.UTF_8));
        assertEquals(9, Op.bytes(in)[0]);
        assertEquals(Op.STORED, in.get());
        assertEquals(5, in.getInt());
        assertEquals(6, in.getLong());
        assertEquals(0, in.remaining());
    }
}
