package io.penstock.agent;

import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.auth.ClientKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key with which the agent calls the engine inside its own process when that engine takes signed calls only. Made
 * anew at each start, and written nowhere.
 */
record OwnKey(ClientKey key) {
    private static final int BYTES = 32;

    static OwnKey make() {
        byte[] random = new byte[2 * BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        return new OwnKey(
                new ClientKey("the agent itself", "penstock" + text.substring(0, BYTES), text.substring(BYTES)));
    }

    EngineSettings on(EngineSettings engine) {
        return engine.withOwnKey(key);
    }

    /** Signs with this key unless the configuration has credentials for the engine. */
    TargetSettings on(TargetSettings embedded) {
        return embedded.credentials() instanceof Credentials.None
                ? embedded.withCredentials(
                        new Credentials.Fixed(key.accessKeyId(), new Secret(key.secret()), Optional.empty()))
                : embedded;
    }
}
