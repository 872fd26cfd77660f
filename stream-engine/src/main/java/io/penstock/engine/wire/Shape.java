package io.penstock.engine.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shape of a value in the API model, with its constraints. Immutable. */
sealed interface Shape {
    /** Text of limited length that must match the pattern as a whole; null for no pattern. */
    record Text(int min, int max, @Nullable Pattern pattern) implements Shape {}

    record Choice(List<String> values) implements Shape {}

    record Whole(long min, long max) implements Shape {}

    record Flag() implements Shape {}

    record Time() implements Shape {}

    record Blob(int max) implements Shape {}

    record ListOf(Shape member, int min, int max) implements Shape {
        @Override
        public JsonNode keep(JsonNode value) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            value.forEach(one -> kept.add(member.keep(one)));
            return kept;
        }
    }

    record MapOf(Text key, Text value, int min, int max) implements Shape {}

    record Structure(List<Member> members) implements Shape {
        Shape member(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the model does not know " + name))
                    .shape();
        }

        /** The structure that a member is, or is a list of. */
        Structure inner(String name) {
            Shape shape = member(name);
            return (Structure) (shape instanceof ListOf list ? list.member() : shape);
        }

        @Override
        public JsonNode keep(JsonNode value) {
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            for (Member member : members) {
                JsonNode given = value.get(member.name());
                if (given != null && !given.isNull()) {
                    kept.set(member.name(), member.shape().keep(given));
                }
            }
            return kept;
        }
    }

    /** A member of a structure, by its name on the wire. */
    record Member(String name, Shape shape, boolean required) {
        /** The name in messages: with a lower-case first letter. */
        String label() {
            return Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }
    }

    /** A copy of a valid value without members that the model does not know. */
    default JsonNode keep(JsonNode value) {
        return value;
    }

    static Text text(int min, int max) {
        return new Text(min, max, null);
    }

    static Text text(int min, int max, String pattern) {
        return new Text(min, max, Pattern.compile(pattern));
    }

    static Choice choice(String... values) {
        return new Choice(List.of(values));
    }

    static Structure structure(Member... members) {
        return new Structure(List.of(members));
    }

    static Member required(String name, Shape shape) {
        return new Member(name, shape, true);
    }

    static Member optional(String name, Shape shape) {
        return new Member(name, shape, false);
    }
}
