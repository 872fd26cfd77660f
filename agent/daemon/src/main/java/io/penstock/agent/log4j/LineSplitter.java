package io.penstock.agent.log4j;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a connection's bytes into lines, however they arrive: a line ends at LF, a CR before it is dropped, empty lines
 * are left out. NUL ends a line too, because Log4j's layouts can be told to end events with it. Holds at most one line,
 * and nothing while none is begun.
 */
@OwnedBy(ThreadRole.HOLDER)
final class LineSplitter {
    private static final byte[] NONE = {};
    private static final int FIRST = 1024;

    private final int maxLine;
    private byte[] begun = NONE;
    private int length;
    private boolean skipping;

    LineSplitter(int maxLine) {
        this.maxLine = maxLine;
    }

    /** What becomes of the lines. */
    interface Taker {
        void line(byte[] bytes, int from, int to);

        /** A line is longer than the bound; the rest of it will be left out too. */
        void tooLong();
    }

    /** Takes what one read has brought. */
    void split(byte[] bytes, int from, int to, Taker taker) {
        int start = from;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n' || bytes[at] == 0) {
                end(bytes, start, at, taker);
                start = at + 1;
            }
        }
        keep(bytes, start, to, taker);
    }

    /** The connection has ended: what was begun is a line too, perhaps not a whole one. */
    void finish(Taker taker) {
        end(NONE, 0, 0, taker);
    }

    private void end(byte[] bytes, int start, int end, Taker taker) {
        if (skipping) {
            skipping = false;
        } else if (length == 0) {
            if (end - start > maxLine) {
                taker.tooLong();
            } else {
                hand(bytes, start, end, taker);
            }
        } else {
            keep(bytes, start, end, taker);
            if (!skipping) {
                hand(begun, 0, length, taker);
            }
            skipping = false;
            forget();
        }
    }

    private static void hand(byte[] bytes, int from, int to, Taker taker) {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        if (end > from) {
            taker.line(bytes, from, end);
        }
    }

    private void keep(byte[] bytes, int from, int to, Taker taker) {
        int count = to - from;
        if (skipping || count == 0) {
            return;
        }
        if (count > maxLine - length) {
            skipping = true;
            forget();
            taker.tooLong();
            return;
        }
        if (begun.length - length < count) {
            begun = Arrays.copyOf(begun, Math.max(length + count, Math.min(maxLine, Math.max(FIRST, 2 * length))));
        }
        System.arraycopy(bytes, from, begun, length, count);
        length += count;
    }

    private void forget() {
        begun = NONE;
        length = 0;
    }

    /** Bytes of the line that is begun. */
    int begunBytes() {
        return length;
    }

    /** Memory that the line that is begun takes. */
    int heldBytes() {
        return begun.length;
    }

    /** What the line that is begun begins instead of a line; empty when it is one. */
    Optional<String> beginsForeign() {
        return ForeignProtocol.ofLine(begun, 0, length);
    }
}
