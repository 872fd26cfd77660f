package io.penstock.tools.demo;

import io.penstock.tools.demo.worker.PlainWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The workers' processes. Thread-safe. */
final class Workers implements AutoCloseable {
    private final Path folder;
    private final URI table;
    private final URI engine;
    private final Optional<Kcl> kcl;
    private final Map<String, JavaProcess> processes = new TreeMap<>();
    private final Map<String, String> applications = new TreeMap<>();
    private int started;

    /**
     * @param folder for their logs
     * @param table where they report
     * @param engine what they read from
     * @param kcl the library that they are of; without it they are plain ones
     */
    Workers(Path folder, URI table, URI engine, Optional<Kcl> kcl) {
        this.folder = folder;
        this.table = table;
        this.engine = engine;
        this.kcl = kcl;
    }

    /** One more of an application; its name. */
    synchronized String start(String application) throws IOException {
        String name = "worker-" + ++started;
        launch(name, application);
        return name;
    }

    private void launch(String name, String application) throws IOException {
        applications.put(name, application);
        Path log = folder.resolve(name + ".log");
        processes.put(
                name,
                kcl.isPresent()
                        ? kcl.get().worker(log, application, name, table, engine)
                        : JavaProcess.start(
                                log,
                                "96m",
                                PlainWorker.class,
                                List.of(table.toString(), application, name, engine.toString(), DemoSettings.STREAM)));
    }

    /** Starts again what has ended by itself, as a service manager does; the names of these workers. */
    synchronized List<String> restart() throws IOException {
        List<String> ended = processes.entrySet().stream()
                .filter(each -> !each.getValue().isAlive())
                .map(Map.Entry::getKey)
                .toList();
        for (String name : ended) {
            launch(name, Objects.requireNonNull(applications.get(name)));
        }
        return ended;
    }

    /** kill -9. */
    synchronized void kill(String name) {
        JavaProcess process = processes.remove(name);
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public synchronized void close() {
        new ArrayList<>(processes.values()).forEach(JavaProcess::kill);
        processes.clear();
    }
}
