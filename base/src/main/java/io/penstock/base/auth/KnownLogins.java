package io.penstock.base.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers passwords that were correct, so that clients that reconnect are not hashed again. Kept as HMAC-SHA-256
 * under a random key of this process, with the hash that they matched. One entry per user of the file. Thread-safe.
 */
final class KnownLogins {
    private record Known(PasswordHash matched, byte[] code) {}

    private final SecretKeySpec key;
    private final Map<String, Known> logins = new ConcurrentHashMap<>();

    public KnownLogins() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    public boolean isKnown(String user, byte[] password, PasswordHash hash) {
        Known known = logins.get(user);
        return known != null && known.matched().equals(hash) && MessageDigest.isEqual(known.code(), code(password));
    }

    public void remember(String user, byte[] password, PasswordHash hash) {
        logins.put(user, new Known(hash, code(password)));
    }

    public void forgetAll() {
        logins.clear();
    }

    private byte[] code(byte[] password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(password);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }
}
