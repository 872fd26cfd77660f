package io.penstock.base.tls;

import io.penstock.base.files.UnfitFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files. The exception for an unusable file says what the file holds instead. */
final class Pem {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final List<String> KEYS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private record Block(String type, String text) {}

    private Pem() {}

    /** The certificates of the file in its order; at least one. */
    static List<X509Certificate> certificates(Path file) throws UnfitFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<Block> blocks = blocks(file);
        for (Block block : blocks) {
            if (block.type.equals(CERTIFICATE) || block.type.equals("X509 CERTIFICATE")) {
                certificates.add(certificate(file, block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new UnfitFileException(file + " holds no certificate" + instead(blocks)
                    + "; name a PEM file that has -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    private static X509Certificate certificate(Path file, Block block, int number) throws UnfitFileException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decode(block)));
        } catch (CertificateException | IllegalArgumentException damaged) {
            throw new UnfitFileException(
                    "certificate " + number + " in " + file + " is damaged (" + damaged.getMessage()
                            + "); copy the file again",
                    damaged);
        }
    }

    /** The one private key of the file. */
    static PrivateKey key(Path file) throws UnfitFileException {
        List<Block> blocks = blocks(file);
        for (Block block : blocks) {
            if (block.type.equals("ENCRYPTED PRIVATE KEY") || block.text.contains("ENCRYPTED")) {
                throw new UnfitFileException("the key in " + file
                        + " is encrypted, and there is no password for it; decrypt it with: openssl pkcs8 -topk8 -nocrypt"
                        + " -in " + file + " -out NEW_FILE");
            }
            if (block.type.equals(KEY)) {
                return key(file, block);
            }
            if (block.type.endsWith(KEY)) {
                throw new UnfitFileException("the key in " + file + " is an old-style " + block.type
                        + " and not PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file
                        + " -out NEW_FILE");
            }
        }
        throw new UnfitFileException(file + " holds no private key" + instead(blocks)
                + "; name a PEM file that has -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(Path file, Block block) throws UnfitFileException {
        try {
            PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(decode(block));
            for (String algorithm : KEYS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (InvalidKeySpecException another) {
                    continue;
                }
            }
            throw new UnfitFileException("the key in " + file + " is damaged, or of a kind that Java does not know;"
                    + " use an RSA, EC or Ed25519 key");
        } catch (IllegalArgumentException | GeneralSecurityException damaged) {
            throw new UnfitFileException(
                    "the key in " + file + " is damaged (" + damaged.getMessage() + "); copy the file again", damaged);
        }
    }

    private static byte[] decode(Block block) {
        return Base64.getMimeDecoder().decode(block.text);
    }

    private static String instead(List<Block> blocks) {
        return blocks.isEmpty()
                ? ", and nothing else in PEM"
                : " but "
                        + String.join(
                                ", ",
                                blocks.stream().map(Block::type).distinct().toList());
    }

    private static List<Block> blocks(Path file) throws UnfitFileException {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        if (text.isBlank()) {
            throw new UnfitFileException(file + " is empty");
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find() && blocks.size() < 1_000) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static byte[] bytes(Path file) throws UnfitFileException {
        if (Files.isDirectory(file)) {
            throw new UnfitFileException(file + " is a folder; name the file in it");
        }
        if (!Files.exists(file)) {
            throw new UnfitFileException(file + " is missing; make it, or name another file");
        }
        if (!Files.isReadable(file)) {
            throw new UnfitFileException(file + " may not be read; give the user of this process the right to");
        }
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new UnfitFileException(file + " is larger than 1 MiB and no PEM file of a server");
            }
            return bytes;
        } catch (UnfitFileException tooLarge) {
            throw tooLarge;
        } catch (IOException unreadable) {
            throw new UnfitFileException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
