package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.fixtures.TestAgent;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;

/** An application with its own copy of Log4j and the appender is started, stopped and started again in one process. */
class WebApplicationTest {
    @TempDir
    Path classes;

    @Test
    void startedTwiceAndTakenAwayItLeavesNoThreadAndNoClass() throws Exception {
        // What Log4j detects by itself in a servlet container. Older versions keep class loaders in JMX beans.
        Files.writeString(
                classes.resolve("log4j2.component.properties"), "log4j2.is.webapp=true\nlog4j2.disableJmx=true\n");
        try (TestAgent agent = new TestAgent()) {
            for (int round = 1; round <= 2; round++) {
                WeakReference<ClassLoader> loader = run(agent, "visit");
                assertEquals(2 * round, agent.records().size(), "all is drained when it stops");
                assertTrue(agent.records().get(2 * round - 1).contains("visit 2"));
                assertEquals(
                        0,
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("penstock-forward-sut"))
                                .filter(Thread::isAlive)
                                .filter(thread -> !thread.getName().endsWith("-acks"))
                                .count());
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    System.gc();
                    return loader.get() == null;
                });
            }
        }
    }

    private WeakReference<ClassLoader> run(TestAgent agent, String message) throws Exception {
        Stream<URL> libraries = Stream.of(
                        WebApplication.class,
                        PenstockAppender.class,
                        ForwardClient.class,
                        MessagePack.class,
                        LoggerContext.class,
                        LogManager.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .distinct();
        URL[] path =
                Stream.concat(Stream.of(classes.toUri().toURL()), libraries).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> application = loader.loadClass(WebApplication.class.getName());
            assertSame(loader, application.getClassLoader());
            application
                    .getMethod("run", String.class, String.class)
                    .invoke(null, "<Penstock name='sut' host='127.0.0.1' port='" + agent.port() + "'/>", message);
            return new WeakReference<>(loader);
        }
    }
}
