package io.penstock.agent.otlp;

import io.penstock.agent.otlp.Field.Kind;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf's encoding (protobuf.dev, Encoding). A known field of an unexpected wire type is unknown, as protobuf
 * has it.
 */
@OwnedBy(ThreadRole.HOLDER)
final class ProtobufReader extends FieldReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int GROUP = 3;
    private static final int GROUP_END = 4;
    private static final int MOST_GROUPS = 100;
    private static final int MOST_SHIFT = 63;
    private static final long LARGEST_KEY = 0xFFFF_FFFFL;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @Override
    boolean next() throws Damaged {
        while (at < end) {
            long key = key();
            int wire = (int) (key & 7);
            if (wire == GROUP) {
                group(key >>> 3, 1);
                continue;
            }
            @Nullable Field known = message.field(key >>> 3);
            payload(wire);
            if (known != null && known.kind().wire() == wire) {
                field = known;
                value = inRange(known.kind(), value);
                return true;
            }
        }
        return false;
    }

    private static long inRange(Kind kind, long value) {
        return switch (kind) {
            case BOOL -> value == 0 ? 0 : 1;
            case INT32 -> (int) value;
            case UINT32, FIXED32 -> value & 0xFFFF_FFFFL;
            default -> value;
        };
    }

    private long key() throws Damaged {
        long key = varint();
        if (key < 0 || key > LARGEST_KEY || key >>> 3 == 0) {
            throw new Damaged("byte " + at + " follows a field number that protobuf does not have");
        }
        return key;
    }

    private void payload(int wire) throws Damaged {
        switch (wire) {
            case Kind.VARINT -> value = varint();
            case Kind.EIGHT_BYTES -> {
                require(Long.BYTES);
                value = (long) LONG.get(body, at);
                at += Long.BYTES;
            }
            case Kind.FOUR_BYTES -> {
                require(Integer.BYTES);
                value = (int) INT.get(body, at);
                at += Integer.BYTES;
            }
            case Kind.LENGTH_FIRST -> {
                long length = varint();
                require(length);
                from = at;
                at += (int) length;
                to = at;
            }
            default ->
                throw new Damaged("byte " + at + " follows the wire type " + wire + ", which does not belong there");
        }
    }

    private void require(long length) throws Damaged {
        if (length < 0 || length > end - at) {
            throw new Damaged("the value at byte " + at + " is longer than what holds it");
        }
    }

    private long varint() throws Damaged {
        long bits = 0;
        for (int shift = 0; shift <= MOST_SHIFT; shift += 7) {
            require(1);
            byte next = body[at++];
            bits |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return bits;
            }
        }
        throw new Damaged("the number that ends at byte " + at + " has more than 64 bits");
    }

    private void group(long number, int depth) throws Damaged {
        if (depth > MOST_GROUPS) {
            throw new Damaged("groups are nested deeper than " + MOST_GROUPS + " levels");
        }
        while (true) {
            long key = key();
            int wire = (int) (key & 7);
            if (wire == GROUP_END) {
                if (key >>> 3 != number) {
                    throw new Damaged("byte " + at + " follows the end of another group");
                }
                return;
            }
            if (wire == GROUP) {
                group(key >>> 3, depth + 1);
            } else {
                payload(wire);
            }
        }
    }

    @Override
    boolean isEmpty(int first, int past) {
        return first == past;
    }

    @Override
    int string(int first, int past, GrowingBytes out) {
        return JsonText.string(body, first, past - first, out);
    }

    @Override
    void number(long bits, int first, int past, GrowingBytes out) {
        double number = Double.longBitsToDouble(bits);
        if (Double.isFinite(number)) {
            JsonText.number(number, out);
        } else {
            JsonText.string(Double.toString(number), out);
        }
    }

    @Override
    void bytes(int first, int past, GrowingBytes out) {
        JsonText.base64(body, first, past - first, out);
    }

    @Override
    boolean id(int first, int past, int size, GrowingBytes out) {
        int any = 0;
        for (int i = first; i < past; i++) {
            any |= body[i];
        }
        if (past - first != size || any == 0) {
            return false;
        }
        out.put('"');
        for (int i = first; i < past; i++) {
            out.put(HEX[body[i] >> 4 & 0xF]);
            out.put(HEX[body[i] & 0xF]);
        }
        out.put('"');
        return true;
    }

    @Override
    String text(int first, int past) {
        return new String(body, first, past - first, StandardCharsets.UTF_8);
    }

    @Override
    boolean isText(int first, int past, byte[] utf8) {
        return Arrays.equals(body, first, past, utf8, 0, utf8.length);
    }
}
