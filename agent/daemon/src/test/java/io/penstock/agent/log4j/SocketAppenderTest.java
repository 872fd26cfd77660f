package io.penstock.agent.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.agent.tls.TlsSections;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.fixtures.TestCertificate;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with Log4j's own SocketAppender and its own layout for JSON. */
class SocketAppenderTest {
    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool log4j = spools.of("log4j");

    @Test
    void eventsOfTheStockSocketAppenderWithJsonTemplateLayoutArriveAsTheyAre() throws Exception {
        Intake intake = new Intake(new Router(List.of()), spools, stream -> 1_000_000, InstantSource.system());
        try (Log4jSource source = Log4jSource.start(
                Log4jSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), AckMode.MEMORY),
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                new SimpleMeterRegistry())) {
            LoggerContext application = new LoggerContext("application");
            application.start(
                    configuration(application, source.addresses().get(0).getPort()));
            for (int n = 0; n < 1_000; n++) {
                application.getLogger("com.acme.Shop").info("event {}", n);
            }
            application.getLogger("com.acme.Shop").error("failed", new IllegalStateException("why"));
            application.stop(10, TimeUnit.SECONDS);
            await().until(() -> log4j.size() == 1_001);
        }
        for (int n = 0; n < 1_000; n++) {
            String record = log4j.data().get(n);
            assertTrue(record.contains("\"message\":\"event " + n + "\""), record);
        }
        String last = log4j.data().get(1_000);
        assertTrue(last.contains("\"log.logger\":\"com.acme.Shop\""), last);
        assertTrue(last.contains("\"error.type\":\"java.lang.IllegalStateException\""), last);
        assertEquals(1, last.split("\"@timestamp\"", -1).length - 1, "the layout's own time stands");
    }

    @Test
    void anApplicationWrittenForLog4j1IsHeardThroughIt() throws Exception {
        Intake intake = new Intake(new Router(List.of()), spools, stream -> 1_000_000, InstantSource.system());
        LoggerContext application = (LoggerContext) LogManager.getContext(false);
        try (Log4jSource source = Log4jSource.start(
                Log4jSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), AckMode.MEMORY),
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                new SimpleMeterRegistry())) {
            application.reconfigure(
                    configuration(application, source.addresses().get(0).getPort()));
            org.apache.log4j.Logger.getLogger("com.acme.Old").warn("sold out", new IllegalStateException("why"));
            await().until(() -> log4j.data().stream().anyMatch(record -> record.contains("\"sold out\"")));
        } finally {
            application.reconfigure();
        }
        String record = log4j.data().stream()
                .filter(each -> each.contains("\"sold out\""))
                .findFirst()
                .orElseThrow();
        assertTrue(record.contains("\"log.logger\":\"com.acme.Old\""), record);
        assertTrue(record.contains("\"error.message\":\"why\""), record);
    }

    @Test
    void overTlsWithACertificateOnEitherSide(@TempDir Path folder) throws Exception {
        TestCertificate server = TestCertificate.create(folder, "server");
        TestCertificate client = TestCertificate.create(folder, "client");
        Intake intake = new Intake(new Router(List.of()), spools, stream -> 1_000_000, InstantSource.system());
        try (Log4jSource source = Log4jSource.start(
                new Log4jSettings(
                        List.of(new ListenAddress("127.0.0.1", 0)),
                        AckMode.MEMORY,
                        false,
                        Optional.of(TlsSections.of(server, client))),
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                new SimpleMeterRegistry())) {
            LoggerContext application = new LoggerContext("application");
            String ssl = " protocol='SSL'><SSL>" + store("KeyStore", client.store())
                    + store("TrustStore", server.store()) + "</SSL>";
            application.start(
                    configuration(application, source.addresses().get(0).getPort(), ssl));
            application.getLogger("com.acme.Shop").info("secret");
            application.stop(10, TimeUnit.SECONDS);
            await().until(() -> log4j.size() == 1);
        }
        assertTrue(
                log4j.data().get(0).contains("\"message\":\"secret\""),
                log4j.data().get(0));
    }

    @Test
    void plainTextWhereTlsIsWantedIsRefused(@TempDir Path folder) throws Exception {
        TestCertificate server = TestCertificate.create(folder, "server");
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        try (Log4jSource source = Log4jSource.start(
                new Log4jSettings(
                        List.of(new ListenAddress("127.0.0.1", 0)),
                        AckMode.MEMORY,
                        false,
                        Optional.of(TlsSections.of(server))),
                ConnectionBudget.unlimited(),
                new Intake(new Router(List.of()), spools, stream -> 1_000_000, InstantSource.system()),
                MemoryBudget.of(64 << 20).account(1.0),
                metrics)) {
            try (Socket socket =
                    new Socket("127.0.0.1", source.addresses().get(0).getPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("{\"message\":\"in clear\"}\n".getBytes(StandardCharsets.UTF_8));
                socket.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                // Closed with some of it unread.
            }
            await().until(() -> metrics.get("penstock.source.refused")
                            .tag("reason", "malformed")
                            .counter()
                            .count()
                    == 1);
            assertEquals(0, log4j.size());
        }
    }

    private static String store(String element, Path file) {
        return "<" + element + " location='" + file + "' password='" + TestCertificate.PASSWORD + "' type='PKCS12'/>";
    }

    private static XmlConfiguration configuration(LoggerContext application, int port) throws Exception {
        return configuration(application, port, ">");
    }

    /** @param rest of the Socket element's attributes, its bracket, and what stands before the layout */
    private static XmlConfiguration configuration(LoggerContext application, int port, String rest) throws Exception {
        String xml = "<Configuration><Appenders><Socket name='s' host='127.0.0.1' port='" + port + "'" + rest
                + "<JsonTemplateLayout eventTemplateUri='classpath:EcsLayout.json'/></Socket></Appenders>"
                + "<Loggers><Root level='info'><AppenderRef ref='s'/></Root></Loggers></Configuration>";
        return new XmlConfiguration(
                application, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
    }
}
