package io.penstock.forward.server.internal.connection;

import io.penstock.forward.server.Credentials;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The server's side of the handshake (forward protocol v1): HELO with a nonce, the client's PING with digests of what
 * it knows, PONG with the answer and the proof that the server knows the key as well. One per connection, on its event
 * loop.
 */
public final class Handshake {
    /** The largest PING: five short strings. */
    public static final int MAX_PING = 4096;

    public static final String REMEDY =
            "this listener wants a shared key; set shared_key at the sender, for Fluent Bit in each [NODE] of an upstream";

    private static final int ELEMENTS = 6;
    private static final int RANDOM_BYTES = 16;
    private static final byte[] PING = "PING".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Credentials credentials;
    private final InetAddress client;
    private final byte[] nonce = random();
    private final byte[] passwordSalt;

    /** What became of a PING; {@code pong} is to be sent in any case. */
    sealed interface Verdict {
        byte[] pong();
    }

    /** @param user empty where none is asked for */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes go to the socket as they are
    record Admitted(byte[] pong, String user) implements Verdict {}

    /** @param reason for the log; the client learns no more than the kind of mistake */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Denied(byte[] pong, String reason) implements Verdict {}

    public Handshake(Credentials credentials, InetAddress client) {
        this.credentials = credentials;
        this.client = client;
        this.passwordSalt = credentials.passwords().isEmpty() ? new byte[0] : random();
    }

    Duration timeout() {
        return credentials.timeout();
    }

    /** {@code ["HELO", {"nonce": bin, "auth": bin, "keepalive": true}]}; an empty auth asks for no user. */
    byte[] helo() {
        return new Packed()
                .head(0x92)
                .string("HELO")
                .head(0x83)
                .string("nonce")
                .binary(nonce)
                .string("auth")
                .binary(passwordSalt)
                .string("keepalive")
                .head(0xc3)
                .bytes();
    }

    /**
     * Reads {@code ["PING", hostname, salt, digest of the key, user, digest of the password]} in
     * {@code bytes[from, to)}.
     *
     * @throws BadChunkException when it is none
     */
    public Verdict answer(byte[] bytes, int from, int to) throws BadChunkException {
        MsgpackCursor cursor = new MsgpackCursor();
        cursor.reset(bytes, from, to);
        boolean isPing = Msgpack.isArray(cursor.type())
                && cursor.array("a PING") >= ELEMENTS
                && Msgpack.isString(cursor.type())
                && MessageDigest.isEqual(PING, next(cursor, bytes));
        if (!isPing) {
            throw new BadChunkException(Refusal.UNAUTHENTICATED, from, "a message before the handshake");
        }
        byte[] hostname = next(cursor, bytes);
        byte[] salt = next(cursor, bytes);
        byte[] keyDigest = next(cursor, bytes);
        byte[] user = next(cursor, bytes);
        byte[] passwordDigest = next(cursor, bytes);
        Optional<String> key = credentials.keyFor(client);
        if (key.isEmpty()) {
            return denied("no shared key for this host", "no shared key is configured for " + client.getHostAddress());
        }
        byte[] keyBytes = utf8(key.get());
        if (!MessageDigest.isEqual(keyDigest, digest(salt, hostname, nonce, keyBytes))) {
            return denied("shared_key mismatch", "the shared key of " + text(hostname) + " is another one");
        }
        if (!credentials.passwords().isEmpty() && !knows(user, passwordDigest)) {
            return denied("username/password mismatch", "no such user, or another password: " + text(user));
        }
        byte[] name = utf8(credentials.serverName());
        byte[] pong = new Packed()
                .head(0x95)
                .string("PONG")
                .head(0xc3)
                .string("")
                .string(credentials.serverName())
                .string(new String(digest(salt, name, nonce, keyBytes), StandardCharsets.US_ASCII))
                .bytes();
        return new Admitted(pong, credentials.passwords().isEmpty() ? "" : text(user));
    }

    private boolean knows(byte[] user, byte[] passwordDigest) {
        Map<String, String> passwords = credentials.passwords();
        String name = text(user);
        // An unknown user takes as long as a known one.
        String password = passwords.getOrDefault(name, "");
        boolean right = MessageDigest.isEqual(passwordDigest, digest(passwordSalt, user, utf8(password)));
        return right && passwords.containsKey(name);
    }

    private static Denied denied(String toClient, String toLog) {
        byte[] pong = new Packed()
                .head(0x95)
                .string("PONG")
                .head(0xc2)
                .string(toClient)
                .string("")
                .string("")
                .bytes();
        return new Denied(pong, toLog);
    }

    private static byte[] next(MsgpackCursor cursor, byte[] bytes) throws BadChunkException {
        int length = cursor.text("an element of PING");
        int at = cursor.at();
        cursor.jump(length);
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    /** SHA-512 in lower-case hex digits. */
    private static byte[] digest(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                sha.update(part);
            }
            return utf8(HexFormat.of().formatHex(sha.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a client says of itself, without what would break a log line. */
    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }

    /** A small message under construction. */
    private static final class Packed {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        Packed head(int type) {
            out.write(type);
            return this;
        }

        Packed string(String text) {
            byte[] bytes = utf8(text);
            if (bytes.length < 32) {
                out.write(0xa0 | bytes.length);
            } else if (bytes.length < 256) {
                out.write(Msgpack.STR8);
                out.write(bytes.length);
            } else {
                throw new IllegalArgumentException("a string of " + bytes.length + " bytes in the handshake");
            }
            out.writeBytes(bytes);
            return this;
        }

        Packed binary(byte[] bytes) {
            out.write(Msgpack.BIN8);
            out.write(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
