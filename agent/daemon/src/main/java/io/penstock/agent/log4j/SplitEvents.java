package io.penstock.agent.log4j;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Recognises lines that are pieces of an event, as layouts write it that are not told to write a line. Stateless. */
final class SplitEvents {
    private static final int LONGEST_BEGIN = 16;

    private SplitEvents() {}

    /** What a line is a piece of, with the remedy; empty when it is an event as far as can be told. */
    static Optional<String> in(byte[] bytes, int from, int to) {
        if (bytes[from] != '{' && bytes[from] != '[' && bytes[from] != '<') {
            return Optional.empty();
        }
        String begin = new String(bytes, from, Math.min(LONGEST_BEGIN, to - from), StandardCharsets.ISO_8859_1).trim();
        if (begin.equals("{") || begin.equals("[")) {
            return Optional.of("each line of pretty-printed JSON becomes a record of its own;"
                    + " give the layout compact=\"true\" eventEol=\"true\"");
        }
        return begin.startsWith("<?xml") || begin.startsWith("<Event") || begin.startsWith("<log4j:event")
                ? Optional.of("each line of XML becomes a record of its own; use a JSON layout with"
                        + " compact=\"true\" eventEol=\"true\"")
                : Optional.empty();
    }
}
