package io.penstock.engine.auth;

import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a file of clients' keys. It has the form of the AWS shared credentials file, so that a client's own file can be
 * used: a section per client, with {@code aws_access_key_id} and {@code aws_secret_access_key}.
 *
 * <pre>
 * [press-17]
 * aws_access_key_id = PRESS17
 * aws_secret_access_key = a long random text
 * </pre>
 *
 * <p>Bounded: {@value #MOST_BYTES} bytes. No message holds a secret.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">Shared credentials file</a>
 */
public final class CredentialEntries {
    private static final int MOST_BYTES = 1 << 20;
    private static final int SHORTEST_SECRET = 16;
    private static final String ID = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";

    private final Path file;
    private final Map<String, ClientKey> keys = new HashMap<>();
    private String section = "";
    private int sectionLine;
    private String id = "";
    private String secret = "";

    private CredentialEntries(Path file) {
        this.file = file;
    }

    /**
     * The keys by access key id. Blocks on the disk.
     *
     * @throws UnfitFileException naming the file, the line and the remedy
     */
    public static Map<String, ClientKey> read(Path file) throws UnfitFileException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException unreadable) {
            throw missing(file, unreadable);
        }
        if (bytes.length > MOST_BYTES) {
            throw new UnfitFileException(
                    "the credentials file " + file + " is larger than " + MOST_BYTES + " bytes: name another file");
        }
        return parse(file, new String(bytes, StandardCharsets.UTF_8));
    }

    static UnfitFileException missing(Path file, IOException why) {
        return new UnfitFileException(
                "the credentials file " + file + " is missing or unreadable: write one with a section per client", why);
    }

    static Map<String, ClientKey> parse(Path file, String text) throws UnfitFileException {
        CredentialEntries entries = new CredentialEntries(file);
        int number = 0;
        for (String line : text.split("\r\n|\n|\r", -1)) {
            entries.line(++number, line.strip());
        }
        entries.endSection();
        if (entries.keys.isEmpty()) {
            throw new UnfitFileException(
                    "the credentials file " + file + " has no client: write a section with " + ID + " and " + SECRET);
        }
        return Map.copyOf(entries.keys);
    }

    private void line(int number, String line) throws UnfitFileException {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        if (line.startsWith("[")) {
            endSection();
            if (!line.endsWith("]") || line.substring(1, line.length() - 1).isBlank()) {
                throw wrong(number, "is no section", "write [NAME]");
            }
            section = line.substring(1, line.length() - 1).strip();
            sectionLine = number;
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw wrong(number, "is neither a section nor a setting", "write NAME = VALUE");
        }
        if (section.isEmpty()) {
            throw wrong(number, "stands before the first section", "write [NAME] above it");
        }
        String value = line.substring(equals + 1).strip();
        switch (line.substring(0, equals).strip()) {
            case ID -> id = value;
            case SECRET -> secret = value;
            default -> {
                // A client's own file has settings that are of no use here, such as its session token.
            }
        }
    }

    private void endSection() throws UnfitFileException {
        if (section.isEmpty()) {
            return;
        }
        if (id.isEmpty() || secret.isEmpty()) {
            throw wrong(sectionLine, "begins a section without " + (id.isEmpty() ? ID : SECRET), "add it");
        }
        if (!id.matches("\\w{1,128}")) {
            throw wrong(
                    sectionLine,
                    "begins a section whose " + ID + " has other characters than letters, digits and _",
                    "choose another one");
        }
        if (secret.length() < SHORTEST_SECRET) {
            throw wrong(
                    sectionLine,
                    "begins a section whose " + SECRET + " is shorter than " + SHORTEST_SECRET + " characters",
                    "make one with: openssl rand -base64 30");
        }
        ClientKey other = keys.putIfAbsent(id, new ClientKey(section, id, secret));
        if (other != null) {
            throw wrong(
                    sectionLine,
                    "begins a section with the " + ID + " of [" + other.name() + "]",
                    "give each client its own");
        }
        section = "";
        id = "";
        secret = "";
    }

    private UnfitFileException wrong(int line, String what, String remedy) {
        return new UnfitFileException("the credentials file " + file + ": line " + line + " " + what + ": " + remedy);
    }
}
