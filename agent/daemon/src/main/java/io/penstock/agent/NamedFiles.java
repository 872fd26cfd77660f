package io.penstock.agent;

import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.mqtt.BridgePassword;
import io.penstock.agent.mqtt.BridgeSourceSettings;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.base.auth.WatchedFile;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.tls.CheckedCertificates;
import io.penstock.base.tls.TlsFiles;
import io.penstock.base.tls.TlsSettings;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.ProfileCheck;
import io.penstock.engine.Tls;
import io.penstock.engine.auth.CredentialEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the files that a configuration names, and at the native code that it needs, as a start would. Blocks on the
 * disk.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class NamedFiles {
    private final Instant now;
    private final List<String> mistakes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private NamedFiles(Instant now) {
        this.now = now;
    }

    /** Those of this configuration. */
    public static NamedFiles of(Configuration configuration, Instant now) {
        NamedFiles files = new NamedFiles(now);
        files.listener("mqtt.tls", configuration.mqtt().tls());
        files.listener("forward.tls", configuration.forward().tls());
        files.listener("http.tls", configuration.http().tls());
        files.listener("log4j.tls", configuration.log4j().tls());
        files.listener("kinesis-api.tls", configuration.kinesisApi().tls());
        configuration
                .kinesisApi()
                .credentialsFile()
                .ifPresent(file -> files.credentials("kinesis-api.credentials-file", file));
        configuration
                .engine()
                .callers()
                .credentialsFile()
                .ifPresent(file -> files.credentials("engine.credentials-file", file));
        if (configuration.engine().tls().tls() instanceof Tls.Files own) {
            files.certificates("engine.tls", TlsFiles.server(own.chain(), own.key()));
        }
        configuration
                .mqtt()
                .auth()
                .passwordFile()
                .ifPresent(file -> files.entries("mqtt.auth.password-file", file, PasswordEntries::read));
        configuration.mqtt().bridges().forEach(files::bridge);
        configuration
                .http()
                .auth()
                .passwordFile()
                .ifPresent(file -> files.entries("http.auth.password-file", file, PasswordEntries::read));
        configuration
                .http()
                .auth()
                .tokensFile()
                .ifPresent(file -> files.entries("http.auth.tokens-file", file, TokenEntries::read));
        configuration
                .admin()
                .auth()
                .passwordFile()
                .ifPresent(file -> files.entries("admin.auth.password-file", file, PasswordEntries::read));
        configuration
                .admin()
                .auth()
                .tokensFile()
                .ifPresent(file -> files.entries("admin.auth.tokens-file", file, TokenEntries::read));
        configuration
                .allTargets()
                .forEach((name, target) -> target.network()
                        .authorities()
                        .ifPresent(file -> files.authorities("target " + name + ", tls.ca", file)));
        configuration
                .allTargets()
                .forEach((name, target) ->
                        target.access().own().ifPresent(own -> files.credentials("target " + name, own)));
        files.nativeCode(configuration);
        return files;
    }

    /** What keeps the configuration from working, a sentence each. */
    public List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    /** What will, or may, keep clients from working, a sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void listener(String key, Optional<TlsSettings> section) {
        section.ifPresent(tls -> certificates(key, tls.files()));
    }

    private void certificates(String key, TlsFiles files) {
        try {
            for (String warning : CheckedCertificates.read(files).warnings(now)) {
                warnings.add(key + ": " + warning);
            }
        } catch (UnfitFileException unfit) {
            mistakes.add(key + ": " + unfit.text());
        }
    }

    private void authorities(String key, Path file) {
        try {
            CheckedCertificates.requireCertificates(file);
        } catch (UnfitFileException unfit) {
            mistakes.add(key + ": " + unfit.text());
        }
    }

    private void bridge(BridgeSourceSettings bridge) {
        String key = "mqtt.bridges, " + bridge.name();
        bridge.login().passwordFile().ifPresent(file -> entries(key + ", password-file", file, BridgePassword::read));
        bridge.tls().ifPresent(tls -> {
            tls.ca().ifPresent(file -> authorities(key + ", tls.ca", file));
            if (tls.certificate().isPresent() && tls.key().isPresent()) {
                TlsFiles own =
                        TlsFiles.server(tls.certificate().get(), tls.key().get());
                certificates(key + ", tls", own);
            }
        });
    }

    private void credentials(String key, Path file) {
        try {
            CredentialEntries.read(file);
        } catch (UnfitFileException unfit) {
            mistakes.add(key + ": " + unfit.text());
        }
    }

    /** The file of a target's credentials; other places than files are asked at the first call only. */
    private void credentials(String target, Credentials of) {
        if (of instanceof Credentials.Profile profile) {
            profile.file().ifPresent(file -> profile(target + ", credentials.file", profile.name(), file));
        } else if (of instanceof Credentials.WebIdentity identity) {
            entries(target + ", credentials.token-file", identity.tokenFile(), Files::readString);
        }
    }

    private void profile(String key, String name, Path file) {
        entries(key, file, Files::readString);
        if (Files.isReadable(file)) {
            try {
                ProfileCheck.require(name, file);
            } catch (UnfitFileException unfit) {
                mistakes.add(key + ": " + unfit.text());
            }
        }
    }

    private void nativeCode(Configuration configuration) {
        try {
            NativeParts.requireFor(configuration);
        } catch (UnfitFileException unfit) {
            mistakes.add("routes: " + unfit.text());
        }
    }

    private void entries(String key, Path file, WatchedFile.Reader<?> reader) {
        try {
            var unused = reader.read(file);
        } catch (IOException unfit) {
            mistakes.add(key + ": " + CauseText.orUnknown(unfit));
        }
    }
}
