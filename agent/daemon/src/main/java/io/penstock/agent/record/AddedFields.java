package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.TimestampText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Time and id of a record under the names that a route gives them, ready to be written. Immutable. */
final class AddedFields {
    private static final byte[] NONE = {};

    /** Name and colon; empty when the field is not added. */
    private final byte[] timeHead;

    private final byte[] idHead;
    private final byte[] timeName;
    private final byte[] idName;

    private AddedFields(Optional<String> time, Optional<String> id) {
        timeHead = time.map(JsonText::name).orElse(NONE);
        idHead = id.map(JsonText::name).orElse(NONE);
        timeName = time.map(name -> name.getBytes(StandardCharsets.UTF_8)).orElse(NONE);
        idName = id.map(name -> name.getBytes(StandardCharsets.UTF_8)).orElse(NONE);
    }

    /** @param own names that the record has in any case, which are never taken from it */
    static AddedFields of(FieldNames names, Set<String> own) {
        return new AddedFields(
                names.time().filter(name -> !own.contains(name)), names.id().filter(name -> !own.contains(name)));
    }

    boolean addsTime() {
        return timeHead.length > 0;
    }

    boolean addsId() {
        return idHead.length > 0;
    }

    /** The time's name in UTF-8; empty when it is not added. */
    byte[] timeName() {
        return timeName;
    }

    /** The id's name in UTF-8; empty when it is not added. */
    byte[] idName() {
        return idName;
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
