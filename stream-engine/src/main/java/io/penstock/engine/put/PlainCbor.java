package io.penstock.engine.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.wire.KinesisModel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses the CBOR (RFC 8949) of PutRecord and PutRecords as SDKs and Penstock's sender write it, and leaves keys and
 * data in place in the body. Accepts known members, strings of definite length, and ASCII texts. At anything else,
 * valid or not, it stops, and {@link PutParser} parses the body from its start.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PlainCbor implements PutMember.Value {
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;

    private static final int LARGEST_INLINE = 23;
    private static final int INDEFINITE = 31;
    private static final byte BREAK = (byte) 0xFF;
    private static final int ENDLESS = Integer.MAX_VALUE;
    private static final int NONE = -1;

    private static final byte[] NOTHING = new byte[0];

    private final RecordDraft record;
    private byte[] body = NOTHING;
    private int at;
    /** The start of the string that was read last. */
    private int from;

    private int length;

    PlainCbor(RecordDraft record) {
        this.record = record;
    }

    /** Parses the body into {@code batch}. Returns false if the body has another form. */
    boolean read(byte[] whole, boolean single, PutBatch batch) {
        batch.clear();
        batch.refer(whole);
        body = whole;
        at = 0;
        try {
            return (single ? single(batch) : many(batch)) && at == body.length;
        } finally {
            body = NOTHING;
        }
    }

    private boolean single(PutBatch batch) {
        record.begin();
        int left = head(MAP);
        while (more(left)) {
            if (!string(TEXT) || !singleMember(named(), batch)) {
                return false;
            }
            left--;
        }
        return ended(left) && record.end(batch);
    }

    private boolean many(PutBatch batch) {
        int left = head(MAP);
        while (more(left)) {
            if (!string(TEXT) || !manyMember(named(), batch)) {
                return false;
            }
            left--;
        }
        return ended(left) && batch.count() > 0;
    }

    private boolean singleMember(PutMember member, PutBatch batch) {
        return member.ofRecord(this, record, batch) || member.ofCall(this, batch);
    }

    private boolean manyMember(PutMember member, PutBatch batch) {
        return member == PutMember.RECORDS ? records(batch) : member.ofCall(this, batch);
    }

    private boolean records(PutBatch batch) {
        if (batch.count() > 0) {
            return false;
        }
        int left = head(ARRAY);
        while (more(left)) {
            if (batch.count() == KinesisModel.MAX_RECORDS || !record(batch)) {
                return false;
            }
            left--;
        }
        return ended(left);
    }

    private boolean record(PutBatch batch) {
        record.begin();
        int left = head(MAP);
        while (more(left)) {
            if (!string(TEXT) || !named().ofRecord(this, record, batch)) {
                return false;
            }
            left--;
        }
        return ended(left) && record.end(batch);
    }

    @Override
    public @Nullable String text() {
        return ascii() ? new String(body, from, length, StandardCharsets.US_ASCII) : null;
    }

    @Override
    public boolean key(PutBatch batch) {
        if (!ascii() || length == 0 || length > KinesisModel.MAX_PARTITION_KEY) {
            return false;
        }
        record.key(from, length);
        return true;
    }

    @Override
    public boolean data(PutBatch batch) {
        if (!string(BYTES) || length > KinesisModel.MAX_DATA) {
            return false;
        }
        record.data(from, length);
        return true;
    }

    /** True if there is another element or member, of which {@code left} were announced. */
    private boolean more(int left) {
        return left > 0 && at < body.length && !(body[at] == BREAK && left > ENDLESS / 2);
    }

    /** True if the array or map, with {@code left} elements to come, has ended; skips its break code if it has one. */
    private boolean ended(int left) {
        if (left <= ENDLESS / 2) {
            return left == 0;
        }
        return at < body.length && body[at++] == BREAK;
    }

    /** Reads an ASCII text. */
    private boolean ascii() {
        if (!string(TEXT)) {
            return false;
        }
        for (int i = from; i < at; i++) {
            if (body[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads a string of that major type and of definite length. */
    private boolean string(int major) {
        int bytes = head(major);
        if (bytes < 0 || bytes > body.length - at) {
            return false;
        }
        from = at;
        length = bytes;
        at += bytes;
        return true;
    }

    /**
     * The argument of a head of that major type; {@link #ENDLESS} if its length is indefinite, {@link #NONE} for any
     * other head.
     */
    private int head(int major) {
        if (at == body.length || (body[at] & 0xFF) >>> 5 != major) {
            return NONE;
        }
        int info = body[at++] & 0x1F;
        if (info <= LARGEST_INLINE) {
            return info;
        }
        if (info == INDEFINITE) {
            return ENDLESS;
        }
        int more = 1 << info - LARGEST_INLINE - 1;
        if (info > LARGEST_INLINE + 3 || body.length - at < more) {
            return NONE;
        }
        int argument = 0;
        for (int i = 0; i < more; i++) {
            argument = argument << 8 | body[at++] & 0xFF;
        }
        return argument < 0 || argument > ENDLESS / 2 ? NONE : argument;
    }

    private PutMember named() {
        return PutMember.named(body, from, from + length);
    }
}
