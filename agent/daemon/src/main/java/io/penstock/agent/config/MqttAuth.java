package io.penstock.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code mqtt.auth:}
 *
 * @param passwordFile users and hashed passwords; empty: nobody is asked for one
 * @param certificateName which name in a client's certificate is the client's
 */
public record MqttAuth(Optional<Path> passwordFile, CertificateName certificateName) {
    static MqttAuth read(Section section) {
        return new MqttAuth(
                section.optional("password-file", Values.file(section)),
                section.value("certificate-name", CertificateName.COMMON, Values.choice(CertificateName.values())));
    }
}
