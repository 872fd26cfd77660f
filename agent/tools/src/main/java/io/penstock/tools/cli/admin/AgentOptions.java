package io.penstock.tools.cli.admin;

import io.penstock.agent.admin.AdminKey;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.ConfigurationOptions;
import io.penstock.agent.config.Configuration;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.NetworkFailure;
import io.penstock.base.net.ListenAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The agent that a command talks to, through its admin port: {@code --admin}, else what {@code --config} says, else the
 * installed configuration, else the default address.
 */
public final class AgentOptions {
    private static final Path INSTALLED = Path.of("/etc/penstock/penstock.yaml");
    private static final String AUTHORIZATION = "Authorization";
    private static final int UNAUTHORIZED = 401;
    private static final String USUAL = "127.0.0.1:9890";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "The agent's admin address. Default: what the configuration says, else " + USUAL + ".")
    private @Nullable String admin;

    @Option(names = "--user", paramLabel = "NAME", description = "A user of admin.auth, if the agent asks for one.")
    private String user = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the user's password and nothing else; a line feed at its end does not count.")
    private @Nullable Path password;

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    private @Nullable Configuration read;

    /** The agent's configuration file; the installed one unless the command line names one. */
    private Optional<Configuration> configuration() {
        if (read == null) {
            if (configuration.file().isEmpty() && Files.isReadable(INSTALLED)) {
                configuration.otherwise(Optional.of(INSTALLED));
            }
            if (configuration.file().isPresent()) {
                read = configuration.load(Optional.empty());
            }
        }
        return Optional.ofNullable(read);
    }

    /** HOST:PORT. */
    public String address() {
        if (admin != null) {
            return admin;
        }
        return configuration().map(found -> reachable(found.admin().listen())).orElse(USUAL);
    }

    /** A server on every interface is reached on the loopback one. */
    private static String reachable(ListenAddress listen) {
        String text = listen.toString();
        int port = text.lastIndexOf(':');
        return text.startsWith("0.0.0.0:") || text.startsWith("[::]:") ? "127.0.0.1" + text.substring(port) : text;
    }

    private URI uri(String path) {
        try {
            return URI.create("http://" + address() + path);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage("--admin " + admin + " is no address; write HOST:PORT");
        }
    }

    /** The body of the answer. */
    public String get(String path) throws InterruptedException {
        URI uri = uri(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT);
        Optional<String> login = login();
        login.ifPresent(value -> request.header(AUTHORIZATION, value));
        HttpResponse<String> answer = send(request.build());
        if (answer.statusCode() == UNAUTHORIZED && login.isEmpty()) {
            Optional<String> own = isHere() ? key(Optional.empty()) : Optional.empty();
            if (own.isEmpty()) {
                throw CommandFailure.failed("the agent at " + address() + " asks for a user: give --user and"
                        + " --password-file, or run this as the agent's user on its machine");
            }
            answer = send(request.header(AUTHORIZATION, own.get()).build());
        }
        if (answer.statusCode() != 200) {
            throw CommandFailure.failed(uri + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /**
     * Asks for a change, with the proof that this command may read the agent's data folder if it may.
     *
     * @param data the data folder that the command line names
     */
    public HttpResponse<String> post(String path, String body, Optional<Path> data, Duration limit)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(limit)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        login().or(() -> isHere() ? key(data) : Optional.empty())
                .ifPresent(value -> request.header(AUTHORIZATION, value));
        return send(request.build());
    }

    /** The agent's data folder: what the command line names, else what the configuration says, else the default. */
    public Path folder(Optional<Path> data) {
        return data.or(() -> configuration().map(Configuration::data))
                .orElseGet(() -> configuration.load(Optional.empty()).data());
    }

    private Optional<String> key(Optional<Path> data) {
        try {
            return Optional.of("Bearer " + AdminKey.read(folder(data)));
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    /** The key to the agent of this machine is told to no other one. */
    private boolean isHere() {
        return admin == null || admin.matches("(127\\.[0-9.]+|localhost|\\[::1]):\\d+");
    }

    /** What {@code --user} proves. */
    private Optional<String> login() {
        if (user.isEmpty() != (password == null)) {
            throw CommandFailure.wrongUsage("--user and --password-file belong together");
        }
        return password == null
                ? Optional.empty()
                : Optional.of("Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + SecretFile.read("--password-file", password))
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw CommandFailure.failed("no agent answers at " + address() + " ("
                    + why(e)
                    + "): is it running? Its admin address is named by --admin");
        }
    }

    /** The JDK's client says of a refused connection that its channel is closed. */
    private static String why(IOException failure) {
        boolean refused = failure instanceof ConnectException
                && NetworkFailure.of(failure, "it", "").name() == ConditionName.CONNECTION_LOST;
        return NetworkFailure.of(refused ? new ConnectException() : failure, "it", "")
                .sentence();
    }
}
