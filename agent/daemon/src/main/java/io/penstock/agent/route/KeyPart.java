package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.bytes.GrowingBytes;

/** A piece of a {@link KeyTemplate}. */
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
    }

    record ClientId() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.clientId(), into);
        }
    }

    record Topic() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.topic(), into);
        }
    }

    record TopicLevel(int level) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            String topic = fields.topic();
            int from = 0;
            for (int passed = 1; passed < level; passed++) {
                int slash = topic.indexOf('/', from);
                if (slash < 0) {
                    return false;
                }
                from = slash + 1;
            }
            int to = topic.indexOf('/', from);
            return whole(topic.substring(from, to < 0 ? topic.length() : to), into);
        }
    }

    record Tag() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.tag(), into);
        }
    }

    record Logger() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.logger(), into);
        }
    }

    record Service() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.service(), into);
        }
    }

    record User() implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            return whole(fields.user(), into);
        }
    }

    record Field(JsonPath path) implements KeyPart {
        @Override
        public boolean append(KeyFields fields, GrowingBytes into) {
            int before = into.length();
            return fields.jsonField(path, into) && into.length() > before;
        }
    }
}
