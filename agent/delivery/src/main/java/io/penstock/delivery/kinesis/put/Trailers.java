package io.penstock.delivery.kinesis.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** The MD5s at the end of records of a body ({@link PutEntry#digestFrom()}). Used for one body. */
@OwnedBy(ThreadRole.HOLDER)
final class Trailers {
    private static final int MD5_BYTES = 16;

    private final byte[] body;
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int count;

    Trailers(byte[] body) {
        this.body = body;
    }

    /** Requests that the MD5 of the body's bytes {@code [first, end)} is written directly behind them. */
    void add(int first, int end) {
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
        }
        from[count] = first;
        to[count++] = end;
    }

    /** Computes and writes all requested MD5s. */
    void fill() {
        if (count >= Md5Lanes.WORTH_IT_LONG) {
            byte[][] messages = new byte[count][];
            Arrays.fill(messages, body);
            new Md5Lanes(count)
                    .hash(messages, from, to, count, (lane, high, low) -> new Hash128(high, low).put(body, to[lane]));
            return;
        }
        MessageDigest md5 = Hash128.md5();
        for (int i = 0; i < count; i++) {
            md5.update(body, from[i], to[i] - from[i]);
            try {
                md5.digest(body, to[i], MD5_BYTES);
            } catch (DigestException tooShort) {
                throw new IllegalStateException("a record leaves room for its MD5", tooShort);
            }
        }
    }
}
