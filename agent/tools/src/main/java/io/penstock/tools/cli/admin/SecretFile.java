package io.penstock.tools.cli.admin;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.base.text.CauseText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with one secret and nothing else, because other users see the arguments of a process. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * The secret; a line feed at its end does not count.
     *
     * @param option of the command line that names the file, for messages
     */
    public static String read(String option, Path file) {
        try {
            String secret = Files.readString(file).replaceAll("\\R$", "");
            if (secret.isEmpty() || secret.contains("\n")) {
                throw CommandFailure.wrongUsage(option + " " + file + ": one line is wanted");
            }
            return secret;
        } catch (IOException unreadable) {
            throw CommandFailure.wrongUsage(
                    option + " " + file + " cannot be read: " + CauseText.orUnknown(unreadable));
        }
    }
}
