package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.TimestampText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Time, id and constants of a record under the names that a route gives them, ready to be written. Immutable. */
final class AddedFields {
    private static final byte[] NONE = {};

    /** Name and colon; empty when the field is not added. */
    private final byte[] timeHead;

    private final byte[] idHead;

    /** Those of time, id and the constants; empty where the field is not added. */
    private final byte[][] names;

    /** Name, colon, value and a comma. */
    private final byte[][] constants;

    private AddedFields(FieldNames fields, Set<String> own) {
        Optional<String> time = fields.time().filter(name -> !own.contains(name));
        Optional<String> id = fields.id().filter(name -> !own.contains(name));
        timeHead = time.map(JsonText::name).orElse(NONE);
        idHead = id.map(JsonText::name).orElse(NONE);
        List<byte[]> all = new ArrayList<>(List.of(utf8(time.orElse("")), utf8(id.orElse(""))));
        List<byte[]> values = new ArrayList<>();
        byte[][] json = fields.constants().json();
        List<String> given = fields.constants().names();
        for (int i = 0; i < json.length; i++) {
            if (!own.contains(given.get(i))) {
                all.add(utf8(given.get(i)));
                byte[] value = Arrays.copyOf(json[i], json[i].length + 1);
                value[json[i].length] = ',';
                values.add(value);
            }
        }
        names = all.toArray(byte[][]::new);
        constants = values.toArray(byte[][]::new);
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** @param own names that the record has in any case, which are never taken from it */
    static AddedFields of(FieldNames names, Set<String> own) {
        return new AddedFields(names, own);
    }

    /** To be looked for in an event; those of {@link #ofTime} and {@link #ofId}, then of the constants. */
    byte[][] names() {
        return names;
    }

    static boolean ofTime(long present) {
        return (present & 1) != 0;
    }

    static boolean ofId(long present) {
        return (present & 2) != 0;
    }

    boolean addsAnything() {
        return addsTime() || addsId() || constants.length > 0;
    }

    /** Writes each constant that is not among the fields {@code present}, with a comma after it. */
    void constants(long present, GrowingBytes out) {
        for (int i = 0; i < constants.length; i++) {
            if ((present & 4L << i) == 0) {
                out.put(constants[i], 0, constants[i].length);
            }
        }
    }

    boolean addsTime() {
        return timeHead.length > 0;
    }

    boolean addsId() {
        return idHead.length > 0;
    }

    /** Writes the time with a comma after it, if it is added. */
    void time(Instant time, TimestampText text, GrowingBytes out) {
        if (addsTime()) {
            out.put(timeHead);
            out.put('"');
            text.append(time.getEpochSecond(), time.getNano(), out);
            out.put('"');
            out.put(',');
        }
    }

    /** Writes the id, {@code given} or else a new one, with a comma after it, if it is added. */
    void id(String given, Instant time, RecordIds ids, GrowingBytes out) {
        if (!addsId()) {
            return;
        }
        out.put(idHead);
        if (given.isEmpty()) {
            out.put('"');
            ids.append(time.toEpochMilli(), out);
            out.put('"');
        } else {
            JsonText.string(given, out);
        }
        out.put(',');
    }
}
