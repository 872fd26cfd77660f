package io.penstock.delivery.sender;

import io.penstock.delivery.sender.read.KeyHashes;
import io.penstock.delivery.sender.schedule.SendRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Records as they come from a spool, their keys hashed. */
final class TestRecords {
    private static final KeyHashes HASHES = new KeyHashes();

    private TestRecords() {}

    static SendRecord of(String key, String data, boolean aggregates) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] both = (key + data).getBytes(StandardCharsets.UTF_8);
        SendRecord record = new SendRecord(0, both, keyBytes.length, both.length, aggregates);
        HASHES.hash(List.of(record));
        return record;
    }

    static SendRecord of(String key) {
        return of(key, "", false);
    }
}
