package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Word;
import io.penstock.base.settings.Written;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One target of the configuration: {@code kinesis:} or an entry under {@code targets:}.
 *
 * @param address of the endpoint
 * @param region the AWS region for which calls are signed
 * @param sending how records are sent
 * @param network how it is reached
 * @param access the credentials of the calls
 * @param creation whether a missing stream is created; empty: as the engine inside this process decides
 * @param prices of its streams, if configured
 * @param bounds limits without a key
 */
public record TargetSettings(
        @Key(value = "endpoint", usual = "embedded", emptyToo = true, example = " ")
        @Doc("`embedded`, the stream engine inside this process; or `aws`, Amazon's own in the region below; or an http"
                + " or https URL such as `http://127.0.0.1:4567`. Left out, the key means `embedded`; an empty value is"
                + " refused, so that no service runs without having been chosen")
        TargetAddress address,

        @Key(usual = "us-east-1")
        @Text(pattern = "[a-z0-9-]{1,63}", reason = "is no region", remedy = "write one such as eu-west-1")
        @Doc("the region that requests are signed for. Left out: the one that an Amazon URL names, else `AWS_REGION`,"
                + " else `us-east-1`; another than the URL names is a mistake; `aws` needs `region` or `AWS_REGION`")
        String region,

        @Inline Sending sending,

        @Inline Network network,

        @Inline Access access,

        @Key("auto-create") @Doc("whether missing streams are made, and how")
        Optional<AutoCreate> creation,

        @Key
        @Doc("for the [month's estimate](targets.md#what-streams-cost) in the status; see the region's price list. The"
                + " first two are of provisioned mode, the others of on-demand mode; either pair, or both to compare."
                + " Left out: none is made")
        Optional<Prices> prices,

        Bounds bounds)
        implements Completed<TargetSettings> {

    /** No rate limit before a shard's first throttle. */
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /** The limit of PutRecords at Amazon, in bytes. */
    public static final int MAX_CALL_BYTES = 10 << 20;

    private static final String DEFAULT_REGION = "us-east-1";

    /** How records are sent. */
    public record Sending(
            @Key(usual = "1.1") @Doc("1.1 works with every endpoint, proxy and stub; `2` is HTTP/2")
            HttpVersion httpVersion,

            @Key(usual = "put-records")
            @Doc("up to 500 records per call; or `put-record`, one record per call, base64 in JSON")
            Api api,

            @Key(usual = "per-key")
            @Doc("records of one partition key are stored in the order in which they came; or `none`: faster, they may"
                    + " change places")
            Ordering ordering,

            @Key(usual = "20ms") @Range(most = "10s") @Doc("how long a call may wait to fill; up to 10s")
            Duration linger,

            @Key(usual = "0")
            @Bytes
            @Range(least = "1KiB", orZero = true)
            @Doc("bytes per second that all streams of the target together are sent, such as `256KiB`; at least 1KiB,"
                    + " `0` for no limit: see [the sender](sender.md#the-uplink)")
            long maxRate) {
        public Sending {
            if (maxRate != 0 && maxRate < 1 << 10 || linger.isNegative()) {
                throw new IllegalArgumentException("at least 1 KiB a second, not " + maxRate + "; linger " + linger);
            }
        }

        /** Bytes per second; infinite for no limit. */
        public double rate() {
            return maxRate == 0 ? Double.POSITIVE_INFINITY : maxRate;
        }
    }

    /**
     * The credentials of a target.
     *
     * @param own empty only for the engine inside this process, which requires none
     */
    public record Access(
            @Key("credentials") @Doc("whose calls these are: see [targets](targets.md#credentials)")
            Optional<Credentials> own,

            @Key("assume-role") @Doc("a role that these credentials assume at STS")
            Optional<Credentials.Role> role) {

        static Access of(Credentials credentials) {
            return credentials instanceof Credentials.AssumeRole role
                    ? new Access(
                            Optional.of(role.source()),
                            Optional.of(new Credentials.Role(
                                    role.roleArn(), role.externalId(), role.sessionName(), role.duration())))
                    : new Access(Optional.of(credentials), Optional.empty());
        }

        Credentials credentials() {
            Credentials source = own.orElse(new Credentials.None());
            return role.map(assumed -> assumed.assumedWith(source)).orElse(source);
        }
    }

    /**
     * Limits without a key.
     *
     * @param maxCallBytes data and partition keys of one PutRecords call: 10 MiB at Amazon (API reference, PutRecords),
     *     5 MiB at endpoints with the former limit
     * @param shardRate rate of one shard before its first throttle, in multiples of 1 MiB and 1000 records a second;
     *     {@link #UNLIMITED} to find the limit by throttling
     * @param callTimeout after which a call's result counts as unknown
     */
    public record Bounds(int maxCallBytes, double shardRate, Duration callTimeout) {
        static final Bounds USUAL = new Bounds(MAX_CALL_BYTES, UNLIMITED, Duration.ofSeconds(30));

        public Bounds {
            if (maxCallBytes < 1 << 10 || maxCallBytes > MAX_CALL_BYTES) {
                throw new IllegalArgumentException("bytes per call: 1 KiB to 10 MiB, not " + maxCallBytes);
            }
            if (callTimeout.isNegative() || callTimeout.isZero() || !(shardRate > 0)) {
                throw new IllegalArgumentException("call timeout and shard rate must be positive");
            }
        }
    }

    /** The HTTP version of the calls. */
    public enum HttpVersion {
        @Word("1.1")
        HTTP_1_1,
        /** With prior knowledge over plain text, by ALPN over TLS. */
        @Word("2")
        HTTP_2
    }

    /** The operation that stores records. */
    public enum Api {
        /** Batches of up to 500 records, in CBOR. */
        PUT_RECORDS,
        /** One record per call, in JSON with base64. */
        PUT_RECORD
    }

    /** The order among the records of one partition key. */
    public enum Ordering {
        /** Records are stored in the order in which they were accepted, also with throttling, retries and a reshard. */
        PER_KEY,
        /** No order: all records of a key may be in flight at once. */
        NONE
    }

    /**
     * Amazon Kinesis Data Streams with the default credentials chain; shards are sent at most their provisioned limits.
     */
    public static TargetSettings aws(String region) {
        return at(new TargetAddress.Aws(), region, new Credentials.Chain()).withShardRate(1);
    }

    /** Any other endpoint, with dummy credentials. */
    public static TargetSettings url(URI url, String region) {
        return at(new TargetAddress.Url(url), region, new Credentials.None());
    }

    /** The stream engine of this process: as {@link #url}, and missing streams are created. */
    public static TargetSettings embedded(URI url, int defaultShards) {
        return url(url, DEFAULT_REGION).withAutoCreate(new AutoCreate(true, defaultShards));
    }

    static TargetSettings defaults() {
        return at(new TargetAddress.Embedded(), DEFAULT_REGION, new Credentials.None());
    }

    private static TargetSettings at(TargetAddress address, String region, Credentials credentials) {
        return new TargetSettings(
                address,
                region,
                new Sending(HttpVersion.HTTP_1_1, Api.PUT_RECORDS, Ordering.PER_KEY, Duration.ofMillis(20), 0),
                Network.DIRECT,
                Access.of(credentials),
                Optional.of(AutoCreate.OFF),
                Optional.empty(),
                Bounds.USUAL);
    }

    /** The credentials of the calls. */
    public Credentials credentials() {
        return access.credentials();
    }

    /** Whether a missing stream is created. */
    public AutoCreate autoCreate() {
        return creation.orElse(AutoCreate.OFF);
    }

    /** This target with the address of the engine inside this process. */
    public TargetSettings at(URI engine) {
        return new TargetSettings(
                new TargetAddress.Url(engine), region, sending, network, access, creation, prices, bounds);
    }

    public TargetSettings withSending(Sending value) {
        return new TargetSettings(address, region, value, network, access, creation, prices, bounds);
    }

    public TargetSettings withCredentials(Credentials value) {
        return new TargetSettings(address, region, sending, network, Access.of(value), creation, prices, bounds);
    }

    public TargetSettings withNetwork(Network value) {
        return new TargetSettings(address, region, sending, value, access, creation, prices, bounds);
    }

    public TargetSettings withAutoCreate(AutoCreate value) {
        return new TargetSettings(address, region, sending, network, access, Optional.of(value), prices, bounds);
    }

    /**
     * A doubt about the region of a target at Amazon, with the remedy; empty if the region is known. Another service may
     * call its regions as it likes.
     */
    public Optional<String> unknownRegion() {
        return address instanceof TargetAddress.Aws ? KnownRegions.doubt(region) : Optional.empty();
    }

    public TargetSettings withBounds(Bounds value) {
        return new TargetSettings(address, region, sending, network, access, creation, prices, value);
    }

    public TargetSettings withHttpVersion(HttpVersion value) {
        return withSending(new Sending(value, sending.api, sending.ordering, sending.linger, sending.maxRate));
    }

    public TargetSettings withApi(Api value) {
        return withSending(new Sending(sending.httpVersion, value, sending.ordering, sending.linger, sending.maxRate));
    }

    public TargetSettings withOrdering(Ordering value) {
        return withSending(new Sending(sending.httpVersion, sending.api, value, sending.linger, sending.maxRate));
    }

    public TargetSettings withLinger(Duration value) {
        return withSending(new Sending(sending.httpVersion, sending.api, sending.ordering, value, sending.maxRate));
    }

    public TargetSettings withMaxCallBytes(int value) {
        return withBounds(new Bounds(value, bounds.shardRate, bounds.callTimeout));
    }

    public TargetSettings withCallTimeout(Duration value) {
        return withBounds(new Bounds(bounds.maxCallBytes, bounds.shardRate, value));
    }

    public TargetSettings withShardRate(double value) {
        return withBounds(new Bounds(bounds.maxCallBytes, value, bounds.callTimeout));
    }

    @Override
    public TargetSettings completed(Written target) {
        return new TargetRules(target, this).completed();
    }
}
