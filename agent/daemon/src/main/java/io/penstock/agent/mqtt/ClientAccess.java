package io.penstock.agent.mqtt;

import io.penstock.agent.reload.Prepared;
import io.penstock.mqtt.Authenticator;
import io.penstock.mqtt.Login;
import io.penstock.mqtt.PasswordFile;
import io.penstock.mqtt.PublishPermission;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.TopicAcl;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which clients may connect, publish and subscribe, by the settings of now. A client that is connected stays so after a
 * change, and its next publish goes by the new rules. Thread-safe.
 */
final class ClientAccess implements Authenticator, PublishPermission, AutoCloseable {
    /** Replaced as a whole. */
    private volatile State state;

    private record State(
            MqttSourceSettings settings,
            Optional<PasswordFile> passwords,
            PublishPermission permission,
            Authenticator authenticator) {
        static State of(MqttSourceSettings settings, Optional<PasswordFile> passwords) {
            return new State(
                    settings,
                    passwords,
                    settings.acl().isEmpty() ? PublishPermission.all() : new TopicAcl(settings.rules()),
                    passwords.<Authenticator>map(file -> file).orElseGet(Authenticator::anonymous));
        }

        boolean hasPasswordsOf(MqttSourceSettings other) {
            return settings.auth().passwordFile().equals(other.auth().passwordFile())
                    && settings.allowAnonymous() == other.allowAnonymous();
        }
    }

    private ClientAccess(State state) {
        this.state = state;
    }

    /** @throws IOException naming the password file, the line and the fault */
    static ClientAccess open(MqttSourceSettings settings) throws IOException {
        return new ClientAccess(State.of(settings, passwords(settings)));
    }

    private static Optional<PasswordFile> passwords(MqttSourceSettings settings) throws IOException {
        return settings.auth().passwordFile().isPresent()
                ? Optional.of(PasswordFile.open(settings.auth().passwordFile().get(), settings.allowAnonymous()))
                : Optional.empty();
    }

    Prepared prepare(MqttSourceSettings settings) throws IOException {
        State former = state;
        boolean same = former.hasPasswordsOf(settings);
        State next = State.of(settings, same ? former.passwords() : passwords(settings));
        return new Prepared() {
            @Override
            public void commit() {
                state = next;
                if (!same) {
                    former.passwords().ifPresent(PasswordFile::close);
                }
            }

            @Override
            public void abandon() {
                if (!same) {
                    next.passwords().ifPresent(PasswordFile::close);
                }
            }
        };
    }

    @Override
    public CompletionStage<Authenticator.Result> authenticate(Login login) {
        return state.authenticator().authenticate(login);
    }

    @Override
    public boolean mayPublish(String clientId, Optional<String> userName, String topic) {
        return state.permission().mayPublish(clientId, userName, topic);
    }

    @Override
    public Object version() {
        return state.permission();
    }

    SubscribePolicy subscribe() {
        return state.settings().subscribe();
    }

    @Override
    public void close() {
        state.passwords().ifPresent(PasswordFile::close);
    }
}
