package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.admin.AdminChanges;
import io.penstock.agent.admin.AdminPages;
import io.penstock.agent.admin.AdminServer;
import io.penstock.agent.admin.AdminSettings;
import io.penstock.agent.admin.AgentState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.fixtures.Typed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code penstock status} as it is typed, against the real admin listener. */
@Isolated("captures the process's standard output")
class StatusCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-02T05:10:05Z");
    private static final StreamUsage USED = new StreamUsage(
            new StreamUsage.Sent(100, 2, 51_200, 4, 60),
            new StreamUsage.Shards(8, StreamSummary.Mode.UNKNOWN, 0.25, 3, List.of()),
            new StreamUsage.Other(100, 100, 1, false),
            Optional.of(new StreamUsage.Cost(
                    Optional.of(new StreamUsage.Month(87.5, 91.25)), Optional.of(new StreamUsage.Month(34.5, 99.75)))));

    private static AgentState.Stream stream(
            String target, String name, AgentState.StreamState condition, String detail, StreamUsage usage) {
        return new AgentState.Stream(
                target,
                name,
                new AgentState.Backlog(12, 4096, Optional.of(Duration.ofSeconds(90))),
                1_234,
                0,
                AgentState.Lost.NONE,
                new AgentState.Health(condition, detail, "", List.of("its spool is damaged: 7 events")),
                usage);
    }

    private static final BridgeStatus PLANT = new BridgeStatus(
            "plant",
            "mqtts://broker:8883",
            List.of("penstock-h-plant"),
            BridgeStatus.Condition.WAITING,
            "connection refused (remedy: start it)",
            0,
            3,
            Duration.ofMillis(1500),
            List.of(),
            new BridgeStatus.Counts(100, 2000, 4, 5, 6, 7));

    @Test
    void saysWhatABridgeDoesAndWhyItIsNotConnected() {
        List<String> lines = status(List.of()).out().lines().toList();
        int at = lines.indexOf(
                String.format("%-32s %-10s %12s %10s %12s %10s", "plant", "waiting", "3", "1.5 s", "100", "7"));
        assertTrue(at > 0, () -> String.join("\n", lines));
        assertEquals("    mqtts://broker:8883, client id penstock-h-plant", lines.get(at + 1));
        assertEquals("    connection refused (remedy: start it)", lines.get(at + 2));
    }

    private static Typed status(List<String> unready, AgentState.Stream... streams) {
        AgentState state = new AgentState(
                new AgentState.Process("0.1.0", NOW.minusSeconds(60), Duration.ofSeconds(60), "/var/lib/penstock"),
                "embedded",
                List.of(
                        new AgentState.Target("default", "embedded", "us-east-1"),
                        new AgentState.Target("archive", "aws", "eu-central-1")),
                List.of(),
                List.of(PLANT),
                List.of(streams),
                Optional.empty(),
                Stream.concat(
                                unready.stream().map(each -> Finding.of(ConditionName.DISK_FAILED, Place.AGENT, each)),
                                Stream.of(Finding.of(
                                        ConditionName.SESSIONS_LOST,
                                        Place.source("mqtt"),
                                        "the MQTT sessions are lost")))
                        .map(found -> new Condition(found, Duration.ofSeconds(90)))
                        .toList());
        AdminServer admin = AdminServer.start(
                AdminSettings.open(new ListenAddress("127.0.0.1", 0)),
                100,
                () -> state,
                () -> "",
                MemoryBudget.of(1 << 20).account(1.0),
                AdminPages.NONE,
                AdminChanges.none());
        try {
            return Typed.into(
                    PenstockCommand::execute,
                    "status",
                    "--admin",
                    "127.0.0.1:" + admin.addresses().get(0).getPort());
        } finally {
            admin.stop();
        }
    }

    @Test
    void saysWhatAStreamTakesOfItsShardsAndWhatAMonthCosts() {
        Typed typed = status(List.of(), stream("default", "orders", AgentState.StreamState.SENDING, "", USED));
        assertEquals(0, typed.status(), typed.err());
        assertTrue(
                typed.out()
                        .contains("sessions-lost (source mqtt, for 1 minute 30 seconds): the MQTT sessions are lost\n"
                                + "    remedy: check the disk; clients send again what was not acknowledged\n"),
                typed.out());
        assertTrue(
                typed.out()
                        .contains(
                                "    last hour: 100.0 events in 2.0 Kinesis records, 50.0 KiB and 4.0 payload units a"
                                        + " second; the busiest of 8 shards used 25 % of its limit; 3 shards would do; a month"
                                        + " like this costs 87.50 or 34.50 on demand, without aggregation 91.25 or 99.75 on demand"),
                typed.out());
    }

    @Test
    void saysNothingOfUsageBeforeItIsKnown() {
        Typed typed =
                status(List.of(), stream("default", "orders", AgentState.StreamState.SENDING, "", StreamUsage.NONE));
        assertFalse(typed.out().contains("last hour"), typed.out());
    }

    @Test
    void namesAStreamOfAnotherTargetWithItAndSaysWhyItIsParked() {
        String reason = "no credentials from access key OWN: AccessDenied: not now";
        Typed typed =
                status(List.of(), stream("archive", "audit", AgentState.StreamState.PARKED, reason, StreamUsage.NONE));
        assertEquals(0, typed.status(), "a parked stream does not make the agent unready");
        assertTrue(typed.out().contains("target archive: aws, region eu-central-1"), typed.out());
        assertTrue(
                typed.out().lines().anyMatch(line -> line.startsWith("archive/audit ") && line.contains(" parked ")));
        assertTrue(typed.out().contains("    " + reason), typed.out());
        assertTrue(typed.out().contains("    its spool is damaged: 7 events"), typed.out());
    }

    @Test
    void anAgentThatDoesNotRunIsOneThatRefusesTheConnection() {
        Typed status = Typed.into(PenstockCommand::execute, "status", "--admin", "127.0.0.1:1");
        assertEquals(1, status.status());
        assertTrue(status.err().contains("no agent answers at 127.0.0.1:1 (it refuses the connection)"), status.err());
    }

    @Test
    void anAgentThatIsNotReadySaysWhyAndTheCommandFails() {
        Typed typed = status(List.of("the spool of stream orders failed: No space left on device"));
        assertEquals(1, typed.status());
        assertTrue(
                typed.out().startsWith("Penstock 0.1.0, NOT READY: the spool of stream orders failed: No space left"),
                typed.out());
    }
}
