package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Makes record ids: 26 characters of Crockford's base 32, of which the first ten are the time in milliseconds and the
 * others 80 random bits, the form known as ULID. The time is the agent's own, never one that a client sent: a sender
 * could choose it so that its ids, and those of all other clients of the loop, say nothing any more. Ids of one
 * instance rise as text, also within a millisecond and when the clock is set back by up to {@value #SMALL_STEP} ms. A
 * clock that was years ahead and is set right takes them back with it, as a restart would. Ids of all instances are
 * distinct but for an accident of less than one in 2^64 per pair within a millisecond.
 *
 * <pre>
 *  0                48                                 128
 *  +----------------+-----------------------------------+
 *  | epoch millis   | random, +1 within a millisecond   |
 *  +----------------+-----------------------------------+
 * </pre>
 */
@OwnedBy(ThreadRole.HOLDER)
public final class RecordIds {
    static final int LENGTH = 26;
    private static final byte[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);
    private static final long HIGH_MASK = 0xFFFF;

    /** How many characters the last 40 bits have. */
    private static final int LAST = 8;

    private static final long LAST_MASK = (1L << 5 * LAST) - 1;

    /** The last millisecond that an id can say, in the year 10889. */
    private static final long LAST_MILLIS = (1L << 48) - 1;

    private static final long SMALL_STEP = 60_000;

    private final SplittableRandom random;
    private final byte[] text = new byte[LENGTH];
    private long millis = -1;
    private long high;
    private long low;

    public RecordIds() {
        this(new SecureRandom().nextLong());
    }

    RecordIds(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Appends a new id.
     *
     * @param now the agent's clock, epoch milliseconds; a time that an id cannot say becomes the nearest that it can
     */
    public void append(long now, GrowingBytes into) {
        long time = Math.min(Math.max(now, 0), LAST_MILLIS);
        if (time > millis || millis - time > SMALL_STEP) {
            begin(time);
        } else if ((++low & LAST_MASK) != 0) {
            base32(low & LAST_MASK, LENGTH - LAST, LAST); // Nearly always the only part that changes.
        } else if (low == 0 && (++high & ~HIGH_MASK) != 0) {
            begin(Math.min(millis + 1, LAST_MILLIS));
        } else {
            write();
        }
        into.put(text, 0, LENGTH);
    }

    private void begin(long time) {
        millis = time;
        high = random.nextLong() & HIGH_MASK;
        low = random.nextLong();
        write();
    }

    private void write() {
        base32(millis, 0, 10);
        base32(high << 24 | low >>> 40, 10, 8);
        base32(low & LAST_MASK, LENGTH - LAST, LAST);
    }

    private void base32(long bits, int from, int count) {
        long rest = bits;
        for (int i = from + count - 1; i >= from; i--) {
            text[i] = ALPHABET[(int) (rest & 31)];
            rest >>>= 5;
        }
    }
}
