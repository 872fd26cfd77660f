package io.penstock.forward.client;

import io.penstock.forward.client.internal.message.Answers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.value.ImmutableValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/**
 * The client's side of the handshake (forward protocol v1): reads HELO, sends PING with digests of the login, and reads
 * PONG, in which the server proves that it knows the shared key too.
 */
final class ClientHandshake {
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Login login;
    private final byte[] name;
    private final byte[] salt = new byte[SALT_BYTES];

    /**
     * @param name the client's name in the handshake; Fluentd refuses a client that has the name of Fluentd's own host
     */
    ClientHandshake(Login login, String name) {
        this.login = login;
        this.name = utf8(name);
        RANDOM.nextBytes(salt);
    }

    /** True if the server's first message begins a handshake. */
    static boolean isHelo(Value answer) {
        return isMessage(answer, "HELO", 2);
    }

    /**
     * Carries out the handshake.
     *
     * @throws IOException if it fails; the message says which side refused and why
     */
    void perform(Answers answers, OutputStream out) throws IOException {
        ImmutableValue helo;
        try {
            helo = answers.next();
        } catch (SocketTimeoutException e) {
            throw new IOException("the server does not begin a handshake; it may want no shared key", e);
        }
        if (!isHelo(helo) || !helo.asArrayValue().get(1).isMapValue()) {
            throw new IOException("the server does not begin a handshake; it may want no shared key");
        }
        byte[] nonce = option(helo, "nonce");
        byte[] auth = option(helo, "auth");
        if (auth.length > 0 && login.user().isEmpty()) {
            throw new IOException("the server wants a user and a password beside the shared key");
        }
        out.write(ping(nonce, auth));
        check(answers.next(), nonce);
    }

    private byte[] ping(byte[] nonce, byte[] auth) throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packArrayHeader(6).packString("PING");
            packer.packRawStringHeader(name.length).addPayload(name);
            // The salt is binary but is sent with the type string, which every server understands.
            packer.packRawStringHeader(salt.length).addPayload(salt);
            packer.packString(digest(salt, name, nonce, utf8(login.sharedKey())));
            packer.packString(auth.length > 0 ? login.user() : "");
            packer.packString(auth.length > 0 ? digest(auth, utf8(login.user()), utf8(login.password())) : "");
            return packer.toByteArray();
        }
    }

    private void check(ImmutableValue pong, byte[] nonce) throws IOException {
        if (!isMessage(pong, "PONG", 5)) {
            throw new IOException("the server's answer to the handshake is no PONG");
        }
        List<Value> elements = pong.asArrayValue().list();
        if (!elements.get(1).isBooleanValue()
                || !elements.get(1).asBooleanValue().getBoolean()) {
            throw new IOException("the server refuses the login: " + elements.get(2));
        }
        byte[] server = bytes(elements.get(3));
        String proof = digest(salt, server, nonce, utf8(login.sharedKey()));
        if (!MessageDigest.isEqual(utf8(proof), bytes(elements.get(4)))) {
            throw new IOException("the server does not know the shared key itself: it may be another server");
        }
    }

    private static boolean isMessage(Value value, String name, int elements) {
        if (!value.isArrayValue() || value.asArrayValue().size() < elements) {
            return false;
        }
        Value first = value.asArrayValue().get(0);
        return first.isStringValue() && first.asStringValue().asString().equals(name);
    }

    private static byte[] option(ImmutableValue helo, String name) {
        Value value = helo.asArrayValue().get(1).asMapValue().map().get(ValueFactory.newString(name));
        return value == null ? new byte[0] : bytes(value);
    }

    /** Servers send random bytes with the type binary or string. */
    private static byte[] bytes(Value value) {
        return value.isRawValue() ? value.asRawValue().asByteArray() : new byte[0];
    }

    /** SHA-512 in lower-case hex digits. */
    private static String digest(byte[]... parts) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
        for (byte[] part : parts) {
            sha.update(part);
        }
        StringBuilder hex = new StringBuilder(128);
        for (byte b : sha.digest()) {
            hex.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return hex.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
