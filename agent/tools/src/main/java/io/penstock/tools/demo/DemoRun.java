package io.penstock.tools.demo;

import io.penstock.tools.demo.libraries.Libraries;
import io.penstock.tools.demo.page.Action;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A demonstration from its start to its sum. Not thread-safe. */
public final class DemoRun {
    private static final List<Step> SCRIPT = List.of(
            new Step(0.15, Action.JOIN),
            new Step(0.30, Action.SPLIT),
            new Step(0.55, Action.KILL_WORKER),
            new Step(0.70, Action.KILL_AGENT));

    private final PrintWriter notes;
    private final Optional<Libraries> libraries;
    private long told = -1;
    private long fetched;

    /** @param at the share of the time at which it happens */
    private record Step(double at, Action action) {}

    /**
     * @param notes told what happens
     * @param libraries where the Kinesis Client Library comes from; without it the workers are plain ones
     */
    public DemoRun(PrintWriter notes, Optional<Libraries> libraries) {
        this.notes = notes;
        this.libraries = libraries;
    }

    /** The library, if it is to be had here. */
    private Optional<Kcl> kcl(Path folder) throws InterruptedException {
        if (libraries.isEmpty()) {
            return Optional.empty();
        }
        try {
            long missing = libraries.get().missing();
            if (missing > 0) {
                notes.printf(
                        "Fetching the Kinesis Client Library (Apache License 2.0) and DynamoDB Local (DynamoDB Local"
                                + " License Agreement, in its jar) with what they need, once: %d MB. Without them:"
                                + " --plain%n",
                        missing / 1_000_000);
                notes.flush();
            }
            return Optional.of(Kcl.start(folder, libraries.get().fetch(come -> progress(come, missing))));
        } catch (IOException unable) {
            notes.println("Plain workers take the place of the Kinesis Client Library: " + reason(unable));
            notes.flush();
            return Optional.empty();
        }
    }

    private static String reason(IOException unable) {
        return unable.getMessage() == null ? "the repository cannot be reached" : unable.getMessage();
    }

    private void progress(long come, long missing) {
        long tenth = come * 10 / Math.max(1, missing);
        if (tenth > fetched) {
            fetched = tenth;
            notes.printf("  %d %%%n", tenth * 10);
            notes.flush();
        }
    }

    /** The whole script within {@code length}; its sum as JSON, and whether it comes out even. */
    public Result script(Path folder, int port, Duration length, double shardHour, double millionPuts)
            throws IOException, InterruptedException {
        Optional<Kcl> kcl = kcl(folder);
        try (Demo demo = Demo.start(settings(folder, port, length, shardHour, millionPuts), kcl)) {
            notes.println("The page: " + demo.address());
            notes.flush();
            play(demo, length);
            Outcome outcome = demo.finish();
            tell(demo);
            return new Result(outcome.json().toString(), outcome.text(), outcome.equation());
        } finally {
            kcl.ifPresent(Kcl::close);
        }
    }

    /** How a demonstration came out. */
    public record Result(String json, String text, boolean equation) {}

    /** Goes on until this thread is interrupted, or with the script until its end. */
    public Result open(
            Path folder, int port, boolean script, double shardHour, double millionPuts, Consumer<URI> browser)
            throws IOException, InterruptedException {
        Duration length = Duration.ofMinutes(3);
        Optional<Kcl> kcl = kcl(folder);
        try (Demo demo = Demo.start(settings(folder, port, length, shardHour, millionPuts), kcl)) {
            notes.println("The page of the demonstration: " + demo.address());
            notes.println("The agent's own page:          " + demo.agentPage());
            notes.println("Ctrl-C ends it.");
            notes.flush();
            browser.accept(demo.address());
            if (script) {
                play(demo, length);
            }
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    tell(demo);
                    Thread.sleep(500);
                }
            } catch (InterruptedException ended) {
                notes.println("Counting what is under way");
                notes.flush();
            }
            Outcome outcome = demo.finish();
            return new Result(outcome.json().toString(), outcome.text(), outcome.equation());
        } finally {
            kcl.ifPresent(Kcl::close);
        }
    }

    private static DemoSettings settings(Path folder, int port, Duration length, double shardHour, double millionPuts) {
        return new DemoSettings(folder, port, length, new DemoSettings.Prices(shardHour, millionPuts));
    }

    private void play(Demo demo, Duration length) throws InterruptedException {
        long begin = System.nanoTime();
        for (Step step : SCRIPT) {
            await(demo, begin + (long) (step.at() * length.toNanos()));
            demo.act(step.action());
        }
        await(demo, begin + length.toNanos());
    }

    private void await(Demo demo, long until) throws InterruptedException {
        while (System.nanoTime() < until) {
            tell(demo);
            Thread.sleep(200);
        }
    }

    private void tell(Demo demo) {
        for (Happenings.Happening each : demo.happened()) {
            if (each.number() > told) {
                told = each.number();
                notes.printf("%6.1f s  %s%n", each.seconds(), each.text());
                notes.flush();
            }
        }
    }
}
