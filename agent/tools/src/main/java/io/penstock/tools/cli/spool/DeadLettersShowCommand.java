package io.penstock.tools.cli.spool;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.base.text.OneLine;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.deadletter.LetterReader;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.DeadLetterReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock dead-letters show}: the letters of streams, with their reasons. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Prints dead letters with their reasons, the oldest first; data that is no text as base64.",
            "Works while an agent runs."
        })
final class DeadLettersShowCommand implements Callable<Integer> {
    private static final int LONGEST = 1_000;

    @Mixin
    private final DataOptions options = new DataOptions();

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Which ones (TARGET/STREAM). Default: all.")
    private List<String> names = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Of each stream at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--whole", description = "Print data whole, not only its first " + LONGEST + " characters.")
    private boolean whole;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        DeadLetterReplay letters = new DeadLetterReplay(options.folder());
        try {
            for (StreamId stream : SpoolCommand.choose("dead letters", letters.streams(), names)) {
                long[] count = new long[1];
                for (Path file : letters.files(stream)) {
                    LetterReader.forEach(file, letter -> {
                        if (count[0]++ < limit) {
                            print(stream, letter, out);
                        }
                    });
                }
                if (count[0] > limit) {
                    out.println(stream + ": " + (count[0] - limit) + " more; --limit shows them");
                }
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed("the dead letters cannot be read: " + e.getMessage());
        }
    }

    private void print(StreamId stream, JsonNode letter, PrintWriter out) throws IOException {
        out.println(stream + " " + letter.path("letter").asText() + ", "
                + letter.path("time").asText() + ", key "
                + letter.path(DeadLetters.PARTITION_KEY).asText("(chosen by the sender)") + ": "
                + OneLine.of(letter.path("reason").asText()));
        String text = text(letter.path(DeadLetters.DATA).binaryValue());
        out.println("    " + (whole || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…"));
    }

    /** Control characters, which could move a terminal's cursor, become question marks. */
    private static String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString()
                    .replaceAll("\\p{Cntrl}", "?");
        } catch (CharacterCodingException binary) {
            return "base64 " + Base64.getEncoder().encodeToString(data);
        }
    }
}
