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
 * The difference between this machine's clock and the endpoint's. A signature is valid for five minutes (AWS, Signature
 * Version 4). After a refusal because of its time, later signatures use the time of the endpoint's {@code Date} header.
 * When this machine's clock is set, the difference is wrong until the next refusal corrects it. Any thread.
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
     * The time with which one call is signed.
     *
     * @param time the endpoint's time by present knowledge
     * @param nanos the monotonic time at that moment
     */
    record SigningTime(Instant time, long nanos) {
        Clock clock() {
            return Clock.fixed(time, ZoneOffset.UTC);
        }
    }

    /** The offset, if a signature by this machine's clock would be in danger. */
    public Optional<Duration> significant() {
        return Optional.of(offset).filter(now -> now.abs().compareTo(TOLERATED) >= 0);
    }

    /** From this machine's clock to the endpoint's, as calls are signed now; zero while no call was refused for it. */
    public Duration offset() {
        return offset;
    }

    SigningTime now() {
        return new SigningTime(local.instant().plus(offset), nanoTime.getAsLong());
    }

    /**
     * Learns from a refusal. Returns true if a new signature would differ from the call's. So when several calls in
     * flight have a wrong time, each is worth another try, even if the first refusal has already corrected the clock.
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
