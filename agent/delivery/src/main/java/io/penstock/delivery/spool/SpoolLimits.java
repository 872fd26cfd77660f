package io.penstock.delivery.spool;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.SizeText;
import java.util.OptionalLong;

/**
 * {@code spool:} of the configuration.
 *
 * @param reserve empty for {@code auto}
 */
public record SpoolLimits(
        @Key(usual = "4GiB")
        @Bytes
        @Range(least = "1MiB")
        @Doc("disk that each stream's spool may take, so that one stuck stream fills only its own share; at least 1MiB")
        long maxBytes,

        @Key(usual = "auto")
        @As(Reserve.class)
        @Doc("free disk that is left in any case, a size such as `1GiB`; `auto` is the smaller of 1 GiB and 5 % of the"
                + " disk. Below it [nothing is taken](operations.md#when-the-disk-runs-out)")
        OptionalLong reserve,

        @Key(usual = "block")
        @Doc("sources are held back; or `drop-oldest`, `drop-newest`: events are lost, and counted")
        WhenFull whenFull) {

    /** A size, or {@code auto}. */
    static final class Reserve implements Notation<OptionalLong> {
        private static final String AUTO = "auto";

        @Override
        public Parsed<OptionalLong> parse(String text) {
            return text.equals(AUTO)
                    ? Parsed.right(OptionalLong.empty())
                    : SizeText.parse(text).then(bytes -> Parsed.right(OptionalLong.of(bytes)));
        }

        @Override
        public String format(OptionalLong reserve) {
            return reserve.isPresent() ? SizeText.format(reserve.getAsLong()) : AUTO;
        }
    }
}
