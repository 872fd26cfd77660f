package io.penstock.base.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate of the JDK's keytool, self-signed, as PEM texts. */
record MadeCertificate(String certificate, String key) {
    private static final String PASSWORD = "changeit";

    static MadeCertificate of(Path folder, String name, String algorithm, String... options) throws Exception {
        Path store = Files.createTempDirectory(folder, name).resolve("store.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
        return read(store);
    }

    private static MadeCertificate read(Path store) throws IOException, GeneralSecurityException {
        KeyStore content = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            content.load(in, PASSWORD.toCharArray());
        }
        return new MadeCertificate(
                pem("CERTIFICATE", content.getCertificate("x").getEncoded()),
                pem("PRIVATE KEY", content.getKey("x", PASSWORD.toCharArray()).getEncoded()));
    }

    static String pem(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
