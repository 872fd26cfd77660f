package io.penstock.base.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What can repeat under load, or by a stranger's doing, is logged through a {@code RateLimitedLog}. A class that writes
 * to its logger directly stands here with the reason why it needs no limit.
 */
class LogSitesTest {
    private static final String START = "once at the start, or at the stop";
    private static final String OPERATOR = "once for each thing that an operator does";
    private static final String CHANGE = "once for each change of a file or a state, with the pause of the look at it";
    private static final String END = "once, because what logs it takes nothing more afterwards";
    private static final String DEFECT = "only a defect writes it, at most once a second";
    private static final Map<String, String> UNLIMITED = new TreeMap<>(Map.ofEntries(
            Map.entry("Agent", END),
            Map.entry("EngineAlone", END),
            Map.entry("KeptSessions", START),
            Map.entry("NativeParts", START),
            Map.entry("Reloads", OPERATOR),
            Map.entry("Resources", START),
            Map.entry("AdminChanges", OPERATOR),
            Map.entry("AdminKey", START),
            Map.entry("StopSignal", OPERATOR),
            Map.entry("ConsoleChanges", OPERATOR),
            Map.entry("MqttBridges", OPERATOR),
            Map.entry("ServiceNotifier", "once for each state that the service manager is told"),
            Map.entry("SessionLog", START),
            Map.entry("KinesisEndpoint", START),
            Map.entry("OneAnswer", "a defect of a call about a stream, which has pauses of its own"),
            Map.entry("ControlCalls", "once for each stream that is made"),
            Map.entry("Delivery", START),
            Map.entry("SenderThreads", START),
            Map.entry("SupervisedSender", "with pauses that grow, and counted"),
            Map.entry("DeadLetters", START),
            Map.entry("LetterFile", "once for each torn line that a crash left"),
            Map.entry("CallResultHandler", "once for a stream: the promise is not believed again"),
            Map.entry("ShardWatch", CHANGE),
            Map.entry("DiskSpools", START),
            Map.entry("KeptMarks", START),
            Map.entry("LogBacklog", START),
            Map.entry("LossLog", "has a pause of its own"),
            Map.entry("StreamSpool", END),
            Map.entry("DataFolder", START),
            Map.entry("WatchedFile", CHANGE),
            Map.entry("AgeClock", CHANGE),
            Map.entry("ReloadedCertificates", CHANGE),
            Map.entry("ServerContext", "once for each address, for some thousand addresses at most"),
            Map.entry("KeptSocket", CHANGE),
            Map.entry("SocketFile", START),
            Map.entry("Watchdog", DEFECT),
            Map.entry("Reporter", "once for each client id, with pauses that grow"),
            Map.entry("StreamEngine", "once for each stream or damaged range"),
            Map.entry("CredentialsFile", CHANGE),
            Map.entry("OnDemand", "once for each reshard, which has a pause of its own"),
            Map.entry("AgeClockFile", START),
            Map.entry("SegmentedLog", END),
            Map.entry("Damage", "once for each damaged range"),
            Map.entry("Recovery", START),
            Map.entry("TailRepair", START),
            Map.entry("PlainWorker", "of the demonstration, in a file that ends with it")));

    private static final Pattern DIRECT = Pattern.compile("\\bLOG\\.(?:warn|error|info)\\(");
    private static final Pattern SITE = Pattern.compile(
            "\\b(?:LOG|log|[a-z]+Log|complaints|heldBack)\\.(?:warn|error|info)\\(((?:[^;\"]|\"(?:[^\"\\\\]|\\\\.)*\")*);");
    private static final Pattern CAUGHT = Pattern.compile("catch \\((?:final )?[\\w.| ]+ (\\w+)\\)");
    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

    private static List<Path> sources() throws IOException {
        return SourceTree.textFiles().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
                .filter(file -> !file.toString().contains("packaging/"))
                .toList();
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    @Test
    void whatWritesToTheLogWithoutALimitHasAReason() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        for (Path source : sources()) {
            if (DIRECT.matcher(Files.readString(source)).find()) {
                found.add(name(source));
            }
        }
        assertEquals(
                String.join("\n", UNLIMITED.keySet()),
                found.stream().collect(Collectors.joining("\n")),
                "limit it by key, or give the reason here");
    }

    /** {@code toString} of an exception begins with its class; {@code CauseText} says the same in words. */
    @Test
    void noLineNamesTheClassOfAnException() throws IOException {
        List<String> wrong = new ArrayList<>();
        int sites = 0;
        for (Path source : sources()) {
            String text = Files.readString(source);
            TreeSet<String> caught = new TreeSet<>(List.of("failure", "cause", "failed", "defect"));
            Matcher names = CAUGHT.matcher(text);
            while (names.find()) {
                caught.add(names.group(1));
            }
            Pattern shown = Pattern.compile("\\b(?:" + String.join("|", caught)
                    + ")\\.toString\\(\\)|String\\.valueOf\\((?:" + String.join("|", caught)
                    + "|\\w+\\.cause\\(\\))\\)|\\+ (?:" + String.join("|", caught) + ")\\b(?![.(])");
            Matcher site = SITE.matcher(text);
            while (site.find()) {
                sites++;
                if (shown.matcher(LITERAL.matcher(site.group(1)).replaceAll("\"\""))
                        .find()) {
                    wrong.add(name(source) + ": " + site.group());
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(sites > 120, "found: " + sites);
    }
}
