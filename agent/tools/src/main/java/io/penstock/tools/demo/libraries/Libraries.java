package io.penstock.tools.demo.libraries;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The Kinesis Client Library and DynamoDB Local with all that they need, from a Maven repository. A file counts only with
 * the SHA-256 that it had when Penstock was built. What was fetched is kept, and so is fetched once; what this machine's
 * own Maven repository has is not fetched at all. Not thread-safe.
 */
public final class Libraries {
    /** The class path of the Kinesis Client Library. */
    public static final String KCL = "kcl";

    /** The class path of DynamoDB Local. */
    public static final String DYNAMODB = "dynamodb";

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final URI repository;
    private final Path cache;
    private final List<Path> beside;
    private final List<Library> all;

    Libraries(URI repository, Path cache, List<Path> beside, List<Library> all) {
        this.repository = repository;
        this.cache = cache;
        this.beside = beside;
        this.all = all;
    }

    /** From Maven Central; kept in the user's cache. */
    public static Libraries ofCentral(Map<String, String> environment) {
        Path home = Path.of(System.getProperty("user.home", "."));
        String folder = environment.getOrDefault("XDG_CACHE_HOME", "");
        return new Libraries(
                URI.create(environment.getOrDefault("PENSTOCK_DEMO_REPOSITORY", "https://repo1.maven.org/maven2/")),
                (folder.isEmpty() ? home.resolve(".cache") : Path.of(folder)).resolve("penstock/demo"),
                List.of(home.resolve(".m2/repository")),
                list());
    }

    private static List<Library> list() {
        try (InputStream in = Libraries.class.getResourceAsStream("libraries.txt")) {
            if (in == null) {
                throw new IllegalStateException("the program is not whole: the list of libraries is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Library::parse)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Bytes that are not on this machine. */
    public long missing() {
        return byPath().values().stream()
                .filter(library -> found(library) == null)
                .mapToLong(Library::size)
                .sum();
    }

    private Map<String, Library> byPath() {
        Map<String, Library> once = new LinkedHashMap<>();
        all.forEach(library -> once.put(library.path(), library));
        return once;
    }

    private @Nullable Path found(Library library) {
        List<Path> folders = new ArrayList<>(beside);
        folders.add(cache);
        for (Path folder : folders) {
            Path file = folder.resolve(library.path());
            if (Files.isRegularFile(file) && isWhole(file, library)) {
                return file;
            }
        }
        return null;
    }

    private static boolean isWhole(Path file, Library library) {
        try {
            return Files.size(file) == library.size()
                    && sha256(Files.readAllBytes(file)).equals(library.sha256());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The files of each class path, by its name; those that are missing are fetched.
     *
     * @param progress told how many bytes have come
     * @throws IOException when one cannot be fetched or is not the one that it should be
     */
    public Map<String, List<Path>> fetch(LongConsumer progress) throws IOException, InterruptedException {
        Map<String, Path> files = new LinkedHashMap<>();
        long come = 0;
        for (Library library : byPath().values()) {
            Path file = found(library);
            if (file == null) {
                file = fetch(library);
                come += library.size();
                progress.accept(come);
            }
            files.put(library.path(), file);
        }
        Map<String, List<Path>> paths = new LinkedHashMap<>();
        for (Library library : all) {
            paths.computeIfAbsent(library.of(), of -> new ArrayList<>())
                    .add(Objects.requireNonNull(files.get(library.path())));
        }
        return paths;
    }

    private Path fetch(Library library) throws IOException, InterruptedException {
        URI from = repository.resolve(library.path());
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(from).timeout(LONGEST).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(from + " is answered with HTTP " + answer.statusCode());
        }
        if (!sha256(answer.body()).equals(library.sha256())) {
            throw new IOException(from + " is not the file that Penstock was built with");
        }
        Path file = cache.resolve(library.path());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path part = Files.createTempFile(file.getParent(), "part", "");
        Files.write(part, answer.body());
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
