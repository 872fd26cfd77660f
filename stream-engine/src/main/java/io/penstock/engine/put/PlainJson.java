package io.penstock.engine.put;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.wire.KinesisModel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses the JSON of PutRecord and PutRecords as SDKs write it, without a tokenizer: most of the cost of a put is the
 * Base64 of its data. Accepts known members and ASCII texts without escapes, and no nulls. At anything else, valid or
 * not, it stops, and {@link PutParser} reads the body as a tree.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class PlainJson implements PutMember.Value {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;

    private static final byte[] NOTHING = new byte[0];

    private final Base64.Decoder base64 = Base64.getDecoder();
    private final RecordDraft record;
    private byte[] body = NOTHING;
    private int at;
    /** The text that was read last: from behind its opening quote to its closing one. */
    private int textFrom;

    private int textTo;

    PlainJson(RecordDraft record) {
        this.record = record;
    }

    /** Parses the body into {@code batch}. Returns false if the body has another form. */
    boolean read(byte[] whole, boolean single, PutBatch batch) {
        batch.clear();
        batch.expect(whole.length / 4 * 3);
        body = whole;
        at = 0;
        try {
            return (single ? single(batch) : many(batch)) && isEnd();
        } catch (IllegalArgumentException e) {
            // Invalid Base64, or Base64 with blanks.
            return false;
        } finally {
            body = NOTHING;
        }
    }

    private boolean single(PutBatch batch) {
        record.begin();
        return object(member -> member.ofRecord(this, record, batch) || member.ofCall(this, batch))
                && record.end(batch);
    }

    private boolean many(PutBatch batch) {
        return object(member -> member == PutMember.RECORDS ? records(batch) : member.ofCall(this, batch))
                && batch.count() > 0;
    }

    private boolean records(PutBatch batch) {
        if (batch.count() > 0 || !take('[')) {
            return false;
        }
        do {
            record.begin();
            if (batch.count() == KinesisModel.MAX_RECORDS
                    || !object(member -> member.ofRecord(this, record, batch))
                    || !record.end(batch)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean object(Predicate<PutMember> members) {
        if (!take('{')) {
            return false;
        }
        do {
            if (!ascii() || !take(':') || !members.test(PutMember.named(body, textFrom, textTo))) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    @Override
    public @Nullable String text() {
        return ascii() ? new String(body, textFrom, textTo - textFrom, StandardCharsets.US_ASCII) : null;
    }

    @Override
    public boolean key(PutBatch batch) {
        if (!ascii()) {
            return false;
        }
        int length = textTo - textFrom;
        if (length == 0 || length > KinesisModel.MAX_PARTITION_KEY) {
            return false;
        }
        int from = batch.position();
        batch.write(body, textFrom, length);
        record.key(from, batch);
        return true;
    }

    @Override
    public boolean data(PutBatch batch) {
        if (!take('"')) {
            return false;
        }
        int end = quote(at);
        // Java's decoder would accept missing padding.
        if (end < 0 || (end - at) % 4 != 0) {
            return false;
        }
        ByteBuffer decoded = base64.decode(ByteBuffer.wrap(body, at, end - at));
        int from = batch.position();
        batch.write(decoded.array(), decoded.arrayOffset(), decoded.remaining());
        record.data(from, batch);
        at = end + 1;
        return decoded.remaining() <= KinesisModel.MAX_DATA;
    }

    /** The index of the next quote; negative if there is none. Examines eight bytes at a time. */
    private int quote(int from) {
        int i = from;
        for (; i + Long.BYTES <= body.length; i += Long.BYTES) {
            long differences = (long) LONGS.get(body, i) ^ QUOTES;
            long found = (differences - ONES) & ~differences & HIGHS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < body.length && body[i] != '"') {
            i++;
        }
        return i < body.length ? i : -1;
    }

    /** Reads a text of printable ASCII without escapes. */
    private boolean ascii() {
        if (!take('"')) {
            return false;
        }
        textFrom = at;
        while (at < body.length && body[at] >= ' ' && body[at] != '"' && body[at] != '\\') {
            at++;
        }
        textTo = at;
        return at < body.length && body[at++] == '"';
    }

    private boolean take(char mark) {
        skipBlanks();
        if (at < body.length && body[at] == mark) {
            at++;
            return true;
        }
        return false;
    }

    private boolean isEnd() {
        skipBlanks();
        return at == body.length;
    }

    private void skipBlanks() {
        while (at < body.length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }
}
