package io.penstock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A module shows its public types in its root package and keeps the rest in packages below {@code internal}. Its entry
 * points, through which a caller makes the module's objects, stand in the root package and know the internal packages;
 * those know the other types of the root package. So the entry points are a slice of their own.
 */
@DisplayName("Packages are used as their names say")
class PackagesTest {
    private enum Module {
        JOURNAL("io.penstock.journal", Set.of("LogSystem")),
        MQTT(
                "io.penstock.mqtt",
                Set.of(
                        "MqttServer",
                        "MqttServerBuilder",
                        "PasswordFile",
                        "TopicAcl",
                        "bridge.MqttBridge",
                        "bridge.MqttBridgeBuilder")),
        FORWARD_CLIENT("io.penstock.forward.client", Set.of()),
        FORWARD_SERVER("io.penstock.forward.server", Set.of("ForwardServer")),
        DELIVERY("io.penstock.delivery", Set.of()),
        DAEMON("io.penstock.agent", Set.of("Main")),
        TOOLS("io.penstock.tools", Set.of());

        final String root;
        final Set<String> entryPoints;

        Module(String root, Set<String> entryPoints) {
            this.root = root;
            this.entryPoints = entryPoints;
        }
    }

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.penstock");
    }

    @ParameterizedTest
    @EnumSource
    void internalPackagesAreUsedByTheirOwnModuleOnly(Module module) {
        noClasses()
                .that()
                .resideOutsideOfPackage(module.root + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(module.root + ".internal..")
                .check(classes);
    }

    @Test
    void noPackageIsInternalToNoModule() {
        for (JavaClass found : classes) {
            String name = found.getPackageName();
            if (name.contains(".internal")) {
                assertTrue(
                        Stream.of(Module.values()).anyMatch(module -> name.startsWith(module.root + ".internal")),
                        name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aModuleHasNoCircleOfPackages(Module module) {
        slices().assignedFrom(packagesOf(module)).should().beFreeOfCycles().check(classes);
    }

    private static SliceAssignment packagesOf(Module module) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass found) {
                String name = found.getPackageName();
                if (!name.equals(module.root) && !name.startsWith(module.root + ".")) {
                    return SliceIdentifier.ignore();
                }
                return SliceIdentifier.of(isEntryPoint(module, found) ? name + " (entry points)" : name);
            }

            @Override
            public String getDescription() {
                return "the packages of " + module.root;
            }
        };
    }

    private static boolean isEntryPoint(Module module, JavaClass found) {
        String inModule = found.getName().substring(module.root.length() + 1);
        return module.entryPoints.contains(inModule.split("\\$")[0]);
    }
}
