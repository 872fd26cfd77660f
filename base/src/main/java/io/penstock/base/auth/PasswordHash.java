package io.penstock.base.auth;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A hashed password in a form of mosquitto_passwd: {@code $7$rounds$salt$hash}, PBKDF2 with HMAC-SHA-512 (RFC 8018); or
 * {@code $6$salt$hash}, one round of SHA-512, which is read but never written. Salt and hash are Base64.
 *
 * @param rounds 0 for the one round of SHA-512
 */
record PasswordHash(int rounds, byte[] salt, byte[] hash) {
    private static final int ROUNDS = 100_000;
    private static final int MAX_ROUNDS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 512;

    /** Hashes a password with a fresh salt; takes some tens of milliseconds. */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ROUNDS, salt, pbkdf2(password.toCharArray(), salt, ROUNDS));
    }

    /**
     * Parses the output of {@link #text} or mosquitto_passwd.
     *
     * @throws IllegalArgumentException naming the fault
     */
    public static PasswordHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length == 4 && parts[1].equals("6")) {
            return new PasswordHash(0, base64(parts[2]), base64(parts[3]));
        }
        if (parts.length == 5 && parts[1].equals("7")) {
            return new PasswordHash(rounds(parts[2]), base64(parts[3]), base64(parts[4]));
        }
        throw new IllegalArgumentException("the hash is neither $7$ nor $6$; make it with 'penstock passwd'");
    }

    private static int rounds(String text) {
        try {
            int rounds = Integer.parseInt(text);
            if (rounds >= 1 && rounds <= MAX_ROUNDS) {
                return rounds;
            }
        } catch (NumberFormatException noNumber) {
            // Reported below.
        }
        throw new IllegalArgumentException("the rounds '" + text + "' are not in 1.." + MAX_ROUNDS);
    }

    private static byte[] base64(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("salt or hash is empty");
        }
        return bytes;
    }

    /** True if {@code password} matches; takes as long as making the hash. */
    public boolean matches(byte[] password) {
        if (rounds == 0) {
            return MessageDigest.isEqual(hash, sha512(password, salt));
        }
        try {
            CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            char[] text = Arrays.copyOf(chars.array(), chars.limit());
            return MessageDigest.isEqual(hash, pbkdf2(text, salt, rounds));
        } catch (CharacterCodingException noText) {
            return false;
        }
    }

    private static byte[] sha512(byte[] password, byte[] salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(password);
            return digest.digest(salt);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has SHA-512", missing);
        }
    }

    private static byte[] pbkdf2(char[] password, byte[] salt, int rounds) {
        try {
            SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");
            return factory.generateSecret(new PBEKeySpec(password, salt, rounds, HASH_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA512", missing);
        }
    }

    /** The text form for the file. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        String tail = base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
        return rounds == 0 ? "$6$" + tail : "$7$" + rounds + "$" + tail;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that
                && rounds == that.rounds
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return "PasswordHash[rounds=" + rounds + "]";
    }
}
