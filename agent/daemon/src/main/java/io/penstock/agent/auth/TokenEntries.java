package io.penstock.agent.auth;

import io.penstock.agent.route.StreamName;
import io.penstock.base.files.ReplacedFile;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokens of a tokens file: one {@code name:sha256$hash} per line, then {@code :stream,stream} for a token that may
 * write to these streams only. A token has 256 random bits, so one round of SHA-256 protects it, and checking one takes
 * microseconds. Immutable.
 */
public final class TokenEntries {
    private static final String ALGORITHM = "sha256$";
    private static final String PREFIX = "penstock_";
    private static final int RANDOM_BYTES = 32;
    private static final int LONGEST_NAME = 128;
    private static final int PARTS = 3;

    private final Map<String, Token> tokens;
    private final Map<String, Token> byHash;

    /**
     * One token.
     *
     * @param hash Base64 of the token's SHA-256
     * @param streams the only streams that it may write to; empty: all
     */
    record Token(String name, String hash, Set<String> streams) {
        String line() {
            String all = name + ":" + ALGORITHM + hash;
            return streams.isEmpty() ? all : all + ":" + String.join(",", new TreeSet<>(streams));
        }
    }

    private TokenEntries(Map<String, Token> tokens) {
        this.tokens = tokens;
        this.byHash = new LinkedHashMap<>();
        tokens.values().forEach(token -> byHash.put(token.hash(), token));
    }

    public static TokenEntries empty() {
        return new TokenEntries(Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws IOException naming the faulty line and the fault
     */
    public static TokenEntries read(Path file) throws IOException {
        Map<String, Token> tokens = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                Token token = parse(line.strip());
                if (tokens.put(token.name(), token) != null) {
                    throw new IllegalArgumentException("'" + token.name() + "' stands in an earlier line");
                }
            } catch (IllegalArgumentException wrong) {
                throw new UnfitFileException(
                        "tokens file " + file + ", line " + number + ": " + wrong.getMessage(), wrong);
            }
        }
        return new TokenEntries(tokens);
    }

    private static Token parse(String line) {
        String[] parts = line.split(":", -1);
        if (parts.length < 2 || parts.length > PARTS || !parts[1].startsWith(ALGORITHM)) {
            throw new IllegalArgumentException(
                    "it is neither name:sha256$hash nor name:sha256$hash:streams; make it with 'penstock passwd --token'");
        }
        String hash = parts[1].substring(ALGORITHM.length());
        requireHash(hash);
        // A line that ends with a colon would be a token for all streams.
        List<String> streams = parts.length == PARTS ? List.of(parts[2].split(",", -1)) : List.of();
        return new Token(name(parts[0]), hash, streams(streams));
    }

    private static void requireHash(String hash) {
        int length;
        try {
            length = Base64.getDecoder().decode(hash).length;
        } catch (IllegalArgumentException damaged) {
            throw new IllegalArgumentException("the hash is no Base64", damaged);
        }
        if (length != RANDOM_BYTES) {
            throw new IllegalArgumentException("the hash has not " + RANDOM_BYTES + " bytes");
        }
    }

    private static String name(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c == ':' || c < ' ')) {
            throw new IllegalArgumentException(
                    "a token's name has 1 to " + LONGEST_NAME + " characters, and neither ':' nor control characters");
        }
        return name;
    }

    private static Set<String> streams(Collection<String> names) {
        for (String stream : names) {
            if (!StreamName.valid(stream)) {
                throw new IllegalArgumentException("'" + stream + "' is no stream name");
            }
        }
        return Set.copyOf(names);
    }

    /** A new token, which only its user keeps. */
    public static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * These entries with an additional token, or with a new one in place of that of the same name.
     *
     * @param streams the only streams that it may write to; empty: all
     * @throws IllegalArgumentException if the name or a stream is invalid
     */
    public TokenEntries with(String name, String token, Collection<String> streams) {
        Map<String, Token> changed = new LinkedHashMap<>(tokens);
        changed.put(name(name), new Token(name, hash(token.getBytes(StandardCharsets.ISO_8859_1)), streams(streams)));
        return new TokenEntries(changed);
    }

    /** These entries without {@code name}. */
    public TokenEntries without(String name) {
        Map<String, Token> changed = new LinkedHashMap<>(tokens);
        changed.remove(name);
        return new TokenEntries(changed);
    }

    /** The names in the file's order, each with the only streams that it may write to; empty: all. */
    public Map<String, Set<String>> streamsByName() {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        tokens.values().forEach(token -> names.put(token.name(), token.streams()));
        return names;
    }

    /**
     * Finds the entry of a token. The time that this takes tells of hashes at most, and a hash tells nothing of another
     * token.
     */
    Optional<Token> find(byte[] token) {
        String hash = hash(token);
        Token found = byHash.get(hash);
        return found != null && isEqual(found.hash(), hash) ? Optional.of(found) : Optional.empty();
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(byte[] token) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(token));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** Replaces {@code file} as a whole; a new file is readable for its owner only. */
    public void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        tokens.values().forEach(token -> lines.add(token.line()));
        ReplacedFile.write(file, lines);
    }
}
