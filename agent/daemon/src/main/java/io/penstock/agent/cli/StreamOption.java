package io.penstock.agent.cli;

import io.penstock.agent.route.StreamName;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code NAME[:SHARDS[:REGION]]} on the command line.
 *
 * @param region empty for the engine's own
 */
public record StreamOption(String name, int shards, Optional<String> region) {
    private static final int MAX_SHARDS = 10_000;
    private static final int MOST_PARTS = 3;
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(?:-[a-z]+)+-\\d");

    public static StreamOption parse(String text, int defaultShards) {
        String[] parts = text.split(":", -1);
        if (parts.length > MOST_PARTS) {
            throw wrong(text, "there is more behind the region");
        }
        if (!StreamName.valid(parts[0])) {
            throw wrong(text, "a stream's name is 1 to 128 letters, digits, '_', '.' or '-'");
        }
        int shards = parts.length > 1 ? shards(text, parts[1]) : defaultShards;
        if (parts.length < MOST_PARTS) {
            return new StreamOption(parts[0], shards, Optional.empty());
        }
        if (!REGION.matcher(parts[2]).matches()) {
            throw wrong(text, "'" + parts[2] + "' is no region");
        }
        return new StreamOption(parts[0], shards, Optional.of(parts[2]));
    }

    private static int shards(String text, String number) {
        try {
            int shards = Integer.parseInt(number);
            if (shards >= 1 && shards <= MAX_SHARDS) {
                return shards;
            }
        } catch (NumberFormatException e) {
            // Said below, together with numbers that are out of range.
        }
        throw wrong(text, "the number of shards is 1 to " + MAX_SHARDS);
    }

    private static CommandFailure wrong(String text, String rule) {
        return CommandFailure.wrongUsage(
                "--stream " + text + ": " + rule + "; write NAME:SHARDS:REGION, such as orders:4:eu-west-1");
    }
}
