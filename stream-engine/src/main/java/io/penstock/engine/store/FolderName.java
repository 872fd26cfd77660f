package io.penstock.engine.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A folder name for any stream name: readable, short enough for every file system, and different for names that differ
 * only in case. The stream names {@code .} and {@code ..} are valid, but as folder names they are not.
 */
final class FolderName {
    private static final int READABLE = 48;
    private static final int HASH_BYTES = 12;

    static String of(String stream) {
        StringBuilder name = new StringBuilder(READABLE + 1 + HASH_BYTES * 2);
        for (int i = 0; i < Math.min(stream.length(), READABLE); i++) {
            char c = stream.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            name.append(plain ? c : '_');
        }
        return name.append('~').append(hash(stream)).toString();
    }

    private static String hash(String stream) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(stream.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private FolderName() {}
}
