package io.penstock.agent.target;

import io.penstock.agent.target.PutOutcome.EntryOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to PutRecords from CBOR (RFC 8949): per record the shard or the error, everything else is passed
 * over. One thread, once; what is no CBOR, or nested deeper than any answer is, throws.
 */
final class CborAnswer {
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int BREAK = 0xff;
    private static final int INDEFINITE = -1;
    private static final int DEEPEST = 16;
    private static final int ONE_BYTE = 24;
    private static final int EIGHT_BYTES = 27;
    private static final int NO_LENGTH = 31;
    private static final int SLOTS = 16;

    private static final byte[] RECORDS = ascii("Records");
    private static final byte[] SHARD_ID = ascii("ShardId");
    private static final byte[] ERROR_CODE = ascii("ErrorCode");
    private static final byte[] ERROR_MESSAGE = ascii("ErrorMessage");

    private final byte[] body;
    private final List<EntryOutcome> entries;
    private final @Nullable Known[] shards = new Known[SLOTS];
    private int at;

    private int textFrom;
    private int textTo;

    /** A shard that was named before in this answer, the latest of those whose names end alike. */
    private record Known(byte[] id, PutOutcome.Stored outcome) {}

    private CborAnswer(byte[] body, int expected) {
        this.body = body;
        this.entries = new ArrayList<>(expected);
    }

    /** The results in order. */
    static List<EntryOutcome> putRecords(byte[] body, int expected) throws IOException {
        CborAnswer answer = new CborAnswer(body, expected);
        try {
            answer.read();
        } catch (ArrayIndexOutOfBoundsException cutShort) {
            throw new IOException("an answer cut short", cutShort);
        }
        return answer.entries;
    }

    private void read() throws IOException {
        int fields = open(MAP);
        while (more(fields)) {
            fields = next(fields);
            name();
            if (is(RECORDS) && major() == ARRAY) {
                records();
            } else {
                skip(0);
            }
        }
    }

    private void records() throws IOException {
        int records = open(ARRAY);
        while (more(records)) {
            records = next(records);
            entries.add(result());
        }
    }

    private EntryOutcome result() throws IOException {
        int fields = open(MAP);
        int shardFrom = 0;
        int shardTo = 0;
        String code = "";
        String message = "";
        while (more(fields)) {
            fields = next(fields);
            name();
            boolean shard = is(SHARD_ID);
            boolean error = is(ERROR_CODE);
            boolean words = is(ERROR_MESSAGE);
            if ((shard || error || words) && major() == TEXT) {
                name();
                if (shard) {
                    shardFrom = textFrom;
                    shardTo = textTo;
                } else if (error) {
                    code = text();
                } else {
                    message = text();
                }
            } else {
                skip(0);
            }
        }
        return code.isEmpty()
                ? stored(shardFrom, shardTo)
                : new PutOutcome.NotStored(FaultRules.ofEntry(code, message));
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

    /** Enters a map or an array; answers how many elements it has, or {@link #INDEFINITE}. */
    private int open(int expected) throws IOException {
        if (major() != expected) {
            throw new IOException("the answer is not what PutRecords answers");
        }
        return length();
    }

    /** Whether an element follows; the end of one without a length is passed. */
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

    /** Passes a text of known length, and keeps where it was. */
    private void name() throws IOException {
        if (major() != TEXT) {
            throw new IOException("a field without a name");
        }
        int length = length();
        if (length == INDEFINITE) {
            throw new IOException("a name in pieces");
        }
        textFrom = at;
        advance(length);
        textTo = at;
    }

    private boolean is(byte[] name) {
        return Arrays.equals(name, 0, name.length, body, textFrom, textTo);
    }

    private String text() {
        return new String(body, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
    }

    private void skip(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("an answer nested too deeply");
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
            throw new IOException("a length beyond the answer");
        }
        return (int) length;
    }

    /** The argument of a head (RFC 8949, section 3), whatever it means. */
    private long argument() throws IOException {
        int info = body[at++] & 0x1f;
        if (info < ONE_BYTE) {
            return info;
        }
        if (info > EIGHT_BYTES) {
            throw new IOException("no CBOR");
        }
        long value = 0;
        for (int i = 1 << (info - ONE_BYTE); i > 0; i--) {
            value = value << Byte.SIZE | (body[at++] & 0xff);
        }
        return value;
    }

    private void advance(int bytes) throws IOException {
        if (bytes > body.length - at) {
            throw new IOException("an answer cut short");
        }
        at += bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
