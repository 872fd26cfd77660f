package io.penstock.tools.demo;

import io.penstock.tools.demo.worker.PlainWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The workers' processes. Thread-safe. */
final class Workers implements AutoCloseable {
    private final Path folder;
    private final URI table;
    private final URI engine;
    private final Optional<Kcl> kcl;
    private final Map<String, JavaProcess> processes = new TreeMap<>();
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
        return name;
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
