package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.bytes.GrowingBytes;

/** A piece of a template. {@link #toString} gives it back as it was written. */
sealed interface KeyPart {
    /** Appends the part's text; false when the event has none. */
    boolean append(KeyFields fields, GrowingBytes into);

    private static boolean whole(String text, GrowingBytes into) {
        into.utf8(text);
        return !text.isEmpty();
    }

    record Literal(String text) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(text, into);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record Whole(Placeholder placeholder, String written) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(placeholder.of(fields), into);
        }

        @Override
        public String toString() {
            return written;
        }
    }

    record Numbered(Placeholder placeholder, int number, String written) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(placeholder.part(fields, number), into);
        }

        @Override
        public String toString() {
            return written;
        }
    }

    record Field(JsonPath path, String written) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            int before = into.length();
            return fields.jsonField(path, into) && into.length() > before;
        }

        @Override
        public String toString() {
            return written;
        }
    }
}
