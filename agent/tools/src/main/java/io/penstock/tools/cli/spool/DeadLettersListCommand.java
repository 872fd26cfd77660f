package io.penstock.tools.cli.spool;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.sender.deadletter.LetterReader;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.DeadLetterReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code penstock dead-letters list}: how many each stream has, and why the last one was refused. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the streams that have dead letters, how many, and why the last one was refused.",
            "Works while an agent runs."
        })
final class DeadLettersListCommand implements Callable<Integer> {
    @Mixin
    private final DataOptions options = new DataOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private record Summary(long letters, String reason) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        DeadLetterReplay letters = new DeadLetterReplay(options.folder());
        try {
            out.printf(Locale.ROOT, "%-32s %8s  %s%n", "STREAM", "LETTERS", "LAST REASON");
            for (StreamId stream : letters.streams()) {
                Summary summary = summary(letters, stream);
                out.printf(Locale.ROOT, "%-32s %8d  %s%n", stream, summary.letters(), summary.reason());
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed("the dead letters cannot be read: " + e.getMessage());
        }
    }

    private static Summary summary(DeadLetterReplay letters, StreamId stream) throws IOException {
        JsonNode[] last = new JsonNode[1];
        long count = 0;
        for (Path file : letters.files(stream)) {
            count += LetterReader.forEach(file, letter -> last[0] = letter);
        }
        return new Summary(count, last[0] == null ? "" : last[0].path("reason").asText());
    }
}
