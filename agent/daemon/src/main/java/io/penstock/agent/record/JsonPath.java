package io.penstock.agent.record;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The way to a field through nested JSON objects: {@code $.device.id}. Immutable. */
public final class JsonPath {
    private final byte[][] names;

    /** @param names from the outermost object inwards, at least one */
    public JsonPath(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a path without names");
        }
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    public static JsonPath of(String... names) {
        return new JsonPath(List.of(names));
    }

    /** The names in UTF-8; not to be changed. */
    byte[][] names() {
        return names;
    }
}
