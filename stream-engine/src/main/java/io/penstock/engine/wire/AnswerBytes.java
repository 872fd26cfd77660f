package io.penstock.engine.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an answer while it is written. They are kept in pieces, so that growth neither copies nor zeroes a large
 * answer repeatedly. Confined to one call.
 */
final class AnswerBytes extends OutputStream {
    private static final int LARGEST_PIECE = 1 << 18;

    private final List<byte[]> full = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private byte[] piece;
    private int used;

    AnswerBytes(int expected) {
        this.piece = new byte[expected];
    }

    /** Ensures room for {@code bytes} in {@link #piece()} from {@link #position()} on. */
    void reserve(int bytes) {
        if (piece.length - used < bytes) {
            int next = Math.min(LARGEST_PIECE, 4 * piece.length);
            full.add(piece);
            lengths.add(used);
            piece = new byte[Math.max(next, bytes)];
            used = 0;
        }
    }

    byte[] piece() {
        return piece;
    }

    int position() {
        return used;
    }

    /** The caller has written bytes into the piece up to {@code end}. */
    void position(int end) {
        used = end;
    }

    @Override
    public void write(int value) {
        reserve(1);
        piece[used++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, piece, used, length);
        used += length;
    }

    /** The number of written bytes. */
    int length() {
        int length = used;
        for (int one : lengths) {
            length += one;
        }
        return length;
    }

    /** Memory of the pieces in bytes, including their unused rest. */
    long capacity() {
        long capacity = piece.length;
        for (byte[] one : full) {
            capacity += one.length;
        }
        return capacity;
    }

    byte[] toArray() {
        byte[] all = new byte[length()];
        int at = 0;
        for (int i = 0; i < full.size(); i++) {
            System.arraycopy(full.get(i), 0, all, at, lengths.get(i));
            at += lengths.get(i);
        }
        System.arraycopy(piece, 0, all, at, used);
        return all;
    }

    /** The pieces, without a copy. They are on the heap and need not be released. */
    List<ByteBuf> toPieces() {
        List<ByteBuf> pieces = new ArrayList<>(full.size() + 1);
        for (int i = 0; i < full.size(); i++) {
            pieces.add(Unpooled.wrappedBuffer(full.get(i), 0, lengths.get(i)));
        }
        pieces.add(Unpooled.wrappedBuffer(piece, 0, used));
        return pieces;
    }
}
