package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code add:} of a route: fields that each of its JSON records gets unless the event has one of that name. Immutable. */
public record ConstantFields(Map<String, JsonConstant> values) {
    public static final ConstantFields NONE = new ConstantFields(Map.of());

    public static final int MOST = 50;
    public static final int LONGEST_NAME = 128;
    public static final int MOST_BYTES = 16 * 1024;

    public ConstantFields {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** In the order of the file. */
    public List<String> names() {
        return new ArrayList<>(values.keySet());
    }

    /** Name, colon and value of each, in the order of {@link #names}. */
    public byte[][] json() {
        return values.entrySet().stream()
                .map(each -> {
                    GrowingBytes out = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
                    out.put(JsonText.name(each.getKey()));
                    each.getValue().write(out);
                    return Arrays.copyOf(out.array(), out.length());
                })
                .toArray(byte[][]::new);
    }

    /** What they take in a record. */
    public int bytes() {
        int all = 0;
        for (byte[] field : json()) {
            all += field.length + 1;
        }
        return all;
    }
}
