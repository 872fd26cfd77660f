package io.penstock.delivery.kinesis.put;

import io.penstock.delivery.kinesis.put.PutOutcome.EntryOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses the answer to PutRecords from CBOR (RFC 8949): per record the shard or the error; everything else is skipped.
 * One thread, one use; it may change the body. Throws if the bytes are not CBOR, are nested deeper than any valid
 * answer, or do not have one result per record.
 */
final class CborAnswer {
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int BREAK = 0xff;
    private static final int NULL = 0xf6;
    private static final int INDEFINITE = -1;
    private static final int DEEPEST = 16;
    private static final int ONE_BYTE = 24;
    private static final int EIGHT_BYTES = 27;
    private static final int NO_LENGTH = 31;
    private static final int SLOTS = 16;

    private static final byte[] RECORDS = ascii("Records");
    private static final byte[] SEQUENCE_NUMBER = ascii(EntryFields.SEQUENCE_NUMBER);
    private static final byte[] SHARD_ID = ascii(EntryFields.SHARD_ID);
    private static final byte[] ERROR_CODE = ascii(EntryFields.ERROR_CODE);
    private static final byte[] ERROR_MESSAGE = ascii(EntryFields.ERROR_MESSAGE);

    private final byte[] body;
    private final int expected;
    private final IntPredicate numbered;
    private final List<EntryOutcome> entries;
    private final EntryFields entry = new EntryFields();
    private final @Nullable Known[] shards = new Known[SLOTS];
    private int at;

    private int textFrom;
    private int textTo;

    /** A shard that this answer has named before; one entry per last digits of the id. */
    private record Known(byte[] id, PutOutcome.Stored outcome) {}

    private CborAnswer(byte[] body, int expected, IntPredicate numbered) {
        this.body = body;
        this.numbered = numbered;
        this.expected = expected;
        this.entries = new ArrayList<>(expected);
    }

    /** The results in order, without sequence numbers. */
    static List<EntryOutcome> putRecords(byte[] body, int expected) throws IOException {
        return putRecords(body, expected, entry -> false);
    }

    /**
     * The results in order.
     *
     * @param numbered the entries whose sequence numbers are wanted
     */
    static List<EntryOutcome> putRecords(byte[] body, int expected, IntPredicate numbered) throws IOException {
        CborAnswer answer = new CborAnswer(body, expected, numbered);
        try {
            answer.read();
        } catch (ArrayIndexOutOfBoundsException cutShort) {
            throw new IOException("it is cut short", cutShort);
        }
        return answer.entries;
    }

    private void read() throws IOException {
        boolean found = false;
        int fields = open(MAP);
        while (more(fields)) {
            fields = next(fields);
            name();
            if (!is(RECORDS)) {
                skip(0);
            } else if (found) {
                throw new IOException("it has Records twice");
            } else {
                found = true;
                records();
            }
        }
        if (at != body.length) {
            throw new IOException("something follows it");
        }
        if (entries.size() != expected) {
            throw new IOException(wrongNumber(entries.size()));
        }
    }

    private String wrongNumber(int results) {
        return "it has " + results + " results for " + expected + (expected == 1 ? " record" : " records");
    }

    private void records() throws IOException {
        int records = open(ARRAY);
        while (more(records)) {
            records = next(records);
            if (entries.size() == expected) {
                throw new IOException("it has more results than the call has records");
            }
            entries.add(result());
        }
    }

    private EntryOutcome result() throws IOException {
        entry.reset();
        int fields = open(MAP);
        int shardFrom = 0;
        int shardTo = 0;
        String number = "";
        while (more(fields)) {
            fields = next(fields);
            name();
            boolean sequence = is(SEQUENCE_NUMBER);
            boolean shard = is(SHARD_ID);
            boolean error = is(ERROR_CODE);
            boolean words = is(ERROR_MESSAGE);
            if ((sequence || shard || error || words) && major() == TEXT) {
                name();
                if (sequence) {
                    entry.sequenceNumber(isBlank());
                    number = numbered.test(entries.size()) ? text() : "";
                } else if (shard) {
                    shardFrom = textFrom;
                    shardTo = textTo;
                    entry.shard(isBlank());
                } else if (error) {
                    entry.code(text());
                } else {
                    entry.message(text());
                }
            } else {
                if (error && (body[at] & 0xff) != NULL) {
                    entry.unreadableCode();
                }
                skip(0);
            }
        }
        EntryOutcome failure = entry.failure();
        return failure == null ? stored(shardFrom, shardTo, number) : failure;
    }

    private PutOutcome.Stored stored(int from, int to, String number) {
        PutOutcome.Stored unnumbered = stored(from, to);
        return number.isEmpty() ? unnumbered : new PutOutcome.Stored(unnumbered.shardId(), number);
    }

    private PutOutcome.Stored stored(int from, int to) {
        int slot = (to > from ? body[to - 1] : 0) & SLOTS - 1;
        Known known = shards[slot];
        if (known != null && Arrays.equals(known.id, 0, known.id.length, body, from, to)) {
            return known.outcome;
        }
        byte[] id = Arrays.copyOfRange(body, from, to);
        PutOutcome.Stored outcome = new PutOutcome.Stored(new String(id, StandardCharsets.UTF_8));
        shards[slot] = new Known(id, outcome);
        return outcome;
    }

    private int major() {
        return (body[at] & 0xff) >>> 5;
    }

    /** Enters a map or an array. Returns its number of elements, or {@link #INDEFINITE}. */
    private int open(int expected) throws IOException {
        if (major() != expected) {
            throw new IOException("it is not what PutRecords answers");
        }
        return length();
    }

    /** True if an element follows. Skips the end mark of an indefinite length. */
    private boolean more(int left) {
        if (left != INDEFINITE) {
            return left > 0;
        }
        if ((body[at] & 0xff) != BREAK) {
            return true;
        }
        at++;
        return false;
    }

    private static int next(int left) {
        return left == INDEFINITE ? INDEFINITE : left - 1;
    }

    /** Skips a text and remembers its position. */
    private void name() throws IOException {
        if (major() != TEXT) {
            throw new IOException("it has a field without a name");
        }
        int length = length();
        textFrom = at;
        if (length == INDEFINITE) {
            pieces();
        } else {
            advance(length);
            textTo = at;
        }
    }

    /** Joins the pieces of a text at the position of the first one, over bytes that were read already. */
    private void pieces() throws IOException {
        textTo = at;
        while (more(INDEFINITE)) {
            if (major() != TEXT) {
                throw new IOException("it has a text of pieces that are not text");
            }
            int length = length();
            if (length == INDEFINITE) {
                throw new IOException("it has a text of pieces in pieces");
            }
            int from = at;
            advance(length);
            System.arraycopy(body, from, body, textTo, length);
            textTo += length;
        }
    }

    private boolean is(byte[] name) {
        return Arrays.equals(name, 0, name.length, body, textFrom, textTo);
    }

    private boolean isBlank() {
        for (int i = textFrom; i < textTo; i++) {
            if (body[i] < 0 || body[i] > ' ') {
                return false;
            }
        }
        return true;
    }

    private String text() {
        return new String(body, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
    }

    private void skip(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("it is nested too deeply");
        }
        int major = major();
        if (major == BYTES || major == TEXT) {
            int length = length();
            if (length == INDEFINITE) {
                skipElements(INDEFINITE, depth);
            } else {
                advance(length);
            }
        } else if (major == ARRAY) {
            skipElements(length(), depth);
        } else if (major == MAP) {
            int pairs = length();
            skipElements(pairs == INDEFINITE ? INDEFINITE : 2 * Math.min(pairs, body.length), depth);
        } else if (major == TAG) {
            argument();
            skip(depth + 1);
        } else {
            argument();
        }
    }

    private void skipElements(int count, int depth) throws IOException {
        int left = count;
        while (more(left)) {
            left = next(left);
            skip(depth + 1);
        }
    }

    private int length() throws IOException {
        if ((body[at] & 0x1f) == NO_LENGTH) {
            at++;
            return INDEFINITE;
        }
        long length = argument();
        if (length < 0 || length > body.length) {
            throw new IOException("it has a length beyond its end");
        }
        return (int) length;
    }

    /** The argument of a head (RFC 8949, section 3), whatever its meaning. */
    private long argument() throws IOException {
        int info = body[at++] & 0x1f;
        if (info < ONE_BYTE) {
            return info;
        }
        if (info > EIGHT_BYTES) {
            throw new IOException("it is no CBOR");
        }
        long value = 0;
        for (int i = 1 << (info - ONE_BYTE); i > 0; i--) {
            value = value << Byte.SIZE | (body[at++] & 0xff);
        }
        return value;
    }

    private void advance(int bytes) throws IOException {
        if (bytes > body.length - at) {
            throw new IOException("it is cut short");
        }
        at += bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
