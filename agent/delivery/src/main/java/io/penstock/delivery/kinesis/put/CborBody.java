package io.penstock.delivery.kinesis.put;

import java.nio.charset.StandardCharsets;

/**
 * Writes the body of PutRecords as CBOR (RFC 8949) into one array of exactly its size. All lengths are definite,
 * because the number of records and their sizes are known beforehand. One thread, one use.
 */
final class CborBody {
    private static final int TEXT = 3 << 5;
    private static final int BYTES = 2 << 5;
    private static final int ARRAY = 4 << 5;
    private static final int MAP = 5 << 5;
    private static final int LARGEST_INLINE = 23;

    private static final byte[] STREAM_NAME = name("StreamName");
    private static final byte[] RECORDS = name("Records");
    private static final byte[] DATA = name("Data");
    private static final byte[] PARTITION_KEY = name("PartitionKey");
    private static final byte[] EXPLICIT_HASH_KEY = name("ExplicitHashKey");

    private static final int MD5_BYTES = 16;

    private final byte[] body;
    private final Trailers trailers;
    private int at;

    private CborBody(int size) {
        this.body = new byte[size];
        this.trailers = new Trailers(body);
    }

    static byte[] putRecords(PutCall call) {
        byte[] stream = call.stream().getBytes(StandardCharsets.UTF_8);
        CborBody out = new CborBody(sizeOf(call, stream));
        out.head(MAP, 2);
        out.raw(STREAM_NAME);
        out.string(TEXT, stream);
        out.raw(RECORDS);
        out.head(ARRAY, call.entries().size());
        for (PutEntry entry : call.entries()) {
            out.entry(entry);
        }
        out.trailers.fill();
        return out.body;
    }

    private static int sizeOf(PutCall call, byte[] stream) {
        long size = 1L + STREAM_NAME.length + sized(stream.length) + RECORDS.length;
        size += headSize(call.entries().size());
        for (PutEntry entry : call.entries()) {
            size += 1 + DATA.length + sized(entry.dataBytes());
            size += PARTITION_KEY.length + sized(entry.keyBytes());
            int hashKey = entry.explicitHashKey().length();
            size += hashKey == 0 ? 0 : EXPLICIT_HASH_KEY.length + sized(hashKey);
        }
        return Math.toIntExact(size);
    }

    private void entry(PutEntry entry) {
        String hashKey = entry.explicitHashKey();
        head(MAP, hashKey.isEmpty() ? 2 : 3);
        raw(DATA);
        head(BYTES, entry.dataBytes());
        entry.copyData(body, at);
        if (entry.digestFrom() >= 0) {
            trailers.add(at + entry.digestFrom(), at + entry.dataBytes() - MD5_BYTES);
        }
        at += entry.dataBytes();
        raw(PARTITION_KEY);
        head(TEXT, entry.keyBytes());
        entry.copyKey(body, at);
        at += entry.keyBytes();
        if (!hashKey.isEmpty()) {
            raw(EXPLICIT_HASH_KEY);
            string(TEXT, hashKey.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void string(int major, byte[] content) {
        head(major, content.length);
        raw(content);
    }

    private void raw(byte[] bytes) {
        System.arraycopy(bytes, 0, body, at, bytes.length);
        at += bytes.length;
    }

    /** Major type and argument (RFC 8949, section 3). */
    private void head(int major, int argument) {
        if (argument <= LARGEST_INLINE) {
            body[at++] = (byte) (major | argument);
        } else if (argument <= 0xff) {
            body[at++] = (byte) (major | 24);
            body[at++] = (byte) argument;
        } else if (argument <= 0xffff) {
            body[at++] = (byte) (major | 25);
            body[at++] = (byte) (argument >>> 8);
            body[at++] = (byte) argument;
        } else {
            body[at++] = (byte) (major | 26);
            body[at++] = (byte) (argument >>> 24);
            body[at++] = (byte) (argument >>> 16);
            body[at++] = (byte) (argument >>> 8);
            body[at++] = (byte) argument;
        }
    }

    private static int sized(int length) {
        return headSize(length) + length;
    }

    private static int headSize(int argument) {
        if (argument <= LARGEST_INLINE) {
            return 1;
        }
        return argument <= 0xff ? 2 : argument <= 0xffff ? 3 : 5;
    }

    /** The encoding of a short name. */
    private static byte[] name(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        CborBody out = new CborBody(sized(text.length));
        out.string(TEXT, text);
        return out.body;
    }
}
