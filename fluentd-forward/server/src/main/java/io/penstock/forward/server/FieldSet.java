package io.penstock.forward.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Names of fields that may be added to a record, to see which of them it has already. Immutable. */
public final class FieldSet {
    /** No names. */
    public static final FieldSet NONE = new FieldSet(List.of());

    private final byte[][] names;

    private FieldSet(List<String> names) {
        if (names.size() > Long.SIZE) {
            throw new IllegalArgumentException("at most " + Long.SIZE + " names, not " + names.size());
        }
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** At most 64 names; the first has bit 0 in what {@link Chunk#writeFields} returns. */
    public static FieldSet of(List<String> names) {
        return names.isEmpty() ? NONE : new FieldSet(names);
    }

    public long matching(byte[] bytes, int from, int count) {
        long found = 0;
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i];
            if (name.length == count && Arrays.equals(name, 0, count, bytes, from, from + count)) {
                found |= 1L << i;
            }
        }
        return found;
    }
}
