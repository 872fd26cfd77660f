package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Streams as they are typed: as {@link StreamId#toString} prints them. */
final class SpoolNames {
    private SpoolNames() {}

    /** The spools of these names, or all of them when there are no names. */
    static List<StreamId> choose(OfflineSpools spools, List<String> names) throws IOException {
        return choose("spool", spools.streams(), names);
    }

    /** Those of {@code all} that have these names, or all of them when there are no names. */
    static List<StreamId> choose(String what, List<StreamId> all, List<String> names) {
        if (names.isEmpty()) {
            return all;
        }
        List<StreamId> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(stream -> stream.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> CommandFailure.wrongUsage(
                            "no " + what + " of stream " + name + "; there are: " + (all.isEmpty() ? "none" : all))));
        }
        return chosen;
    }
}
