package io.penstock.agent.console.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Optional;

/**
 * JSON with a line for each member. Numbers, order and repeated names stay as they are.
 *
 * @param cut true if it goes on
 */
record JsonText(String text, boolean cut) {
    private static final int DEEPEST = 100;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(1_000)
                    .build())
            .build();

    /** Ends the writing at a number of characters. */
    private static final class Full extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Bounded extends Writer {
        private final StringWriter text = new StringWriter();
        private final int room;

        Bounded(int room) {
            this.room = room;
        }

        @Override
        public void write(char[] chars, int from, int length) throws IOException {
            int left = room - text.getBuffer().length();
            text.write(chars, from, Math.min(left, length));
            if (length > left) {
                throw new Full();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Empty if the bytes are not one object or array. */
    static Optional<JsonText> of(byte[] bytes, int room) {
        if (!mayBe(bytes)) {
            return Optional.empty();
        }
        Bounded out = new Bounded(room);
        try {
            copy(bytes, out);
            return Optional.of(new JsonText(out.text.toString(), false));
        } catch (Full full) {
            // What follows was not read, and may be wrong; the bytes were cut the same way as text would be.
            return isWhole(bytes)
                    ? Optional.of(new JsonText(PayloadReader.cut(out.text.toString(), room), true))
                    : Optional.empty();
        } catch (IOException | RuntimeException notJson) {
            return Optional.empty();
        }
    }

    private static boolean mayBe(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && bytes[at] <= ' ' && bytes[at] > 0) {
            at++;
        }
        return at < bytes.length && (bytes[at] == '{' || bytes[at] == '[');
    }

    private static void copy(byte[] bytes, Writer out) throws IOException {
        try (JsonParser from = FACTORY.createParser(bytes);
                JsonGenerator to = FACTORY.createGenerator(out)) {
            to.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            to.setPrettyPrinter(new DefaultPrettyPrinter()
                    .withArrayIndenter(new DefaultIndenter("  ", "\n"))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n")));
            int depth = 0;
            boolean begun = false;
            while (from.nextToken() != null) {
                if (begun && depth == 0) {
                    throw new IOException("a second value follows the first");
                }
                begun = true;
                depth += from.currentToken().isStructStart()
                        ? 1
                        : from.currentToken().isStructEnd() ? -1 : 0;
                to.copyCurrentEventExact(from);
            }
        }
    }

    private static boolean isWhole(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException | RuntimeException notJson) {
            return false;
        }
    }
}
