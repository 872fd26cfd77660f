package io.penstock.agent.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the session log says after each of its operations")
class ReplayTest {
    private static final long SESSION = 7;
    private static final byte[] DETAILS = "will".getBytes(StandardCharsets.UTF_8);

    private final Replay replay = new Replay();

    private void read(Consumer<GrowingBytes> operations) {
        GrowingBytes out = new GrowingBytes(64, 1 << 20);
        operations.accept(out);
        replay.read(ByteBuffer.wrap(Arrays.copyOf(out.array(), out.length())));
    }

    private static void begin(GrowingBytes out, byte op, int epoch) {
        out.put(op);
        Op.putLong(out, SESSION);
        out.putInt(epoch);
    }

    private static void begun(GrowingBytes out, int epoch, String name) {
        begin(out, Op.BEGUN, epoch);
        out.put(Owner.BRIDGE.ordinal());
        Op.putText(out, name);
    }

    private static void connected(GrowingBytes out, int epoch, long expiry) {
        begin(out, Op.CONNECTED, epoch);
        Op.putLong(out, expiry);
        Op.putBytes(out, DETAILS);
    }

    private static void ended(GrowingBytes out, int epoch, boolean keepsDetails) {
        begin(out, Op.ENDED, epoch);
        Op.putLong(out, 60);
        Op.putLong(out, 1234);
        out.put(keepsDetails ? 1 : 0);
    }

    private static void taken(GrowingBytes out, int epoch, long sequence, int packetId) {
        begin(out, Op.TAKEN, epoch);
        Op.putLong(out, sequence);
        Op.putShort(out, packetId);
        out.putInt(3);
        Op.putLong(out, 100 + packetId);
    }

    private static void released(GrowingBytes out, int epoch, int packetId) {
        begin(out, Op.RELEASED, epoch);
        Op.putShort(out, packetId);
    }

    /** Without identifiers. */
    private static void whole(GrowingBytes out, int epoch, String name, boolean connected) {
        begin(out, Op.WHOLE, epoch);
        out.put(Owner.LISTENER.ordinal());
        Op.putText(out, name);
        Op.putLong(out, 30);
        Op.putLong(out, 555);
        out.put(connected ? 1 : 0);
        Op.putLong(out, 9);
        Op.putBytes(out, DETAILS);
        Op.putShort(out, 0);
        Op.putShort(out, 0);
    }

    private Replay.Old session() {
        return Objects.requireNonNull(replay.sessions.get(SESSION));
    }

    @Test
    void aSessionThatHasBegunIsConnectedAndEmpty() {
        read(out -> begun(out, 2, "plant"));
        assertEquals("plant", session().name);
        assertEquals(Owner.BRIDGE, session().owner);
        assertTrue(session().connected);
        assertEquals(0, session().details.length);
    }

    @Test
    void anEndKeepsTheDetailsOrNotAndSaysSinceWhen() {
        read(out -> {
            begun(out, 0, "plant");
            connected(out, 0, 3600);
        });
        assertEquals(3600, session().expirySeconds);
        read(out -> ended(out, 0, true));
        assertFalse(session().connected);
        assertEquals(60, session().expirySeconds);
        assertEquals(1234, session().endedAt);
        assertEquals("will", new String(session().details, StandardCharsets.UTF_8));
        read(out -> ended(out, 0, false));
        assertEquals(0, session().details.length);
    }

    @Test
    void aConnectionAfterAnEndMakesItConnectedAgain() {
        read(out -> {
            begun(out, 0, "plant");
            ended(out, 0, true);
            connected(out, 0, 10);
        });
        assertTrue(session().connected);
        assertEquals("will", new String(session().details, StandardCharsets.UTF_8));
    }

    @Test
    void forgottenDetailsAreGoneAndTheSessionIsNot() {
        read(out -> {
            begun(out, 0, "plant");
            connected(out, 0, 10);
            begin(out, Op.FORGOTTEN, 0);
        });
        assertEquals(0, session().details.length);
    }

    @Test
    void aWillThatWasPublishedIsOfTheEarlierConnection() {
        read(out -> {
            begun(out, 0, "plant");
            taken(out, 0, 1, Replay.WILL);
            taken(out, 0, 2, 5);
            connected(out, 0, 10);
        });
        assertEquals(Set.of(5), session().unreleased.keySet());
        assertEquals(new Replay.Place(3, 105), session().unreleased.get(5));
        assertEquals(2, session().sequence);
        assertEquals(2, session().newest);
    }

    @Test
    void whatAFormerLoopWritesAfterTheWholeOfTheNextDoesNotCount() {
        read(out -> {
            begun(out, 0, "plant");
            taken(out, 0, 1, 5);
            whole(out, 1, "plant", true);
            taken(out, 0, 2, 6);
            connected(out, 0, 99);
            taken(out, 1, 10, 8);
            released(out, 0, 8);
        });
        assertEquals(Set.of(8), session().unreleased.keySet());
        assertEquals(30, session().expirySeconds);
        assertEquals(10, session().sequence);
    }

    @Test
    void aWholeOfAFormerLoopDoesNotReplaceThatOfTheNext() {
        read(out -> {
            whole(out, 2, "later", true);
            whole(out, 1, "earlier", false);
        });
        assertEquals("later", session().name);
        assertTrue(session().connected);
    }

    @Test
    void aWholeOfTheSameLoopReplacesWhatWasKnown() {
        read(out -> {
            whole(out, 1, "plant", true);
            taken(out, 1, 10, 8);
            whole(out, 1, "plant", false);
        });
        assertEquals(Set.of(), session().unreleased.keySet());
        assertFalse(session().connected);
        assertEquals(555, session().endedAt);
        assertEquals(9, session().sequence);
    }

    @Test
    void aBeginningBehindAWholeDoesNotCount() {
        read(out -> {
            whole(out, 1, "plant", false);
            begun(out, 0, "again");
        });
        assertEquals("plant", session().name);
    }

    /** The log was truncated between: a whole comes further on, or the session is dropped. */
    @Test
    void operationsOfASessionWithoutItsBeginningAreLeftOut() {
        read(out -> {
            connected(out, 0, 10);
            taken(out, 0, 1, 5);
            ended(out, 0, true);
        });
        assertNull(replay.sessions.get(SESSION));
    }

    @Test
    void aDroppedSessionIsGone() {
        read(out -> {
            begun(out, 0, "plant");
            begin(out, Op.DROPPED, 0);
        });
        assertNull(replay.sessions.get(SESSION));
    }

    @Test
    void theHighestOffsetBelowWhichAllIsStoredCounts() {
        read(out -> {
            Op.putStored(out, 3, 500);
            Op.putStored(out, 3, 400);
        });
        assertEquals(500, replay.storedBelow(3));
        assertEquals(0, replay.storedBelow(4));
    }

    @Test
    void anOperationThatIsCutOffOrUnknownIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> read(out -> begin(out, Op.CONNECTED, 0)));
        assertThrows(IllegalArgumentException.class, () -> read(out -> begin(out, (byte) 99, 0)));
    }
}
