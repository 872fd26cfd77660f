package io.penstock.delivery.kinesis.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How far this machine's clock is from the endpoint's. A signature holds for five minutes (AWS, Signature Version 4);
 * on being told that its time is wrong, later ones are made by the time of the endpoint's {@code Date} header. When
 * this machine's clock is set, that difference is wrong, and is learned again from the next refusal. Any thread.
 */
public final class ClockSkew {
    private static final Duration TOLERATED = Duration.ofMinutes(2);
    private static final Set<String> CODES = Set.of(
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure");

    private final Clock local;
    private final LongSupplier nanoTime;
    private volatile Duration offset = Duration.ZERO;

    public ClockSkew(Clock local) {
        this(local, System::nanoTime);
    }

    public ClockSkew(Clock local, LongSupplier nanoTime) {
        this.local = local;
        this.nanoTime = nanoTime;
    }

    /**
     * The time that one call is signed with.
     *
     * @param time the endpoint's, as far as known
     * @param nanos when that was
     */
    record SigningTime(Instant time, long nanos) {
        Clock clock() {
            return Clock.fixed(time, ZoneOffset.UTC);
        }
    }

    SigningTime now() {
        return new SigningTime(local.instant().plus(offset), nanoTime.getAsLong());
    }

    /**
     * Learns from a refusal; whether signing again is different from what the call was signed with. So of several calls
     * that were out with a wrong time each is worth another try, also when the first refusal has told the right one.
     */
    public boolean correct(String errorCode, Optional<String> dateHeader, SigningTime signed) {
        if (!CODES.contains(errorCode)) {
            return false;
        }
        Optional<Instant> there = dateHeader.flatMap(ClockSkew::parse);
        if (there.isEmpty()) {
            return false;
        }
        Instant assumed = signed.time().plusNanos(nanoTime.getAsLong() - signed.nanos());
        if (Duration.between(assumed, there.get()).abs().compareTo(TOLERATED) < 0) {
            return false;
        }
        offset = Duration.between(local.instant(), there.get());
        return true;
    }

    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeParseException somethingElse) {
            return Optional.empty();
        }
    }
}
