package io.penstock.agent.cli;

import io.penstock.agent.EngineAlone;
import io.penstock.agent.StartFailure;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.EngineConfiguration;
import io.penstock.agent.logging.LogOutput;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.DurationText;
import io.penstock.base.settings.Parsed;
import io.penstock.engine.EngineSettings;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock engine}: the stream engine alone, a Kinesis for a laptop or a test. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the stream engine alone: the Kinesis API on one port, streams in one folder.",
            "Any AWS SDK and the AWS CLI work against it with --endpoint-url and any credentials."
        })
final class EngineCommand implements Callable<Integer>, Entry.Starting {
    /** For {@link Entry}; the same as the annotations say. */
    static final PlainLine.Options OPTIONS = new PlainLine.Options(
            Set.of("--allow-anonymous", "--allow-changes", "--ephemeral"),
            Set.of("--config", "--data", "--listen", "--transition"),
            Set.of("--host", "--seed", "--stream"));

    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where the API listens; port 0 for any free one. Default: engine.listen, 127.0.0.1:4567.")
    private @Nullable String listen;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data folder; the streams are in its sub-folder engine, where run keeps them, too. Default: data, ~/.penstock.")
    private @Nullable Path data;

    @Option(
            names = "--stream",
            paramLabel = "NAME:SHARDS:REGION",
            description =
                    "Create this stream at the start unless it exists; may be repeated. Without :SHARDS engine.default-shards; without :REGION the engine's own.")
    private List<String> streams = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "A name under which the API may be called, besides IP addresses and localhost; may be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--allow-anonymous", description = "Let other machines call it without authentication.")
    private boolean allowAnonymous;

    @Option(
            names = "--allow-changes",
            description = {
                "Let the console (/console on the same port) put records, split, merge and reshard;",
                "on a loopback address only."
            })
    private boolean allowChanges;

    @Option(
            names = "--transition",
            paramLabel = "TIME",
            description =
                    "How long a stream is CREATING, UPDATING or DELETING; 0s to 10m. Default: 100ms, with --ephemeral 0s.")
    private @Nullable String transition;

    @Option(
            names = "--seed",
            paramLabel = "STREAM=FILE",
            description =
                    "Put these records at the start, lines as tail --json prints them; may be repeated, with --ephemeral only.")
    private List<String> seeds = new ArrayList<>();

    @Option(names = "--ephemeral", description = "Keep the streams in a temporary folder and delete it at the end.")
    private boolean ephemeral;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** For picocli, which sets the fields. */
    EngineCommand() {}

    EngineCommand(PlainLine line) {
        options.otherwise(line.one("--config").map(Path::of));
        listen = line.one("--listen").orElse(null);
        data = line.one("--data").map(Path::of).orElse(null);
        streams = line.all("--stream");
        hosts = line.all("--host");
        allowAnonymous = line.has("--allow-anonymous");
        allowChanges = line.has("--allow-changes");
        transition = line.one("--transition").orElse(null);
        seeds = line.all("--seed");
        ephemeral = line.has("--ephemeral");
    }

    @Override
    public Integer call() throws InterruptedException {
        return run(spec.commandLine().getOut());
    }

    @Override
    public int run(PrintWriter out) throws InterruptedException {
        if (ephemeral && data != null) {
            throw CommandFailure.wrongUsage("--ephemeral and --data exclude each other");
        }
        if (!ephemeral && !seeds.isEmpty()) {
            throw CommandFailure.wrongUsage(
                    "--seed goes with --ephemeral only: an engine that keeps its streams would get the records again with each start");
        }
        Optional<Duration> settling = Optional.ofNullable(transition).map(EngineCommand::duration);
        List<Seed> seeding = seeds.stream().map(Seed::parse).toList();
        MinimumHeap.require("penstock engine");
        EngineVariables variables = new EngineVariables(System.getenv());
        Optional<Path> folder = ephemeral
                ? Optional.of(Path.of(System.getProperty("java.io.tmpdir", "/tmp")))
                : Optional.ofNullable(data).or(variables::data);
        options.otherwise(variables.config());
        Configuration configuration = options.load(folder);
        LogOutput.ofProcess().apply(configuration.log());
        ListenAddress address = Optional.ofNullable(listen)
                .or(variables::listen)
                .map(EngineCommand::parse)
                .orElse(configuration.engine().listen());
        boolean signed = configuration.engine().callers().known();
        if (signed && !seeds.isEmpty()) {
            throw CommandFailure.wrongUsage(
                    "--seed stands beside engine.auth: sigv4: the seed is not signed; put the records with a client");
        }
        boolean anonymous = allowAnonymous
                || signed
                || variables.allowAnonymous()
                || configuration.engine().callers().allowAnonymous();
        if (!address.loopback() && !anonymous) {
            throw CommandFailure.wrongUsage("--listen " + address
                    + " lets other machines in without authentication; listen on 127.0.0.1, or say"
                    + " --allow-anonymous, or write engine.auth: sigv4 with a credentials-file");
        }
        boolean changes = allowChanges || variables.allowChanges();
        if (changes && !address.loopback()) {
            throw CommandFailure.wrongUsage("--allow-changes would let every machine that reaches " + address
                    + " change streams from a browser, without authentication; listen on 127.0.0.1, or leave it out");
        }
        UnaryOperator<EngineSettings> more = settings -> told(settings, variables, address, settling);
        String region = configuration.embedded().orElse(configuration.kinesis()).region();
        List<StreamOption> wanted = Stream.concat(streams.stream(), variables.streams().stream())
                .map(text -> StreamOption.parse(
                        text, configuration.engine().streams().defaultShards()))
                .toList();
        StopSignal stop = StopSignal.install();
        try (EngineAlone engine = EngineAlone.start(configuration, ephemeral, changes, more)) {
            engine.onFailure(stop::request);
            for (StreamOption stream : wanted) {
                engine.create(stream.name(), stream.shards(), stream.region().orElse(region));
            }
            seeding.forEach(seed -> seed.putTo(engine.address()));
            out.print(banner(engine, region, signed));
            out.flush();
            stop.await();
            Optional<String> failure = engine.failure();
            out.println(
                    failure.map(reason -> "stopping after a failure: " + reason).orElse("stopping"));
            out.flush();
            return failure.isPresent() ? PenstockCommand.FAILURE : 0;
        } catch (StartFailure e) {
            throw CommandFailure.of(e);
        }
    }

    /** What the command line and the environment say beyond the configuration. */
    private EngineSettings told(
            EngineSettings settings, EngineVariables variables, ListenAddress address, Optional<Duration> settling) {
        List<String> names = new ArrayList<>(settings.network().hosts());
        names.addAll(hosts.isEmpty() ? variables.hosts() : hosts);
        EngineSettings changed = settings.withListen(address.toSocketAddress()).withHosts(names);
        Optional<String> account = variables.account();
        if (account.isPresent() && settings.service().account().equals(EngineConfiguration.USUAL_ACCOUNT)) {
            changed = changed.withAccount(account.get());
        }
        return settling.map(changed::withTransition).orElse(changed);
    }

    private static Duration duration(String text) {
        Parsed<Duration> parsed = DurationText.parse(text);
        if (parsed instanceof Parsed.Right<Duration> right
                && !right.value().isNegative()
                && right.value().compareTo(Duration.ofMinutes(10)) <= 0) {
            return right.value();
        }
        throw CommandFailure.wrongUsage(
                "--transition " + text + ": is no time from 0s to 10m; write one such as 500ms");
    }

    private static ListenAddress parse(String text) {
        Parsed<ListenAddress> parsed = ListenAddress.parse(text);
        if (parsed instanceof Parsed.Right<ListenAddress> right) {
            return right.value();
        }
        Parsed.Wrong<ListenAddress> wrong = (Parsed.Wrong<ListenAddress>) parsed;
        throw CommandFailure.wrongUsage("--listen: " + wrong.reason() + "; " + wrong.remedy());
    }

    private String banner(EngineAlone engine, String region, boolean signed) {
        String url = Seed.url(engine.address());
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        String tls = engine.authority()
                .map(authority -> "TLS on the same port: trust " + authority)
                .orElse("TLS on the same port, with the configured certificate");
        return String.join(
                "\n",
                "Penstock " + Version.current() + ", stream engine alone",
                "  kinesis  " + url + "  (region " + region + ")",
                "  console  " + (signed ? "off: a browser cannot sign its calls" : url + "/console"),
                "  tls      " + tls,
                "  data     " + engine.data() + (ephemeral ? "  (deleted at the end)" : ""),
                "  streams  " + engine.streams(),
                "  ready    ready in " + millis + " ms; Ctrl-C stops",
                "Try:",
                "  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws kinesis list-streams --endpoint-url " + url
                        + " --region " + region,
                "");
    }
}
