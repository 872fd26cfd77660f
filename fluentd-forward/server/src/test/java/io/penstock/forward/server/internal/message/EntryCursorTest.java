package io.penstock.forward.server.internal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EntryCursorTest {
    private static final byte[] NIL_AND_AN_EMPTY_RECORD = {(byte) 0xc0, (byte) 0x80};

    @Test
    void anEventWithoutTimeHasThatOfItsArrivalAlsoOnAClockBefore1970() throws Exception {
        EntryCursor cursor = new EntryCursor(4, 1, () -> Instant.ofEpochMilli(-1500));
        cursor.single(NIL_AND_AN_EMPTY_RECORD, 0, NIL_AND_AN_EMPTY_RECORD.length);

        assertTrue(cursor.next());
        assertEquals(-2, cursor.seconds());
        assertEquals(500_000_000, cursor.nanos());
    }

    @Test
    void whatIsForgottenDoesNotStayInMemory() throws Exception {
        EntryCursor cursor = new EntryCursor(4, 1, () -> Instant.EPOCH);
        byte[] bytes = NIL_AND_AN_EMPTY_RECORD.clone();
        cursor.single(bytes, 0, bytes.length);
        cursor.next();
        assertTrue(cursor.text(new byte[1]).isEmpty());
        WeakReference<byte[]> held = new WeakReference<>(bytes);
        bytes = null;

        cursor.forget();

        Awaitility.await().until(() -> {
            System.gc();
            return held.get() == null;
        });
    }
}
