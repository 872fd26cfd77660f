package io.penstock.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Each jar is a module and an OSGi bundle with a name of its own")
class PublishedJarsIT {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    static Path jar(String module, String artifact) {
        return ROOT.resolve(module).resolve("target").resolve("penstock-" + artifact + "-0.1.0-SNAPSHOT.jar");
    }

    @ParameterizedTest
    @CsvSource({
        "base, base, io.penstock.base",
        "fluentd-forward/client, forward-client, io.penstock.forward.client",
        "fluentd-forward/server, forward-server, io.penstock.forward.server",
        "log4j-appender, log4j-appender, io.penstock.log4j",
        "logback-appender, logback-appender, io.penstock.logback",
        "mqtt-adapter, mqtt-adapter, io.penstock.mqtt",
        "stream-engine, stream-engine, io.penstock.engine",
        "stream-engine/junit, engine-junit5, io.penstock.engine.junit",
        "agent/delivery, delivery, io.penstock.delivery",
        "agent/daemon, daemon, io.penstock.agent",
        "agent/tools, tools, io.penstock.tools"
    })
    void isNamed(String module, String artifact, String name) throws IOException {
        Path path = jar(module, artifact);
        ModuleReference found = ModuleFinder.of(path).find(name).orElseThrow();
        assertTrue(found.descriptor().isAutomatic());
        try (JarFile jar = new JarFile(path.toFile())) {
            Attributes headers = jar.getManifest().getMainAttributes();
            assertEquals(name, headers.getValue("Automatic-Module-Name"));
            assertEquals(name, headers.getValue("Bundle-SymbolicName"));
            assertEquals("2", headers.getValue("Bundle-ManifestVersion"));
            assertTrue(headers.getValue("Bundle-Version").startsWith("0.1.0"), headers.getValue("Bundle-Version"));
            String exported = String.valueOf(headers.getValue("Export-Package"));
            assertTrue(exported.contains(name + ";") || exported.contains(name + "."), exported);
            assertFalse(exported.contains(".internal"), exported);
            String imported = String.valueOf(headers.getValue("Import-Package"));
            assertFalse(
                    imported.replaceAll("org\\.jspecify\\.annotations;version=\"[^\"]*\";resolution:=optional", "")
                            .contains("org.jspecify"),
                    imported);
        }
    }

    @Test
    void theJUnitExtensionIsForJUnit5AndForJUnit6() throws IOException {
        try (JarFile jar =
                new JarFile(jar("stream-engine/junit", "engine-junit5").toFile())) {
            String imported = jar.getManifest().getMainAttributes().getValue("Import-Package");
            assertTrue(imported.contains("org.junit.jupiter.api.extension;version=\"[5.10,7)\""), imported);
            assertTrue(imported.contains("org.junit.platform.commons.support;version=\"[1.10,7)\""), imported);
        }
    }

    @Test
    void noPackageIsInTwoOfThem() throws IOException {
        Map<String, String> owners = new HashMap<>();
        for (Path path : List.of(
                jar("base", "base"),
                jar("fluentd-forward/client", "forward-client"),
                jar("fluentd-forward/server", "forward-server"),
                jar("log4j-appender", "log4j-appender"),
                jar("logback-appender", "logback-appender"),
                jar("mqtt-adapter", "mqtt-adapter"),
                jar("stream-engine", "stream-engine"),
                jar("stream-engine/junit", "engine-junit5"),
                jar("agent/delivery", "delivery"),
                jar("agent/daemon", "daemon"),
                jar("agent/tools", "tools"))) {
            ModuleDescriptor module =
                    ModuleFinder.of(path).findAll().iterator().next().descriptor();
            for (String name : module.packages()) {
                String before = owners.put(name, module.name());
                assertEquals(null, before, name + " is also in " + module.name());
            }
        }
    }

    @Test
    void aModularApplicationLogsThroughLogback() throws Exception {
        runModular(
                "org.slf4j",
                "io.penstock.logback",
                "org.slf4j.LoggerFactory.getLogger(\"a\").info(\"in\");\n"
                        + "var context = (ch.qos.logback.classic.LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();\n"
                        + "var appender = (io.penstock.logback.PenstockAppender)"
                        + " context.getLogger(\"ROOT\").getAppender(\"sut\");\n",
                "requires ch.qos.logback.classic; requires ch.qos.logback.core;",
                "-Dlogback.configurationFile=",
                "<configuration><appender name='sut' class='io.penstock.logback.PenstockAppender'><port>1</port>"
                        + "</appender><root level='INFO'><appender-ref ref='sut'/></root></configuration>",
                ownPath("logback-classic", "logback-core", "slf4j-api", "msgpack-core"));
    }

    @Test
    void aModularApplicationLogsThroughLog4j() throws Exception {
        runModular(
                "org.apache.logging.log4j",
                "io.penstock.log4j",
                "org.apache.logging.log4j.LogManager.getLogger(\"a\").info(\"in\");\n"
                        + "var context = (org.apache.logging.log4j.core.LoggerContext)"
                        + " org.apache.logging.log4j.LogManager.getContext(false);\n"
                        + "io.penstock.log4j.PenstockAppender appender = context.getConfiguration().getAppender(\"sut\");\n",
                "requires org.apache.logging.log4j.core;",
                "-Dlog4j2.configurationFile=",
                "<Configuration><Appenders><Penstock name='sut' port='1'/></Appenders>"
                        + "<Loggers><Root level='info'><AppenderRef ref='sut'/></Root></Loggers></Configuration>",
                agentPath("log4j-core", "log4j-api", "msgpack-core"));
    }

    /** Compiles a module that logs one event and asks the appender what it has taken, and runs it on the module path. */
    private void runModular(
            String api,
            String appender,
            String logging,
            String requires,
            String property,
            String configuration,
            List<String> libraries)
            throws Exception {
        Path sources = Files.createDirectories(folder.resolve("src"));
        Files.writeString(
                sources.resolve("module-info.java"),
                "module shop { requires " + api + "; requires " + appender + "; requires io.penstock.forward.client; "
                        + requires + " }");
        Files.createDirectories(sources.resolve("shop"));
        Files.writeString(
                sources.resolve("shop/Shop.java"),
                "package shop;\npublic class Shop { public static void main(String[] args) {\n" + logging
                        + "System.out.println(\"accepted \" + appender.status().accepted() + \" by \""
                        + " + appender.getClass().getModule().getName());\n"
                        + "Runtime.getRuntime().halt(0); } }");
        Path file = Files.writeString(folder.resolve("logging.xml"), configuration);
        String path = String.join(
                File.pathSeparator,
                java.util.stream.Stream.concat(
                                libraries.stream(),
                                java.util.stream.Stream.of(
                                        jar("fluentd-forward/client", "forward-client")
                                                .toString(),
                                        jar("log4j-appender", "log4j-appender").toString(),
                                        jar("logback-appender", "logback-appender")
                                                .toString()))
                        .filter(entry -> !entry.contains("-appender") || entry.contains(appender.substring(12) + "-"))
                        .toList());
        Path classes = folder.resolve("classes");
        assertEquals(
                0,
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "-p",
                                path,
                                "-d",
                                classes.toString(),
                                sources.resolve("module-info.java").toString(),
                                sources.resolve("shop/Shop.java").toString()));
        try (Child child = new Child(
                folder,
                List.of(property + file.toUri(), "-p", path + File.pathSeparator + classes, "-m", "shop/shop.Shop"))) {
            assertEquals("1", child.awaitLine("accepted (\\d+) by " + appender.replace(".", "\\.")));
        }
    }

    /** Jars on the class path of this test. */
    static List<String> ownPath(String... names) {
        return select(Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)), names);
    }

    /** Jars of the agent, which logs with Log4j. */
    static List<String> agentPath(String... names) throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("penstock.test.agent"), "lib"))) {
            return select(files.map(Path::toString).collect(Collectors.toList()), names);
        }
    }

    private static List<String> select(List<String> jars, String... names) {
        List<String> selected = jars.stream()
                .filter(jar -> Arrays.stream(names)
                        .anyMatch(name -> Path.of(jar).getFileName().toString().matches(name + "-[\\d.]+\\.jar")))
                .collect(Collectors.toList());
        assertEquals(names.length, selected.size(), selected.toString());
        return selected;
    }
}
