package io.penstock.agent.cli;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Pattern;

/**
 * Replaces control characters, which could move a terminal's cursor or set its title, by question marks. Line ends,
 * tabulators and the colours of help texts pass.
 */
@OwnedBy(ThreadRole.HOLDER)
final class PrintableWriter extends FilterWriter {
    private static final Pattern HARMFUL = Pattern.compile(
            "(\\x1b\\[[0-9;]*m)|\\r(?!\\n)|[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

    PrintableWriter(Writer out) {
        super(out);
    }

    /** The text as it may stand on a terminal. */
    static String printable(String text) {
        return HARMFUL.matcher(text).replaceAll(found -> found.group(1) == null ? "?" : found.group(1));
    }

    @Override
    public void write(int character) throws IOException {
        out.write(printable(String.valueOf((char) character)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        out.write(printable(new String(text, from, length)));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        out.write(printable(text.substring(from, from + length)));
    }
}
