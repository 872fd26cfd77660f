package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaEnumConstant;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The annotations are the only place that says who owns a type. The lists in {@code docs/design/threading.md} follow
 * from them.
 */
@DisplayName("The owners of types stand in annotations, and the document lists them")
class OwnershipTest {
    private static final Path ROOT =
            Path.of("").toAbsolutePath().resolve("../..").normalize();
    private static final Path DOCUMENT = ROOT.resolve("docs/design/threading.md");

    /** These modules do not know the annotation: applications contain them, and they depend on no other module. */
    private static final List<String> WITHOUT = List.of("fluentd-forward/client", "log4j-appender");

    private static final Pattern PROSE = Pattern.compile(
            "\\* .*(?:Owned by the (?:connection's event loop|sender's thread)\\.|[.;] [Oo]ne (?:thread|event loop)\\.)");

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.penstock");
    }

    /** Copy the expected text into the document when a type has got an owner, another owner or another name. */
    @ParameterizedTest
    @EnumSource
    void theDocumentListsTheTypesOfEachOwner(ThreadRole role) throws IOException {
        String document = Files.readString(DOCUMENT);
        String heading = "### " + role + "\n";
        assertTrue(document.contains(heading), heading);
        String section = document.substring(document.indexOf(heading) + heading.length());
        int end = section.indexOf("\n#");
        section = end < 0 ? section : section.substring(0, end);

        assertEquals(
                list(role),
                section.lines().filter(line -> line.startsWith("| `io.")).toList());
    }

    @Test
    void noCommentSaysWhatTheAnnotationSays() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(OwnershipTest::isChecked).toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (PROSE.matcher(line).find()) {
                        found.add(ROOT.relativize(file) + ": " + line.strip());
                    }
                }
            }
        }
        assertEquals(List.of(), found, "write @OwnedBy instead");
    }

    private static boolean isChecked(Path file) {
        String name = ROOT.relativize(file).toString();
        return name.endsWith(".java")
                && name.contains("src/main/java")
                && WITHOUT.stream().noneMatch(name::startsWith);
    }

    private static List<String> list(ThreadRole role) {
        Map<String, TreeSet<String>> types = new TreeMap<>();
        for (JavaClass type : classes) {
            if (type.isAnnotatedWith(OwnedBy.class) && roleOf(type) == role) {
                types.computeIfAbsent(room(type.getPackageName()), room -> new TreeSet<>())
                        .add(type.getSimpleName());
            }
        }
        assertFalse(types.isEmpty(), "no type has the owner " + role);
        return types.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | `" + String.join("`, `", entry.getValue()) + "` |")
                .toList();
    }

    private static ThreadRole roleOf(JavaClass type) {
        Object value =
                type.getAnnotationOfType(OwnedBy.class.getName()).get("value").orElseThrow();
        return ThreadRole.valueOf(((JavaEnumConstant) value).name());
    }

    /** The first package below the module's root, without the level {@code internal}. */
    private static String room(String packageName) {
        String[] names = packageName.replace(".internal", "").split("\\.");
        return String.join(".", List.of(names).subList(0, Math.min(4, names.length)));
    }
}
