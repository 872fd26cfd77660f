package io.penstock.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a Spring Boot application logs through the documented configuration is found again in the stream")
class SpringBootIT {
    private static final int EVENTS = 2_000;
    private static final Pattern MARK = Pattern.compile("#[a-z]+ \\d+#");

    @TempDir
    Path folder;

    private final List<Child> children = new ArrayList<>();
    private int forwardPort;
    private int kinesisPort;

    @BeforeEach
    void findPorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            forwardPort = one.getLocalPort();
            kinesisPort = two.getLocalPort();
        }
    }

    @AfterEach
    void end() {
        children.forEach(Child::close);
    }

    private Child agent() throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("penstock.yaml"),
                "mqtt: {listen: []}\nlog4j: {listen: []}\nhttp: {listen: []}\nadmin: {listen: \"127.0.0.1:0\"}\n"
                        + "forward: {listen: [\"127.0.0.1:" + forwardPort + "\"]}\n"
                        + "engine: {listen: \"127.0.0.1:" + kinesisPort + "\"}\n");
        Path program = Path.of(System.getProperty("penstock.test.agent"));
        String path = program.resolve("lib") + "/*" + File.pathSeparator
                + program.resolve("penstock-tools-0.1.0-SNAPSHOT.jar");
        Child agent = child(
                "-cp",
                path,
                "io.penstock.agent.Main",
                "run",
                "--config",
                configuration.toString(),
                "--data",
                folder.resolve("data").toString());
        agent.awaitLine("ready in");
        return agent;
    }

    private Child application() throws IOException {
        Child application = child(
                "-cp",
                System.getProperty("java.class.path"),
                ShopApplication.class.getName(),
                "--penstock.port=" + forwardPort);
        application.awaitLine("Started ShopApplication");
        return application;
    }

    private Child child(String... arguments) throws IOException {
        Child child = new Child(folder, List.of(arguments));
        children.add(child);
        return child;
    }

    private static void log(Child application, String name) {
        application.tell("log " + name + " " + EVENTS);
        application.awaitLine("told: logged " + name);
    }

    private static Set<String> marks(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> IntStream.range(0, EVENTS).mapToObj(n -> "#" + name + " " + n + "#"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void awaitInStream(Set<String> marks) {
        StreamTexts stream = new StreamTexts(kinesisPort);
        Awaitility.await().untilAsserted(() -> {
            Set<String> missing = new TreeSet<>(marks);
            for (String record : stream.of("log4j")) {
                Matcher found = MARK.matcher(record);
                while (found.find()) {
                    missing.remove(found.group());
                }
            }
            assertEquals(Set.of(), missing);
        });
    }

    @Test
    void alsoWhenTheAgentIsKilledInBetween() throws Exception {
        Child agent = agent();
        Child application = application();
        log(application, "first");
        awaitInStream(marks("first"));
        application.tell("log killed " + EVENTS);
        agent.kill();
        application.awaitLine("told: logged killed");
        log(application, "away");
        agent();
        log(application, "back");
        awaitInStream(marks("first", "killed", "away", "back"));
        application.tell("end");
        assertEquals(0, application.awaitExit(), application::output);
        String record = new StreamTexts(kinesisPort)
                .of("log4j").stream()
                        .filter(text -> text.contains("#first 7#"))
                        .findFirst()
                        .orElseThrow();
        for (String part : List.of(
                "\"log.level\":\"INFO\"",
                "\"log.logger\":\"io.penstock.application.ShopApplication\"",
                "\"message\":\"sold #first 7#\"",
                "\"customer\":7",
                "\"service.name\":\"shop\"",
                "\"@timestamp\":\"",
                "\"@id\":\"")) {
            assertTrue(record.contains(part), record);
        }
    }

    @Test
    void alsoWhenTheApplicationIsKilledWithItsEventsInTheSpillFile() throws Exception {
        Child application = application();
        log(application, "spilled");
        Awaitility.await().until(() -> {
            application.tell("status");
            application.awaitLine("told: accepted");
            return Arrays.stream(application.output().split("\n")).anyMatch(line -> isSaved(line));
        });
        application.kill();
        agent();
        Child next = application();
        log(next, "next");
        awaitInStream(marks("spilled", "next"));
        next.tell("end");
        assertEquals(0, next.awaitExit(), next::output);
    }

    /** Spring Boot itself logs a few events more. */
    private static boolean isSaved(String line) {
        Matcher counts = Pattern.compile("told: accepted (\\d+),.*of these in the spill file (\\d+),")
                .matcher(line);
        return counts.find() && counts.group(1).equals(counts.group(2)) && Integer.parseInt(counts.group(1)) >= EVENTS;
    }

    @Test
    void theConfigurationIsTheDocumentedOne() throws IOException {
        String document = Files.readString(Path.of("../../docs/logback.md")).replaceAll("(?m)^   ", "");
        String configuration = new String(
                getClass().getResourceAsStream("/logback-spring.xml").readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(document.contains("```xml\n" + configuration + "```"), configuration);
    }
}
