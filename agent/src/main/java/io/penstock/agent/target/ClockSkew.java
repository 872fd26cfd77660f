package io.penstock.agent.target;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * How far this machine's clock is from the endpoint's. A signature holds for five minutes (AWS, Signature Version 4); on
 * being told that its time is wrong, later ones are made by the time of the endpoint's {@code Date} header. When this
 * machine's clock is set, that difference is wrong, and is learned again from the next refusal. Any thread.
 */
final class ClockSkew {
    private static final Duration TOLERATED = Duration.ofMinutes(2);
    private static final Set<String> CODES = Set.of(
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure");

    private final Clock local;
    private volatile Duration offset = Duration.ZERO;

    ClockSkew(Clock local) {
        this.local = local;
    }

    /** The endpoint's time, as far as known. */
    Clock clock() {
        return Clock.offset(local, offset);
    }

    /** Learns from a refusal; whether signing again is different from before. */
    boolean correct(String errorCode, Optional<String> dateHeader) {
        if (!CODES.contains(errorCode)) {
            return false;
        }
        Optional<Instant> there = dateHeader.flatMap(ClockSkew::parse);
        if (there.isEmpty()
                || Duration.between(clock().instant(), there.get()).abs().compareTo(TOLERATED) < 0) {
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
