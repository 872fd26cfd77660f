package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock generate-man-pages}: for those who package the program. */
@Command(
        name = "generate-man-pages",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a manual page for each command into a folder, for packages and for man -l.",
            "For example: penstock generate-man-pages /usr/local/share/man/man1"
        })
final class ManPagesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder; made if it does not exist.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            Files.createDirectories(folder);
            Map<String, String> pages = ManPage.all(spec.root().commandLine());
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(folder.resolve(page.getKey()), page.getValue());
            }
            spec.commandLine().getOut().println(pages.size() + " pages in " + folder);
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed("the pages cannot be written: " + e.getMessage());
        }
    }
}
