package io.penstock.agent.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether standard error is systemd's journal (systemd.exec(5), {@code JOURNAL_STREAM}). */
final class Journal {
    private static final String VARIABLE = "JOURNAL_STREAM";

    private Journal() {}

    /**
     * True if the variable names the file that standard error is: it stays in the environment of programs whose output
     * goes elsewhere.
     *
     * @param stderr a link to it, {@code /proc/self/fd/2}
     */
    static boolean isStandardError(Map<String, String> environment, Path stderr) {
        String named = environment.getOrDefault(VARIABLE, "");
        int colon = named.indexOf(':');
        try {
            String inode = named.substring(colon + 1);
            return colon > 0
                    && (Files.readSymbolicLink(stderr).toString().equals("socket:[" + inode + "]")
                            || inode.equals(String.valueOf(Files.getAttribute(stderr, "unix:ino"))));
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }
}
