package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Nearest;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.regions.Region;

/** The regions of Amazon that the SDK knows. Stateless. */
final class KnownRegions {
    private KnownRegions() {}

    /** What is odd about a region of which the SDK knows nothing, with the nearest one; empty if it is known. */
    static Optional<String> doubt(String region) {
        List<String> known = Region.regions().stream()
                .filter(each -> !each.isGlobalRegion())
                .map(Region::id)
                .toList();
        return known.contains(region)
                ? Optional.empty()
                : Optional.of("\"" + region + "\" is no region that this version knows; "
                        + Nearest.remedy(region, known, "if Amazon has it, it works all the same"));
    }
}
