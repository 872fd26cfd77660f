package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;
import java.util.Random;

/** Writes the events of one run: a mark, then letters up to the size. Immutable; any thread. */
public final class EventText {
    private static final int SHIFTS = 4_096;
    private static final int STEP = 61;

    private final byte[] prefix;
    private final int fill;
    private final byte[] letters;

    /** @param size bytes of each event, at least {@link EventMark#LENGTH} */
    public EventText(String run, int size) {
        if (size < EventMark.LENGTH) {
            throw new IllegalArgumentException("at least " + EventMark.LENGTH + " bytes, not " + size);
        }
        this.prefix = EventMark.prefix(run);
        this.fill = size - EventMark.LENGTH;
        this.letters = new byte[fill + SHIFTS];
        // The same letters in every run, so that runs compare; a compressor finds about what it finds in text.
        Random random = new Random(4_711);
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
    }

    int size() {
        return EventMark.LENGTH + fill;
    }

    public void write(ByteBuf out, int connection, int sequence) {
        EventMark.write(out, prefix, connection, sequence);
        out.writeBytes(letters, (sequence & 0xffff) * STEP % SHIFTS, fill);
    }
}
