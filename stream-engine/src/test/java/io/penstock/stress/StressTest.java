package io.penstock.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs every jcstress test of this module, which are the nested classes of those named {@code ...Stress}. Their actors
 * run some hundred thousand times on two processors. They cover structures that Lincheck cannot check: it does not see
 * the bytes of a buffer, and does not finish on a whole stream. The report with every outcome is {@code
 * target/jcstress/report/index.html}.
 */
@Tag("interleavings")
class StressTest {
    private static final int LIMIT_SECONDS = 240;

    /** One JVM per test, in which C2 reorders operations as far as permitted. */
    private static final List<String> OPTIONS = List.of(
            "-t",
            "io.penstock",
            "-c",
            "2",
            "-f",
            "1",
            "-fsm",
            "1",
            "-iters",
            "1",
            "-time",
            "700",
            "-sc",
            "false",
            "-pth",
            "false",
            "-jvmArgs",
            "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM",
            "-r",
            "report");

    @Test
    @Timeout(LIMIT_SECONDS + 10)
    void noForbiddenOutcomeIsSeen() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "jcstress"));
        Path log = folder.resolve("jcstress.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main"));
        command.addAll(OPTIONS);
        Process jcstress = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = jcstress.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(log);
            assertTrue(ended, () -> "jcstress did not end; an actor may hang\n" + said);
            assertEquals(0, jcstress.exitValue(), said);
            assertFalse(said.contains("FATAL"), () -> "jcstress found nothing to run\n" + said);
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
    }
}
