package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;

/** Words for JSON that is none. Stateless. */
final class BrokenJson {
    private BrokenJson() {}

    /**
     * @param scanner that has just refused a text of {@code body}, whose line {@code firstLine} begins at {@code from}
     */
    static Refused refusal(JsonScanner scanner, byte[] body, int from, int firstLine) {
        return Refused.malformed(
                "broken JSON in " + place(body, from, scanner.problemAt(), firstLine) + ": " + scanner.problem(),
                "mend it and send the whole body again: nothing of it was stored");
    }

    /** Line and column, both from 1; columns are characters. */
    static String place(byte[] body, int from, int at, int firstLine) {
        int line = firstLine;
        int column = 1;
        for (int i = from; i < at; i++) {
            if (body[i] == '\n') {
                line++;
                column = 1;
            } else if ((body[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        return "line " + line + ", column " + column;
    }

    /** What a value that is no object is, by its first byte. */
    static String describe(byte first) {
        return switch (first) {
            case '[' -> "an array";
            case '"' -> "a string";
            case 'n' -> "null";
            case 't', 'f' -> "a boolean";
            default -> "a number";
        };
    }

    /** The index of the first byte from {@code from} on that is no white space, or {@code end}. */
    static int pastSpace(byte[] body, int from, int end) {
        int at = from;
        while (at < end && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** The index behind the byte order mark that some programs put in front of UTF-8. */
    static int pastMark(byte[] body, int from, int end) {
        boolean marked = end - from >= 3
                && body[from] == (byte) 0xEF
                && body[from + 1] == (byte) 0xBB
                && body[from + 2] == (byte) 0xBF;
        return marked ? from + 3 : from;
    }
}
