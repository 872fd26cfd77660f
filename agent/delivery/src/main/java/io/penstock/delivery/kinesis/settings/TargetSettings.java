package io.penstock.delivery.kinesis.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One target of the configuration: {@code kinesis:} or an entry under {@code targets:}.
 *
 * @param address where it is
 * @param region the AWS region that calls are signed for
 * @param credentials whose calls these are
 * @param network how it is reached
 * @param prices what its streams cost, where somebody said so
 * @param httpVersion 1.1 works with every endpoint, proxy and stub
 * @param api how records are put
 * @param ordering what holds among the records of one partition key
 * @param linger how long a call may wait to fill
 * @param autoCreate whether a missing stream is made
 * @param maxCallBytes data and partition keys that one PutRecords call may carry: 10 MiB at Amazon (API reference,
 *     PutRecords), 5 MiB at endpoints that still say so
 * @param shardRate what one shard is sent per second before it ever throttled, in multiples of 1 MiB and 1000
 *     records; {@link #UNLIMITED} to find out
 * @param maxRate bytes per second that all of its streams together are sent; {@link #UNMETERED} for no limit
 * @param callTimeout after which a call's outcome counts as unknown
 */
public record TargetSettings(
        Address address,
        String region,
        Credentials credentials,
        Network network,
        Optional<Prices> prices,
        HttpVersion httpVersion,
        Api api,
        Ordering ordering,
        Duration linger,
        AutoCreate autoCreate,
        int maxCallBytes,
        double shardRate,
        long maxRate,
        Duration callTimeout) {

    /** No rate is set before a shard has throttled. */
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /** No limit of the bytes sent. */
    public static final long UNMETERED = Long.MAX_VALUE;

    /** What PutRecords carries at Amazon. */
    public static final int MAX_CALL_BYTES = 10 << 20;

    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    public TargetSettings {
        if (maxCallBytes < 1 << 10 || maxCallBytes > MAX_CALL_BYTES) {
            throw new IllegalArgumentException("bytes per call: 1 KiB to 10 MiB, not " + maxCallBytes);
        }
        if (maxRate < 1 << 10) {
            throw new IllegalArgumentException("at least 1 KiB a second, not " + maxRate);
        }
        if (linger.isNegative() || callTimeout.isNegative() || callTimeout.isZero() || !(shardRate > 0)) {
            throw new IllegalArgumentException("linger, call timeout and shard rate must be positive");
        }
    }

    /** Amazon Kinesis Data Streams with the default credentials chain; shards are taken at their provisioned limits. */
    public static TargetSettings aws(String region) {
        return of(new Address.Aws(), region, new Credentials.Chain(), AutoCreate.OFF, 1);
    }

    /** Any other endpoint, with dummy credentials. */
    public static TargetSettings url(URI url, String region) {
        return of(new Address.Url(url), region, Credentials.Fixed.DUMMY, AutoCreate.OFF, UNLIMITED);
    }

    /** The stream engine of this process: as {@link #url}, and missing streams are made. */
    public static TargetSettings embedded(URI url, int defaultShards) {
        return of(
                new Address.Url(url),
                "us-east-1",
                Credentials.Fixed.DUMMY,
                new AutoCreate(true, defaultShards),
                UNLIMITED);
    }

    private static TargetSettings of(
            Address address, String region, Credentials credentials, AutoCreate autoCreate, double shardRate) {
        return new TargetSettings(
                address,
                region,
                credentials,
                Network.DIRECT,
                Optional.empty(),
                HttpVersion.HTTP_1_1,
                Api.PUT_RECORDS,
                Ordering.PER_KEY,
                LINGER,
                autoCreate,
                MAX_CALL_BYTES,
                shardRate,
                UNMETERED,
                CALL_TIMEOUT);
    }

    public TargetSettings withCredentials(Credentials value) {
        return change(draft -> draft.credentials = value);
    }

    public TargetSettings withNetwork(Network value) {
        return change(draft -> draft.network = value);
    }

    public TargetSettings withPrices(Optional<Prices> value) {
        return change(draft -> draft.prices = value);
    }

    public TargetSettings withHttpVersion(HttpVersion value) {
        return change(draft -> draft.httpVersion = value);
    }

    public TargetSettings withApi(Api value) {
        return change(draft -> draft.api = value);
    }

    public TargetSettings withOrdering(Ordering value) {
        return change(draft -> draft.ordering = value);
    }

    public TargetSettings withLinger(Duration value) {
        return change(draft -> draft.linger = value);
    }

    public TargetSettings withAutoCreate(AutoCreate value) {
        return change(draft -> draft.autoCreate = value);
    }

    public TargetSettings withMaxCallBytes(int value) {
        return change(draft -> draft.maxCallBytes = value);
    }

    public TargetSettings withShardRate(double value) {
        return change(draft -> draft.shardRate = value);
    }

    public TargetSettings withMaxRate(long value) {
        return change(draft -> draft.maxRate = value);
    }

    public TargetSettings withCallTimeout(Duration value) {
        return change(draft -> draft.callTimeout = value);
    }

    private TargetSettings change(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** These settings while one of them changes. */
    private static final class Draft {
        private final Address address;
        private final String region;
        private Credentials credentials;
        private Network network;
        private Optional<Prices> prices;
        private HttpVersion httpVersion;
        private Api api;
        private Ordering ordering;
        private Duration linger;
        private AutoCreate autoCreate;
        private int maxCallBytes;
        private double shardRate;
        private long maxRate;
        private Duration callTimeout;

        Draft(TargetSettings from) {
            this.address = from.address;
            this.region = from.region;
            this.credentials = from.credentials;
            this.network = from.network;
            this.prices = from.prices;
            this.httpVersion = from.httpVersion;
            this.api = from.api;
            this.ordering = from.ordering;
            this.linger = from.linger;
            this.autoCreate = from.autoCreate;
            this.maxCallBytes = from.maxCallBytes;
            this.shardRate = from.shardRate;
            this.maxRate = from.maxRate;
            this.callTimeout = from.callTimeout;
        }

        TargetSettings settings() {
            return new TargetSettings(
                    address,
                    region,
                    credentials,
                    network,
                    prices,
                    httpVersion,
                    api,
                    ordering,
                    linger,
                    autoCreate,
                    maxCallBytes,
                    shardRate,
                    maxRate,
                    callTimeout);
        }
    }

    /** Where a target is. */
    public sealed interface Address {
        /** Amazon's endpoint of the region. */
        record Aws() implements Address {}

        /** Any endpoint that speaks the Kinesis API. */
        record Url(URI url) implements Address {}
    }

    /** The HTTP version spoken. */
    public enum HttpVersion {
        HTTP_1_1,
        HTTP_2
    }

    /** The operation that stores records. */
    public enum Api {
        /** Batches of up to 500, CBOR. */
        PUT_RECORDS,
        /** One record per call, JSON with base64. */
        PUT_RECORD
    }

    /** What holds among the records of one partition key. */
    public enum Ordering {
        /** They are stored in the order in which they were accepted. */
        PER_KEY,
        /** Nothing: all of them may be out at once. */
        NONE
    }
}
