package io.penstock.engine.put;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A member of a PutRecord or PutRecords request, or of a record in it, told by its name as it stands in a body. */
enum PutMember {
    DATA("Data"),
    RECORDS("Records"),
    STREAM_ARN("StreamARN"),
    STREAM_NAME("StreamName"),
    PARTITION_KEY("PartitionKey"),
    EXPLICIT_HASH_KEY("ExplicitHashKey"),
    SEQUENCE_NUMBER_FOR_ORDERING("SequenceNumberForOrdering"),
    /** Any that plain bodies do not have. */
    UNKNOWN("");

    /**
     * The value behind a member's name, in the body's format; each method reads it, and refuses one that is not plain.
     */
    interface Value {
        /** A text, or null. */
        @Nullable
        String text();

        /** Whether it was a key, which the record has now. */
        boolean key(PutBatch batch);

        /** Whether it was data, which the record has now. */
        boolean data(PutBatch batch);
    }

    /** No two names are of one length. */
    private static final PutMember[] BY_LENGTH = new PutMember[SEQUENCE_NUMBER_FOR_ORDERING.name.length + 1];

    static {
        Arrays.fill(BY_LENGTH, UNKNOWN);
        for (PutMember member : values()) {
            BY_LENGTH[member.name.length] = member;
        }
    }

    private final byte[] name;

    PutMember(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** The member whose name stands from {@code from} up to and without {@code to}. */
    static PutMember named(byte[] body, int from, int to) {
        int length = to - from;
        PutMember member = length < BY_LENGTH.length ? BY_LENGTH[length] : UNKNOWN;
        return Arrays.equals(body, from, to, member.name, 0, member.name.length) ? member : UNKNOWN;
    }

    /** Whether this is a member of a record, and its value was one for it. */
    boolean ofRecord(Value value, RecordDraft record, PutBatch batch) {
        switch (this) {
            case DATA -> {
                return value.data(batch);
            }
            case PARTITION_KEY -> {
                return value.key(batch);
            }
            case EXPLICIT_HASH_KEY -> {
                String text = value.text();
                return text != null && record.explicitHashKey(text, batch);
            }
            default -> {
                return false;
            }
        }
    }

    /** Whether this is a member of a call besides its records, and its value was one for it. */
    boolean ofCall(Value value, PutBatch batch) {
        switch (this) {
            case STREAM_NAME -> {
                batch.streamName = value.text();
                return batch.streamName != null;
            }
            case STREAM_ARN -> {
                batch.streamArn = value.text();
                return batch.streamArn != null;
            }
            case SEQUENCE_NUMBER_FOR_ORDERING -> {
                batch.sequenceNumberForOrdering = value.text();
                return batch.sequenceNumberForOrdering != null;
            }
            default -> {
                return false;
            }
        }
    }
}
