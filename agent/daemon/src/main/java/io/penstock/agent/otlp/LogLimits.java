package io.penstock.agent.otlp;

import io.penstock.agent.record.RecordEncoder;

/**
 * What one request may take beside its body.
 *
 * @param mostShared bytes of JSON of one resource and one scope, which each of their records holds again
 * @param mostRecords bytes of all records
 */
record LogLimits(int mostShared, long mostRecords) {
    private static final int MOST = 32 * 1024 * 1024;
    private static final int TIMES = 4;

    static LogLimits of(int maxBody) {
        return new LogLimits(Math.min(RecordEncoder.MAX_BYTES, maxBody), Math.min(MOST, (long) TIMES * maxBody));
    }
}
