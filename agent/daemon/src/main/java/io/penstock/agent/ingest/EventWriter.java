package io.penstock.agent.ingest;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.Payload;
import io.penstock.agent.record.RecordBuffer;
import io.penstock.agent.record.RecordCompressor;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.record.RecordIds;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.PartitionKeys;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.journal.EntryBlock;
import io.penstock.mqtt.Publish;
import java.time.InstantSource;

/**
 * Writes events as entries of a block that is then appended to the destination's spool: partition key and record as the
 * destination's route says. One per event loop; one thread. Holds about a MiB at most between events.
 *
 * <p>Each method answers with the size by which the stream judges the record, key and data together, compressed where
 * the route says so; or with
 * {@link #TOO_LARGE}, and then the block is as before.
 */
public final class EventWriter {
    /** The record is larger than its stream takes. */
    public static final int TOO_LARGE = -1;

    /** The text is no valid UTF-8 and cannot be a JSON record. */
    public static final int NOT_UTF8 = -2;

    private final EventCounts counts;
    private final RecordEncoder encoder;
    private final Payload payload = new Payload();
    private final PartitionKeys keys = new PartitionKeys();
    private final RecordCompressor compressor = new RecordCompressor();
    private final MqttKeyFields mqttFields = new MqttKeyFields(payload);
    private final KeyFields bodyFields = new KeyFields() {
        @Override
        public boolean jsonField(JsonPath path, RecordBuffer into) {
            return payload.field(path, into);
        }
    };

    public EventWriter(InstantSource clock, EventCounts counts) {
        this.counts = counts;
        this.encoder = new RecordEncoder(clock, new RecordIds());
    }

    /** Writes a publish. */
    public int mqtt(Publish publish, Destination destination, int maxBytes, EntryBlock block) {
        payload.set(publish.payload());
        mqttFields.publish(publish);
        if (destination.format() == RecordFormat.RAW) {
            encoder.raw(payload);
        } else {
            encoder.mqtt(publish, payload, destination.fields());
        }
        int size = write(keys.make(destination.key(), mqttFields), destination, maxBytes, block);
        mqttFields.release();
        payload.release();
        return size;
    }

    /**
     * Writes a JSON object that a client sent.
     *
     * @param json from the opening to the closing brace, valid
     * @param given the partition key that the client asks for, else empty
     * @param id the id that the client gives, else empty
     */
    public int object(
            byte[] json,
            int from,
            int end,
            String given,
            String id,
            Destination destination,
            int maxBytes,
            EntryBlock block) {
        payload.setObject(json, from, end);
        if (destination.format() == RecordFormat.RAW) {
            encoder.raw(payload);
        } else {
            encoder.object(payload, destination.fields(), id);
        }
        return body(given, destination, maxBytes, block);
    }

    /** Writes a text that a client sent, in UTF-8; else {@link #NOT_UTF8}, unless the route's format is raw. */
    public int text(
            byte[] utf8,
            int from,
            int end,
            String given,
            String id,
            Destination destination,
            int maxBytes,
            EntryBlock block) {
        payload.set(utf8, from, end);
        if (destination.format() == RecordFormat.RAW) {
            encoder.raw(payload);
        } else if (!encoder.text(payload, destination.fields(), id)) {
            payload.release();
            return NOT_UTF8;
        }
        return body(given, destination, maxBytes, block);
    }

    /** Writes a JSON object that a program logged under {@code logger}; it is valid, and all between the indices. */
    public int log4j(
            byte[] json, int from, int end, String logger, Destination destination, int maxBytes, EntryBlock block) {
        payload.setObject(json, from, end);
        if (destination.format() == RecordFormat.RAW) {
            encoder.raw(payload);
        } else {
            encoder.object(payload, destination.fields(), "");
        }
        int size = write(keys.make(destination.key(), new LoggedFields(logger)), destination, maxBytes, block);
        payload.release();
        return size;
    }

    /** Writes bytes that nobody looks into, whatever the route's format. */
    public int bytes(
            byte[] bytes, int from, int end, String given, Destination destination, int maxBytes, EntryBlock block) {
        payload.set(bytes, from, end);
        encoder.raw(payload);
        return body(given, destination, maxBytes, block);
    }

    /** Writes a record that its source has encoded already, as the route's format says. */
    public int encoded(
            byte[] record, int length, KeyFields fields, Destination destination, int maxBytes, EntryBlock block) {
        return write(record, length, keys.make(destination.key(), fields), destination, maxBytes, block);
    }

    private int body(String given, Destination destination, int maxBytes, EntryBlock block) {
        PartitionKeys.Outcome key = given.isEmpty() ? keys.make(destination.key(), bodyFields) : keys.given(given);
        int size = write(key, destination, maxBytes, block);
        payload.release();
        return size;
    }

    private int write(PartitionKeys.Outcome key, Destination destination, int maxBytes, EntryBlock block) {
        RecordBuffer record = encoder.record();
        return record.overflowed()
                ? TOO_LARGE
                : write(record.array(), record.length(), key, destination, maxBytes, block);
    }

    private int write(
            byte[] record,
            int length,
            PartitionKeys.Outcome key,
            Destination destination,
            int maxBytes,
            EntryBlock block) {
        if (destination.compression() == Compression.NONE) {
            return store(record, length, key, destination.aggregate(), maxBytes, block);
        }
        compressor.compress(destination.compression(), record, length);
        return store(compressor.array(), compressor.length(), key, destination.aggregate(), maxBytes, block);
    }

    private int store(
            byte[] record, int length, PartitionKeys.Outcome key, boolean aggregate, int maxBytes, EntryBlock block) {
        boolean lateBound = key == PartitionKeys.Outcome.RANDOM || key == PartitionKeys.Outcome.MISSING;
        long size = (long) length + (lateBound ? SpooledRecord.LATE_KEY_BYTES : keys.length());
        if (size > maxBytes) {
            return TOO_LARGE;
        }
        if (lateBound) {
            SpooledRecord.beginLateBound(block, aggregate);
        } else {
            SpooledRecord.begin(block, keys.array(), 0, keys.length(), aggregate);
        }
        block.put(record, 0, length);
        block.end();
        count(key);
        return (int) size;
    }

    private void count(PartitionKeys.Outcome key) {
        if (key == PartitionKeys.Outcome.MISSING) {
            counts.keyMissing();
        } else if (key == PartitionKeys.Outcome.HASHED) {
            counts.keyHashed();
        }
    }

    /** What a partition key may be made of when the event was logged. */
    private final class LoggedFields implements KeyFields {
        private final String logger;

        LoggedFields(String logger) {
            this.logger = logger;
        }

        @Override
        public String logger() {
            return logger;
        }

        @Override
        public boolean jsonField(JsonPath path, RecordBuffer into) {
            return payload.field(path, into);
        }
    }
}
