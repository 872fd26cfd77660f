package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What every event begins with: {@code pb.RUN.CONNECTION.SEQUENCE.}, of fixed width and of letters, digits and dots
 * only, so that it stands unchanged in any encoding of text and is found wherever in a record it is.
 *
 * @param connection 0 to {@link #MAX_CONNECTIONS} - 1
 * @param sequence of the event within its connection, from 0
 */
public record EventMark(int connection, int sequence) {
    /** Bytes of a mark. */
    public static final int LENGTH = 29;

    /** Its five digits count no further. */
    public static final int MAX_CONNECTIONS = 100_000;

    private static final int RUN_DIGITS = 8;
    private static final int CONNECTION_DIGITS = 5;
    private static final int SEQUENCE_DIGITS = 10;

    /** Takes the marks that are found. */
    public interface Found {
        void event(EventMark mark);
    }

    /** A name for one run of the bench, of 8 hexadecimal digits. */
    public static String newRun() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /** What all marks of {@code run} begin with. */
    public static byte[] prefix(String run) {
        if (run.length() != RUN_DIGITS) {
            throw new IllegalArgumentException("a run has " + RUN_DIGITS + " digits, not " + run);
        }
        return ("pb." + run + ".").getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the mark after the run's {@code prefix}. */
    static void write(ByteBuf out, byte[] prefix, int connection, int sequence) {
        out.writeBytes(prefix);
        writeDigits(out, connection, CONNECTION_DIGITS);
        out.writeByte('.');
        writeDigits(out, sequence, SEQUENCE_DIGITS);
        out.writeByte('.');
    }

    /** Tells of every mark in {@code data} that begins with {@code prefix}, in their order. */
    public static void findAll(byte[] data, byte[] prefix, Found found) {
        int at = 0;
        while (at <= data.length - LENGTH) {
            if (!matches(data, at, prefix)) {
                at++;
                continue;
            }
            int connectionAt = at + prefix.length;
            int sequenceAt = connectionAt + CONNECTION_DIGITS + 1;
            long connection = digits(data, connectionAt, CONNECTION_DIGITS);
            long sequence = digits(data, sequenceAt, SEQUENCE_DIGITS);
            if (connection < 0 || sequence < 0 || sequence > Integer.MAX_VALUE) {
                at++;
                continue;
            }
            found.event(new EventMark((int) connection, (int) sequence));
            at += LENGTH;
        }
    }

    private static boolean matches(byte[] data, int at, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (data[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number in {@code count} digits that a dot follows; -1 when it is none. */
    private static long digits(byte[] data, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = data[at + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return data[at + count] == '.' ? value : -1;
    }

    private static void writeDigits(ByteBuf out, int value, int count) {
        int at = out.writerIndex();
        out.writeZero(count);
        int rest = value;
        for (int i = count - 1; i >= 0; i--) {
            out.setByte(at + i, '0' + rest % 10);
            rest /= 10;
        }
    }
}
