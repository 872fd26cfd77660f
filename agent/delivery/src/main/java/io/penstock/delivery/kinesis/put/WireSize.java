package io.penstock.delivery.kinesis.put;

import io.penstock.delivery.kinesis.settings.TargetSettings.Api;

/**
 * Estimates the bytes that a call sends: body and HTTP headers as {@link PutFormat} writes them, without TLS and TCP.
 * Any thread.
 */
public final class WireSize {
    /** An estimate of the headers of a signed request. */
    static final int HEADERS = 850;

    private static final int ENVELOPE = 30;
    private static final int ENTRY = 26;
    private static final int HASH_KEY = 19;
    private static final int SINGLE = 15;

    private WireSize() {}

    public static long of(Api api, PutCall call) {
        long bytes = HEADERS + ENVELOPE + call.stream().length();
        for (PutEntry entry : call.entries()) {
            int hashKey = entry.explicitHashKey().length();
            bytes += entry.keyBytes() + (hashKey == 0 ? 0 : HASH_KEY + hashKey);
            bytes += api == Api.PUT_RECORD ? SINGLE + base64(entry.dataBytes()) : ENTRY + entry.dataBytes();
        }
        return bytes;
    }

    private static long base64(int bytes) {
        return (bytes + 2) / 3 * 4L;
    }
}
