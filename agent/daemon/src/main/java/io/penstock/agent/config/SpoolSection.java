package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.util.OptionalLong;

/**
 * {@code spool:}
 *
 * @param maxBytes disk that the spool of each stream may take; at least 1 MiB
 * @param reserve free disk that is left in any case; empty for {@code auto}: the smaller of 1 GiB and 5 % of the disk
 * @param whenFull what becomes of new events at either limit
 */
public record SpoolSection(long maxBytes, OptionalLong reserve, WhenFull whenFull) {
    private static final String AUTO = "auto";

    static SpoolSection read(Section section) {
        return new SpoolSection(
                section.value("max-bytes", 4L << 30, Values.size(1 << 20)),
                section.value("reserve", OptionalLong.empty(), SpoolSection::reserve),
                section.value("when-full", WhenFull.BLOCK, Values.choice(WhenFull.values())));
    }

    private static Parsed<OptionalLong> reserve(String text) {
        return text.equals(AUTO)
                ? Parsed.right(OptionalLong.empty())
                : Values.size(0).apply(text).then(bytes -> Parsed.right(OptionalLong.of(bytes)));
    }

    String reserveText() {
        return reserve.isPresent() ? SizeText.format(reserve.getAsLong()) : AUTO;
    }
}
