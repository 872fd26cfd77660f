package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.demo.DemoRun;
import io.penstock.tools.demo.libraries.Libraries;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock demo}: the whole system on one machine, with a page to watch it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the whole system at work: page views, beacons and logs go through an agent into a stream of two"
                    + " shards, workers count them, and a page shows it.",
            "On the page a shard can be split, and a worker or the agent killed; the sum of what was counted stays the"
                    + " sum of what was sent.",
            "Everything runs on this machine, on ports of its own, and is removed at the end."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int LEAST_SECONDS = 20;

    @Option(names = "--headless", description = "Run the whole script without a browser, and check the sum.")
    private boolean headless;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long the script of --headless takes; 20 or more. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--json", description = "Print the sum of --headless as JSON.")
    private boolean json;

    @Option(names = "--script", description = "Let the script happen on the page, too; it takes three minutes.")
    private boolean script;

    @Option(
            names = "--plain",
            description =
                    "Read with plain workers, and fetch nothing. Otherwise they are of the Kinesis Client Library 3,"
                            + " with DynamoDB Local; both are fetched from Maven Central, once.")
    private boolean plain;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9895",
            description = "Of the page, on 127.0.0.1; 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--price-shard-hour",
            paramLabel = "USD",
            defaultValue = "0.015",
            description = "For the bill. Default: ${DEFAULT-VALUE}.")
    private double shardHour;

    @Option(
            names = "--price-million-puts",
            paramLabel = "USD",
            defaultValue = "0.014",
            description = "For the bill: a million records of up to 25 KB. Default: ${DEFAULT-VALUE}.")
    private double millionPuts;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "Keep logs, spool and stream there. Default: a temporary folder, removed at the end.")
    private @Nullable Path keep;

    private final CountDownLatch removed = new CountDownLatch(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < LEAST_SECONDS) {
            throw CommandFailure.wrongUsage(
                    "--seconds " + seconds + ": the script needs " + LEAST_SECONDS + " or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter notes = spec.commandLine().getErr();
        Path folder = keep == null ? Files.createTempDirectory("penstock-demo") : Files.createDirectories(keep);
        try {
            DemoRun run =
                    new DemoRun(notes, plain ? Optional.empty() : Optional.of(Libraries.ofCentral(System.getenv())));
            DemoRun.Result result = headless
                    ? run.script(folder, port, Duration.ofSeconds(seconds), shardHour, millionPuts)
                    : interactive(run, folder);
            out.println(json ? result.json() : result.text());
            out.flush();
            return result.equation() ? 0 : 1;
        } catch (IllegalStateException unable) {
            throw CommandFailure.failed(String.valueOf(unable.getMessage()));
        } finally {
            if (keep == null) {
                remove(folder);
            }
            removed.countDown();
        }
    }

    private DemoRun.Result interactive(DemoRun run, Path folder) throws IOException, InterruptedException {
        Thread self = Thread.currentThread();
        // Not until the thread itself is done: it ends with System.exit, which waits for this one.
        Thread end = new Thread(() -> {
            self.interrupt();
            try {
                removed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(end);
        return run.open(folder, port, script, shardHour, millionPuts, DemoCommand::browse);
    }

    /** Opens the page where there is a desktop; the address is printed in any case. */
    private static void browse(URI page) {
        boolean desktop = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        String program = System.getProperty("os.name", "").startsWith("Mac") ? "open" : "xdg-open";
        if (desktop || program.equals("open")) {
            try {
                new ProcessBuilder(program, page.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException none) {
                // The address is on the terminal.
                return;
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
