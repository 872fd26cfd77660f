package io.penstock.agent.sessions;

import io.penstock.journal.DurableFolder;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The log in a folder; a damaged one is kept beside it, in place of any that was kept before. */
record FolderOpener(LogSystem logs, Path folder, LogSettings settings) implements LogOpener {
    @Override
    public DurableLog open(LogListener listener) throws IOException {
        DurableFolder.create(folder);
        return logs.open(folder, settings, listener);
    }

    @Override
    public String putAside() throws IOException {
        Path aside = folder.resolveSibling(folder.getFileName() + ".damaged");
        delete(aside);
        Files.move(folder, aside);
        return aside.toString();
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                List<Path> deepestFirst =
                        inside.sorted(Comparator.reverseOrder()).toList();
                for (Path each : deepestFirst) {
                    Files.delete(each);
                }
            }
        }
    }
}
