package io.penstock.waits;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has every test wait long enough for a machine that is slow or busy with something else; a test that says its own
 * limit has that. JUnit finds it on the class path and calls it once for each JVM.
 */
public final class PatientWaits implements LauncherSessionListener {
    /** Below the limit of a whole test, so that what was waited for is said. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
