package io.penstock;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The modules know each other only as the architecture says")
class ArchitectureTest {

    private static final String DELIVERY = "io.penstock.delivery..";
    private static final String DAEMON = "io.penstock.agent..";
    private static final String TOOLS = "io.penstock.tools..";
    private static JavaClasses classes;

    // Thousands of classes: minutes where many programs share the processor.
    @BeforeAll
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.penstock");
    }

    @Test
    void nothingImportsTheTools() {
        noClasses()
                .that()
                .resideOutsideOfPackage(TOOLS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(TOOLS)
                .check(classes);
    }

    @Test
    void onlyTheToolsImportTheDaemon() {
        noClasses()
                .that()
                .resideOutsideOfPackages(DAEMON, TOOLS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DAEMON)
                .check(classes);
    }

    @Test
    void onlyTheDaemonAndTheToolsImportDelivery() {
        noClasses()
                .that()
                .resideOutsideOfPackages(DELIVERY, DAEMON, TOOLS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DELIVERY)
                .check(classes);
    }

    @Test
    void deliveryKnowsOnlyTheBaseAndTheJournal() {
        noClasses()
                .that()
                .resideInAPackage(DELIVERY)
                .should()
                .dependOnClassesThat(resideInAPackage("io.penstock..")
                        .and(resideOutsideOfPackages(DELIVERY, "io.penstock.base..", "io.penstock.journal..")))
                .check(classes);
    }

    /** What callers of delivery need: spools, senders and what they tell, settings of targets, calls passed on, shards. */
    @Test
    void deliveryIsUsedThroughItsFacesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DELIVERY)
                .should()
                .dependOnClassesThat(resideInAPackage(DELIVERY)
                        .and(resideOutsideOfPackages(
                                "io.penstock.delivery.spool",
                                "io.penstock.delivery.spool.disk",
                                "io.penstock.delivery.sender",
                                "io.penstock.delivery.sender.status",
                                "io.penstock.delivery.sender.deadletter",
                                "io.penstock.delivery.kinesis.settings",
                                "io.penstock.delivery.kinesis.pass",
                                "io.penstock.delivery.kinesis.fault"))
                        .and(not(name("io.penstock.delivery.kinesis.shards.Hash128")
                                .or(name("io.penstock.delivery.kinesis.shards.Shard"))
                                .or(name("io.penstock.delivery.kinesis.shards.ShardMap"))
                                .or(name("io.penstock.delivery.kinesis.shards.StreamSummary"))
                                .or(nameStartingWith("io.penstock.delivery.kinesis.shards.StreamSummary$")))))
                .check(classes);
    }

    @Test
    void theBaseKnowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("io.penstock.base..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.penstock.base..", "java..", "javax..", "io.netty..", "org.jspecify..", "org.slf4j..")
                .check(classes);
    }

    @Test
    void theMqttAdapterKnowsNoOtherModule() {
        knowsNothingOf("io.penstock.mqtt..", "io.penstock.forward..", "io.penstock.journal..", "io.penstock.engine..");
    }

    @Test
    void theForwardProtocolKnowsNoOtherModule() {
        knowsNothingOf("io.penstock.forward..", "io.penstock.mqtt..", "io.penstock.journal..", "io.penstock.engine..");
    }

    @Test
    void theForwardClientNeedsOnlyTheJdkAndMsgpack() {
        noClasses()
                .that()
                .resideInAPackage("io.penstock.forward.client..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.penstock.forward.client..", "java..", "javax..", "org.msgpack..", "org.jspecify..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void theStreamEngineKnowsNoOtherModule() {
        knowsNothingOf("io.penstock.engine..", "io.penstock.mqtt..", "io.penstock.forward..");
    }

    @Test
    void theLogKnowsOnlyTheBaseAndTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("io.penstock.journal..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.penstock.journal..",
                        "io.penstock.base..",
                        "java..",
                        // The JDK's own option for files that go past the page cache.
                        "com.sun.nio.file..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "com.github.benmanes.caffeine..")
                .check(classes);
    }

    @Test
    void sourcesKnowNothingOfDelivery() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.penstock.agent.mqtt..",
                        "io.penstock.agent.http..",
                        "io.penstock.agent.forward..",
                        "io.penstock.agent.log4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.penstock.delivery.sender..", "io.penstock.delivery.kinesis..")
                .check(classes);
    }

    private static void knowsNothingOf(String module, String... others) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(classes);
    }
}
