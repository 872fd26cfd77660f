package io.penstock.agent.console.payload;

import java.util.List;

/**
 * The data of a record as it is shown.
 *
 * @param form "aggregated" if it is an aggregated record; else empty
 * @param parts its user records, the first {@value PayloadReader#MOST_PARTS} of them; one for any other record
 * @param all how many user records it has
 */
public record Payload(String form, List<Part> parts, int all) {
    public Payload {
        parts = List.copyOf(parts);
    }

    /**
     * One user record.
     *
     * @param key its partition key; empty outside of an aggregated record
     * @param kind what its bytes are: "JSON", "text", "bytes" or "empty", with "gzip" or "zstd" before it
     * @param text what is shown of it; strangers wrote it
     * @param bytes its size before it was unpacked
     * @param cut true if it goes on
     */
    public record Part(String key, String kind, String text, int bytes, boolean cut) {}
}
