package io.penstock.tools.cli.spool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.disk.DataFolderException;
import io.penstock.tools.cli.admin.AgentOptions;
import io.penstock.tools.spool.DeadLetterReplay;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does something with the dead letters of a data folder: through the agent that runs on it, or without one. */
final class LettersAction {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The agent takes 64 KiB at once. */
    private static final int AT_ONCE = 100;

    private static final Duration LIMIT = Duration.ofMinutes(30);

    @Mixin
    private final AgentOptions agent = new AgentOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder. Default: what the configuration says, else ~/.penstock.")
    private @Nullable Path data;

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Which ones (TARGET/STREAM). Default: all.")
    private List<String> names = List.of();

    /** What is done to a stream's letters while no agent runs. */
    interface Offline {
        /** Returns how many there were. */
        long act(DeadLetterReplay letters, OfflineSpools spools, StreamId stream) throws IOException;
    }

    /**
     * @param path of the agent's port
     * @param done what the letters are then, after their number
     */
    void run(String path, Offline offline, String done, PrintWriter out) throws InterruptedException {
        Path folder = agent.folder(Optional.ofNullable(data));
        DeadLetterReplay letters = new DeadLetterReplay(folder);
        try {
            List<StreamId> streams = SpoolCommand.choose("dead letters", letters.streams(), names);
            if (streams.isEmpty()) {
                out.println("there are no dead letters in " + folder);
                out.flush();
                return;
            }
            try (OfflineSpools spools = OfflineSpools.open(folder)) {
                for (StreamId stream : streams) {
                    say(stream.toString(), offline.act(letters, spools, stream), done, out);
                }
            } catch (DataFolderException inUse) {
                online(path, streams, done, out);
            }
        } catch (IOException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        out.flush();
    }

    private static void say(String stream, long letters, String done, PrintWriter out) {
        out.println(stream + ": " + letters + (letters == 1 ? " dead letter is " : " dead letters are ") + done);
    }

    private void online(String path, List<StreamId> streams, String done, PrintWriter out)
            throws IOException, InterruptedException {
        for (int from = 0; from < streams.size(); from += AT_ONCE) {
            ask(path, streams.subList(from, Math.min(streams.size(), from + AT_ONCE)), done, out);
        }
    }

    private void ask(String path, List<StreamId> streams, String done, PrintWriter out)
            throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode all = body.putArray("streams");
        streams.forEach(stream -> all.addObject().put("target", stream.target()).put("stream", stream.stream()));
        HttpResponse<String> answer = agent.post(path, JSON.writeValueAsString(body), Optional.ofNullable(data), LIMIT);
        JsonNode told = JSON.readTree(answer.body());
        for (JsonNode each : told.path("streams")) {
            if (each.has("letters")) {
                StreamId stream = new StreamId(
                        each.path("target").asText(), each.path("stream").asText());
                say(stream.toString(), each.path("letters").asLong(), done, out);
            }
        }
        if (answer.statusCode() != 200) {
            out.flush();
            throw CommandFailure.failed(told.path("error").asText("the agent answers " + answer.statusCode())
                    + (told.has("remedy") ? "; " + told.path("remedy").asText() : ""));
        }
    }
}
