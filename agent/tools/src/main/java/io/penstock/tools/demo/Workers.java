package io.penstock.tools.demo;

import io.penstock.tools.demo.worker.PlainWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The workers' processes. Thread-safe. */
final class Workers implements AutoCloseable {
    private final Path folder;
    private final URI table;
    private final URI engine;
    private final Map<String, JavaProcess> processes = new TreeMap<>();
    private int started;

    /**
     * @param folder for their logs
     * @param table where they report
     * @param engine what they read from
     */
    Workers(Path folder, URI table, URI engine) {
        this.folder = folder;
        this.table = table;
        this.engine = engine;
    }

    /** One more of an application; its name. */
    synchronized String start(String application) throws IOException {
        String name = "worker-" + ++started;
        processes.put(
                name,
                JavaProcess.start(
                        folder.resolve(name + ".log"),
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
