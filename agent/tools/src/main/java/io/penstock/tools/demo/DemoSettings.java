package io.penstock.tools.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the demonstration is told.
 *
 * @param folder for everything that it keeps
 * @param port of its page; 0 for any free one
 * @param length of the script
 * @param prices of the bill
 */
record DemoSettings(Path folder, int port, Duration length, Prices prices) {
    /**
     * What Amazon asks for, in US dollars.
     *
     * @param shardHour for a shard and hour
     * @param millionPuts for a million PUT payload units, of 25 KB each; a record of the demonstration is one
     */
    record Prices(double shardHour, double millionPuts) {
        /** Of provisioned streams in us-east-1. */
        static final Prices USUAL = new Prices(0.015, 0.014);
    }

    /** Records a second of each producer: the busier one of two shards gets more than the 1000 that it may take. */
    static final int VIEWS = 1300;

    static final int BEACONS = 300;
    static final int LOGS = 100;

    /** Of the stream at first. */
    static final int SHARDS = 2;

    /** The stream. */
    static final String STREAM = "show";
}
