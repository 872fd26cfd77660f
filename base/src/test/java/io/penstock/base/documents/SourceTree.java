package io.penstock.base.documents;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The source tree that the tests run in, without what builds leave in it. */
final class SourceTree {
    /** The folder with the Maven wrapper. */
    static final Path ROOT = root();

    private static final Set<String> PASSED_OVER = Set.of(".git", "target", "node_modules");
    private static final Pattern TEXT_FILE =
            Pattern.compile("[^.]+|.+\\.(?:java|md|xml|sh|py|mjs|rb|c|ya?ml|json|properties|service)");

    private SourceTree() {}

    /** Sources, scripts, documents and configuration of all modules. */
    static List<Path> textFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return PASSED_OVER.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()
                        && TEXT_FILE.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // another build may delete files
            }
        });
        return files;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no mvnw in any folder above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }
}
