package io.penstock.forward.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the encoding of texts that occur often, such as field names. Each slot keeps the first text that hashes to it
 * and never replaces it, so a text that does not recur costs one lookup. One thread at a time.
 */
final class KnownTexts {
    private static final int SLOTS = 64;
    private static final int LONGEST = 64;

    private final @Nullable String[] texts = new @Nullable String[SLOTS];
    private final byte[][] encodings = new byte[SLOTS][];

    /** Writes the text, from its kept encoding if there is one. */
    void put(String text, MsgpackBytes out) {
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 6 ^ hash >>> 15) & SLOTS - 1;
        String known = texts[slot];
        if (known == null) {
            int from = out.length();
            out.text(text);
            if (text.length() <= LONGEST && !out.overflowed()) {
                texts[slot] = text;
                encodings[slot] = Arrays.copyOfRange(out.array(), from, out.length());
            }
        } else if (known.equals(text)) {
            byte[] encoding = encodings[slot];
            if (out.room(encoding.length)) {
                out.put(encoding, 0, encoding.length);
            }
        } else {
            out.text(text);
        }
    }
}
