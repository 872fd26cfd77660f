package io.penstock.agent.console.payload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A record in the KPL's aggregated record format, taken apart. Its checksum is right, and every number in it is within
 * the bytes.
 *
 * @param first some user records
 * @param all how many there are
 * @see <a href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">KPL aggregated
 *     record format</a>
 */
record AggregatedRecord(List<User> first, int all) {
    private static final int[] MAGIC = {0xf3, 0x89, 0x9a, 0xc2};
    private static final int CHECKSUM = 16;
    private static final int KEYS = 1;
    private static final int RECORDS = 3;
    private static final int KEY_INDEX = 1;
    private static final int DATA = 3;
    /** A record among the first ones has a key among the first ones; others are not kept. */
    private static final int MOST_KEYS = 4_096;

    AggregatedRecord {
        first = List.copyOf(first);
    }

    /** One user record. */
    @SuppressWarnings("ArrayRecordComponent") // made once, read once
    record User(String key, byte[] data) {}

    /** Empty if the data is no aggregated record, or a damaged one. */
    static Optional<AggregatedRecord> read(byte[] data, int most) {
        int end = data.length - CHECKSUM;
        if (end < MAGIC.length || !PayloadReader.begins(data, MAGIC) || !isRight(data, end)) {
            return Optional.empty();
        }
        try {
            return Optional.of(taken(data, end, most));
        } catch (Damaged damaged) {
            return Optional.empty();
        }
    }

    private static boolean isRight(byte[] data, int end) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(data, MAGIC.length, end - MAGIC.length);
            return Arrays.equals(md5.digest(), 0, CHECKSUM, data, end, data.length);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    private static AggregatedRecord taken(byte[] data, int end, int most) throws Damaged {
        List<int[]> keys = new ArrayList<>();
        List<int[]> records = new ArrayList<>();
        int all = 0;
        int allKeys = 0;
        Fields fields = new Fields(data, MAGIC.length, end);
        while (fields.next()) {
            if (fields.number == KEYS && fields.isBytes) {
                allKeys++;
                if (keys.size() < MOST_KEYS) {
                    keys.add(new int[] {fields.from, fields.to});
                }
            } else if (fields.number == RECORDS && fields.isBytes) {
                if (all++ < most) {
                    records.add(new int[] {fields.from, fields.to});
                }
            }
        }
        List<User> first = new ArrayList<>();
        for (int[] record : records) {
            first.add(user(data, record, keys, allKeys));
        }
        return new AggregatedRecord(first, all);
    }

    private static User user(byte[] data, int[] record, List<int[]> keys, int allKeys) throws Damaged {
        long index = 0;
        byte[] bytes = new byte[0];
        Fields fields = new Fields(data, record[0], record[1]);
        while (fields.next()) {
            if (fields.number == KEY_INDEX && !fields.isBytes) {
                index = fields.value;
            } else if (fields.number == DATA && fields.isBytes) {
                bytes = Arrays.copyOfRange(data, fields.from, fields.to);
            }
        }
        if (index < 0 || index >= allKeys) {
            throw new Damaged();
        }
        if (index >= keys.size()) {
            return new User("", bytes);
        }
        int[] key = keys.get((int) index);
        return new User(new String(data, key[0], key[1] - key[0], StandardCharsets.UTF_8), bytes);
    }

    private static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The fields of a protobuf message: numbers and bytes; any other type is damage. */
    private static final class Fields {
        private static final int LONGEST_VARINT = 10;

        private final byte[] data;
        private final int end;
        private int at;
        private int number;
        private boolean isBytes;
        private long value;
        private int from;
        private int to;

        Fields(byte[] data, int from, int end) {
            this.data = data;
            this.at = from;
            this.end = end;
        }

        boolean next() throws Damaged {
            if (at == end) {
                return false;
            }
            long tag = varint();
            int type = (int) (tag & 7);
            number = (int) Math.min(Integer.MAX_VALUE, tag >>> 3);
            isBytes = type == 2;
            if (type != 0 && type != 2) {
                throw new Damaged();
            }
            value = varint();
            if (isBytes) {
                if (value < 0 || value > end - at) {
                    throw new Damaged();
                }
                from = at;
                to = at + (int) value;
                at = to;
            }
            return true;
        }

        private long varint() throws Damaged {
            long result = 0;
            for (int i = 0; i < LONGEST_VARINT; i++) {
                if (at == end) {
                    throw new Damaged();
                }
                byte next = data[at++];
                result |= (long) (next & 0x7f) << (7 * i);
                if (next >= 0) {
                    return result;
                }
            }
            throw new Damaged();
        }
    }
}
