package io.penstock.mqtt.internal.bridge;

import io.netty.handler.ssl.SslContext;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import io.penstock.base.tls.ClientTls;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeTls;
import io.penstock.mqtt.bridge.BridgeUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a connect needs and what blocks to get: the addresses of the host, and the content of the files, which are read
 * anew at each connect.
 *
 * @param addresses at least one
 * @param tls null without encryption
 */
record Prepared(
        List<InetSocketAddress> addresses, @Nullable SslContext tls, Optional<String> user, Optional<byte[]> password) {
    private static final int LARGEST_SECRET = 0xFFFF;

    /** Blocks. */
    static Prepared of(BridgeSettings settings, BridgeUrl url) throws IOException {
        BridgeTls tls = settings.tls();
        SslContext context = url.scheme().isEncrypted()
                ? ClientTls.read(tls.authorities(), tls.certificate(), tls.key(), tls.alpn())
                : null;
        Optional<String> user = settings.login().user();
        if (settings.login().userFile().isPresent()) {
            byte[] name = secret(settings.login().userFile().get(), "user name");
            user = Optional.of(new String(name, StandardCharsets.UTF_8));
        }
        Optional<byte[]> password = Optional.empty();
        if (settings.login().passwordFile().isPresent()) {
            password = Optional.of(secret(settings.login().passwordFile().get(), "password"));
        }
        List<InetSocketAddress> addresses = Arrays.stream(InetAddress.getAllByName(url.host()))
                .map(address -> new InetSocketAddress(address, url.port()))
                .toList();
        return new Prepared(addresses, context, user, password);
    }

    private static byte[] secret(Path file, String what) throws UnfitFileException {
        byte[] content;
        try {
            if (Files.size(file) > LARGEST_SECRET) {
                throw new UnfitFileException(
                        file + " is too large for a " + what + "; name a file that holds it alone");
            }
            content = Files.readAllBytes(file);
        } catch (UnfitFileException unfit) {
            throw unfit;
        } catch (IOException unreadable) {
            throw new UnfitFileException(
                    "the file of the " + what + ", " + file + ", cannot be read (" + CauseText.orUnknown(unreadable)
                            + "); make it readable for this process",
                    unreadable);
        }
        int length = content.length;
        if (length > 0 && content[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && content[length - 1] == '\r') {
            length--;
        }
        return Arrays.copyOf(content, length);
    }
}
