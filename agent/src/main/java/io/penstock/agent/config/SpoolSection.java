package io.penstock.agent.config;

/**
 * {@code spool:}
 *
 * @param maxBytes disk that the spool of each stream may take; at least 1 MiB
 * @param reserve free disk that is left in any case
 * @param whenFull what becomes of new events at either limit
 */
public record SpoolSection(long maxBytes, long reserve, WhenFull whenFull) {
    static SpoolSection read(Section section) {
        return new SpoolSection(
                section.value("max-bytes", 4L << 30, Values.size(1 << 20)),
                section.value("reserve", 1L << 30, Values.size(0)),
                section.value("when-full", WhenFull.BLOCK, Values.choice(WhenFull.values())));
    }
}
