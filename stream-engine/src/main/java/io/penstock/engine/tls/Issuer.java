package io.penstock.engine.tls;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate authority that signs one certificate and is then discarded, because its private key could sign for any
 * server. The JDK has no public API that makes certificates. Keys are on the curve P-256, signatures ECDSA with
 * SHA-256.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, section 4.1</a>
 */
final class Issuer {
    /** The validity covers all times, so that machines with a wrong clock accept the certificate. */
    private static final Instant FROM = Instant.EPOCH;

    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");

    private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] KEY_USAGE = Der.oid(2, 5, 29, 15);
    private static final byte[] SUBJECT_ALT_NAME = Der.oid(2, 5, 29, 17);
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
    private static final byte[] EXTENDED_KEY_USAGE = Der.oid(2, 5, 29, 37);
    private static final byte[] SERVER_AUTH = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);
    private static final byte SIGNS_CERTIFICATES = 0x04;
    private static final byte SIGNS = (byte) 0x80;

    private final KeyPair keys = newKeys();
    private final SecureRandom random = new SecureRandom();
    private final byte[] name;

    Issuer(String commonName) throws GeneralSecurityException {
        // A random part, because clients mistake two authorities of the same name for each other.
        String serial = new BigInteger(32, random).toString(16);
        this.name = name(commonName + " " + serial);
    }

    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The authority's own certificate, DER. */
    byte[] certificate() throws GeneralSecurityException {
        byte[] extensions = Der.sequence(
                extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true), Der.integer(BigInteger.ZERO))),
                extension(KEY_USAGE, true, Der.bits(2, SIGNS_CERTIFICATES)));
        return signed(name, keys.getPublic(), extensions);
    }

    /** A server's certificate for names and addresses, DER. */
    byte[] issue(PublicKey key, List<String> hosts) throws GeneralSecurityException, IOException {
        List<byte[]> names = new ArrayList<>();
        for (String host : hosts) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
            names.add(
                    address != null
                            ? Der.implicit(7, address)
                            : Der.implicit(2, host.getBytes(StandardCharsets.US_ASCII)));
        }
        byte[] extensions = Der.sequence(
                extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                extension(KEY_USAGE, true, Der.bits(7, SIGNS)),
                extension(EXTENDED_KEY_USAGE, false, Der.sequence(SERVER_AUTH)),
                extension(SUBJECT_ALT_NAME, false, Der.sequence(names.toArray(byte[][]::new))));
        return signed(name(hosts.get(0)), key, extensions);
    }

    private byte[] signed(byte[] subject, PublicKey key, byte[] extensions) throws GeneralSecurityException {
        byte[] content = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(126, random).setBit(126)),
                ECDSA_SHA256,
                name,
                Der.sequence(Der.time(FROM), Der.time(UNTIL)),
                subject,
                key.getEncoded(),
                Der.explicit(3, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        return Der.sequence(content, ECDSA_SHA256, Der.bits(0, signature.sign()));
    }

    private static byte[] name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(commonName))));
    }

    private static byte[] extension(byte[] oid, boolean critical, byte[] value) {
        return critical ? Der.sequence(oid, Der.bool(true), Der.octets(value)) : Der.sequence(oid, Der.octets(value));
    }
}
