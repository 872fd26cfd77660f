package io.penstock.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

@DisplayName("The appenders' jars are bundles that Apache Felix resolves and starts")
class BundlesIT {
    /** What Apache Aries SPI Fly provides in a real application: slf4j-api asks for it. */
    private static final String SERVICE_LOADER = "osgi.extender;osgi.extender=osgi.serviceloader.processor;"
            + "version:Version=1.0.0,osgi.extender;osgi.extender=osgi.serviceloader.registrar;version:Version=1.0.0";

    @TempDir
    Path folder;

    private Framework felix;

    @BeforeEach
    void start() throws Exception {
        felix = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("bundles").toString(),
                        Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA,
                        SERVICE_LOADER,
                        // They would be those of the whole test process, for ever.
                        "felix.service.urlhandlers",
                        "false"));
        felix.start();
    }

    @AfterEach
    void stop() throws Exception {
        felix.stop();
        assertEquals(
                org.osgi.framework.FrameworkEvent.STOPPED,
                felix.waitForStop(60_000).getType());
    }

    @Test
    void log4jConfiguresTheAppenderOfABundle() throws Exception {
        Map<String, Bundle> bundles =
                started(PublishedJarsIT.agentPath("log4j-api", "log4j-core", "msgpack-core"), "log4j-appender");
        Path file = Files.writeString(
                folder.resolve("log4j2.xml"),
                "<Configuration><Appenders><Penstock name='sut' port='1' shutdownTimeoutMillis='1'/></Appenders>"
                        + "<Loggers><Root level='off'/></Loggers></Configuration>");
        Bundle core = bundles.get("org.apache.logging.log4j.core");
        Object context = core.loadClass("org.apache.logging.log4j.core.config.Configurator")
                .getMethod("initialize", String.class, ClassLoader.class, URI.class)
                .invoke(null, "test", null, file.toUri());
        try {
            Object configuration =
                    context.getClass().getMethod("getConfiguration").invoke(context);
            Object appender = core.loadClass("org.apache.logging.log4j.core.config.Configuration")
                    .getMethod("getAppender", String.class)
                    .invoke(configuration, "sut");
            assertSame(
                    bundles.get("io.penstock.log4j").loadClass("io.penstock.log4j.PenstockAppender"),
                    appender.getClass());
        } finally {
            context.getClass().getMethod("stop").invoke(context);
        }
    }

    @Test
    void theLogbackAppenderIsResolvedWithItsApi() throws Exception {
        Map<String, Bundle> bundles = started(
                PublishedJarsIT.ownPath("logback-classic", "logback-core", "slf4j-api", "msgpack-core"),
                "logback-appender");
        Class<?> appender = bundles.get("io.penstock.logback").loadClass("io.penstock.logback.PenstockAppender");
        Class<?> api = bundles.get("ch.qos.logback.core").loadClass("ch.qos.logback.core.Appender");
        assertTrue(api.isAssignableFrom(appender));
        Object made = appender.getConstructor().newInstance();
        appender.getMethod("setPort", int.class).invoke(made, 1);
    }

    /** The libraries, the client and one appender, each as a bundle, by its name. */
    private Map<String, Bundle> started(List<String> libraries, String appender) throws Exception {
        List<Bundle> bundles = new ArrayList<>();
        List<String> jars = Stream.concat(
                        libraries.stream(),
                        Stream.of(
                                PublishedJarsIT.jar("fluentd-forward/client", "forward-client")
                                        .toString(),
                                PublishedJarsIT.jar(appender, appender).toString()))
                .collect(Collectors.toList());
        for (String jar : jars) {
            bundles.add(
                    felix.getBundleContext().installBundle(Path.of(jar).toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
            assertEquals(Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
        }
        return bundles.stream().collect(Collectors.toMap(Bundle::getSymbolicName, bundle -> bundle));
    }
}
