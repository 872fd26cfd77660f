package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.route.StreamName;
import io.penstock.tools.bench.Bench;
import io.penstock.tools.bench.Verification;
import io.penstock.tools.tail.TailClient;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The options of {@code bench} that say where the events arrive. */
final class VerifyOptions {
    private static final String AMAZON = "aws";

    @Option(
            names = "--verify",
            description = {
                "Read the stream back afterwards and account for each event: lost, duplicated, out of order.",
                "Exit status 1 when anything acknowledged is lost."
            })
    private boolean wanted;

    @Option(
            names = "--endpoint-url",
            paramLabel = "URL",
            description = "The Kinesis endpoint to read from, or aws. Default: http://127.0.0.1:4567.")
    private String endpoint = "http://127.0.0.1:4567";

    @Option(names = "--region", paramLabel = "NAME", description = "Its region. Default: us-east-1.")
    private String region = "us-east-1";

    @Option(
            names = "--verify-stream",
            paramLabel = "NAME",
            description = "Where the events arrive. Default: where the agent puts them without routes.")
    private @Nullable String stream;

    /** What to read, once all of it is known to be well formed. */
    record Target(Optional<URI> endpoint, String region, String stream) {
        Verification verify(Bench bench, Bench.Watcher watcher) throws InterruptedException {
            try (KinesisAsyncClient client = TailClient.create(endpoint, region, System.getenv())) {
                return bench.verify(client, stream, watcher);
            }
        }
    }

    boolean wanted() {
        return wanted;
    }

    /** @throws CommandFailure for a URL or a name that is none */
    Target target(String usualStream) {
        String name = stream == null ? usualStream : stream;
        if (!StreamName.valid(name)) {
            throw CommandFailure.wrongUsage(
                    "'" + name + "' is no stream name: 1 to 128 letters, digits, '_', '.' or '-'");
        }
        return new Target(endpoint.equals(AMAZON) ? Optional.empty() : Optional.of(url()), region, name);
    }

    private URI url() {
        try {
            URI url = URI.create(endpoint);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, together with URLs of other kinds.
        }
        throw CommandFailure.wrongUsage(
                "--endpoint-url " + endpoint + ": write a URL such as http://127.0.0.1:4567, or aws");
    }
}
