package io.penstock.base.auth;

import io.penstock.base.files.ReplacedFile;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The users and hashed passwords of a password file: one {@code user:hash} per line, as mosquitto_passwd writes them.
 * Immutable. A user name must not contain a colon or a line end, and is at most 64 KiB long.
 */
public final class PasswordEntries {
    private static final int MAX_NAME = 0xFFFF;

    private final Map<String, PasswordHash> hashes;

    private PasswordEntries(Map<String, PasswordHash> hashes) {
        this.hashes = hashes;
    }

    public static PasswordEntries empty() {
        return new PasswordEntries(Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws IOException naming the faulty line and the fault
     */
    public static PasswordEntries read(Path file) throws IOException {
        Map<String, PasswordHash> hashes = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            try {
                if (colon < 1) {
                    throw new IllegalArgumentException("it is not user:hash");
                }
                hashes.put(
                        line.substring(0, colon),
                        PasswordHash.parse(line.substring(colon + 1).strip()));
            } catch (IllegalArgumentException wrong) {
                throw new UnfitFileException(
                        "password file " + file + ", line " + number + ": " + wrong.getMessage(), wrong);
            }
        }
        return new PasswordEntries(Collections.unmodifiableMap(hashes));
    }

    /**
     * These entries with an additional user, or with a new password of a present one. Hashing takes some tens of
     * milliseconds.
     */
    public PasswordEntries with(String user, String password) {
        if (user.isEmpty() || user.length() > MAX_NAME || user.chars().anyMatch(c -> c == ':' || c < ' ')) {
            throw new IllegalArgumentException("a user name must not be empty nor hold ':' or control characters");
        }
        Map<String, PasswordHash> changed = new LinkedHashMap<>(hashes);
        changed.put(user, PasswordHash.of(password));
        return new PasswordEntries(Collections.unmodifiableMap(changed));
    }

    /** These entries without {@code user}. */
    public PasswordEntries without(String user) {
        Map<String, PasswordHash> changed = new LinkedHashMap<>(hashes);
        changed.remove(user);
        return new PasswordEntries(Collections.unmodifiableMap(changed));
    }

    /** In the file's order. */
    public Set<String> users() {
        return hashes.keySet();
    }

    Optional<PasswordHash> hash(String user) {
        return Optional.ofNullable(hashes.get(user));
    }

    /**
     * Replaces {@code file} as a whole. A new file is readable for its owner only. An existing file keeps its owner,
     * group and permissions where the file system has them, so that the service that reads it still can.
     */
    public void write(Path file) throws IOException {
        List<String> lines = hashes.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue().text())
                .toList();
        ReplacedFile.write(file, lines);
    }
}
