package io.penstock.engine.put;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A member of a PutRecord or PutRecords request or of one of its records, recognized by its name in the body. */
enum PutMember {
    DATA("Data"),
    RECORDS("Records"),
    STREAM_ARN("StreamARN"),
    STREAM_NAME("StreamName"),
    PARTITION_KEY("PartitionKey"),
    EXPLICIT_HASH_KEY("ExplicitHashKey"),
    SEQUENCE_NUMBER_FOR_ORDERING("SequenceNumberForOrdering"),
    /** Any member that the plain parsers do not accept. */
    UNKNOWN("");

    /**
     * Reads the value of a member in the body's format. Each method returns null or false if the value is not in plain
     * form.
     */
    interface Value {
        /** A text, or null. */
        @Nullable
        String text();

        /** Reads a partition key and sets it in the record. Returns false if the value is not one. */
        boolean key(PutBatch batch);

        /** Reads data and sets it in the record. Returns false if the value is not data. */
        boolean data(PutBatch batch);
    }

    /** Indexed by the length of the name; no two names have the same length. */
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

    /** The member whose name is in {@code body[from, to)}. */
    static PutMember named(byte[] body, int from, int to) {
        int length = to - from;
        PutMember member = length < BY_LENGTH.length ? BY_LENGTH[length] : UNKNOWN;
        return Arrays.equals(body, from, to, member.name, 0, member.name.length) ? member : UNKNOWN;
    }

    /**
     * Reads the value of a record's member. Returns false if this is not a record's member, or its value has another
     * form.
     */
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

    /**
     * Reads the value of a call's member, except the records. Returns false if this is none, or its value has another
     * form.
     */
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
