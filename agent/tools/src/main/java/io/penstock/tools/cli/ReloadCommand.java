package io.penstock.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.tools.cli.admin.AgentOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock reload}: makes a running agent read its configuration again. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a running agent read its configuration again, as SIGHUP does, and says what changed.",
            "The agent applies what it can without dropping a connection or an event, and names what needs a restart."
                    + " A file with a mistake changes nothing.",
            "Run it as the agent's user or root; other users may with admin.allow-changes: true.",
            "Exit status 0 when the configuration is applied, 1 when it is refused or no agent answers."
        })
final class ReloadCommand implements Callable<Integer> {
    private static final int FORBIDDEN = 403;
    /** The key to an agent is in its data folder, which this command may have looked for in the wrong place. */
    private static final String OTHER_FOLDER =
            "; if the agent was started with --config FILE or --data DIR, give this command the same";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Mixin
    private final AgentOptions agent = new AgentOptions();

    @Option(names = "--data", paramLabel = "DIR", description = "The agent's data folder, if its --data names it.")
    private @Nullable Path data;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        HttpResponse<String> answer = agent.post("/api/reload", "", Optional.ofNullable(data), LIMIT);
        JsonNode outcome = parse(answer.body());
        if (!outcome.has("applied")) {
            throw CommandFailure.failed(outcome.path("error").asText("the agent answers " + answer.statusCode())
                    + (outcome.has("remedy") ? "; " + outcome.path("remedy").asText() : "")
                    + (answer.statusCode() == FORBIDDEN ? OTHER_FOLDER : ""));
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean applied = outcome.path("applied").asBoolean();
        PrintWriter to = applied ? out : spec.commandLine().getErr();
        outcome.path("lines").forEach(line -> to.println(line.asText()));
        to.flush();
        return applied ? 0 : PenstockCommand.FAILURE;
    }

    private JsonNode parse(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (IOException e) {
            throw CommandFailure.failed("what answers at " + agent.address() + " is no Penstock agent");
        }
    }
}
