package io.penstock.agent.kinesisapi;

import io.netty.channel.ChannelPipeline;
import io.penstock.base.net.HostCheck;
import io.penstock.engine.api.KinesisService;
import io.penstock.engine.auth.CredentialsFile;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.tls.TlsDoor;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a connection and a call must pass, by the settings of one moment, with the files that it needs. Thread-safe.
 *
 * @param keys of the clients; empty if calls need no signature
 * @param door of encrypted connections
 */
record ApiChecks(
        KinesisService.Admission admission,
        PassThrough passThrough,
        Optional<CredentialsFile> keys,
        Optional<TlsDoor> door)
        implements AutoCloseable {
    /** @throws IOException naming the file that cannot be used */
    static ApiChecks open(KinesisApiSettings settings) throws IOException {
        Optional<CredentialsFile> keys = settings.credentialsFile().isPresent()
                ? Optional.of(CredentialsFile.open(settings.credentialsFile().get()))
                : Optional.empty();
        try {
            Optional<TlsDoor> door = settings.tls().isPresent()
                    ? Optional.of(TlsDoor.encrypted(
                                    "kinesis-api.tls", settings.tls().get().files(), InstantSource.system())
                            .watch())
                    : Optional.empty();
            return new ApiChecks(
                    new KinesisService.Admission(
                            new HostCheck(settings.web().hosts(), settings.web().origins()),
                            keys.map(file -> new SignatureCheck(file, InstantSource.system()))),
                    settings.passThrough(),
                    keys,
                    door);
        } catch (IOException unfit) {
            keys.ifPresent(CredentialsFile::close);
            throw unfit;
        }
    }

    /** Prepares a new connection for TLS, if connections are encrypted. */
    void guard(ChannelPipeline pipeline) {
        door.ifPresent(encrypted -> encrypted.accept(pipeline));
    }

    @Override
    public void close() {
        door.ifPresent(TlsDoor::close);
        keys.ifPresent(CredentialsFile::close);
    }
}
