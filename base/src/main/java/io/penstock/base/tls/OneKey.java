package io.penstock.base.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One key with its certificates. The key managers of the JDK take theirs from a key store, which encrypts the key and
 * decrypts it again with ten thousand rounds of hashing each: a fourth of the CPU time of an engine's start. Immutable.
 */
final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "key";

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    /** @param chain the certificate of the key first */
    OneKey(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /**
     * @param type an algorithm, in TLS 1.2 also {@code EC_RSA}: a key of the one, in a certificate signed with the other
     * @param issuers whose certificates the peer takes; empty for any
     */
    private boolean suits(String type, Principal @Nullable [] issuers) {
        int joint = type.indexOf('_');
        String algorithm = joint < 0 ? type : type.substring(0, joint);
        X509Certificate own = chain.get(0);
        return own.getPublicKey().getAlgorithm().equals(algorithm)
                && (joint < 0 || own.getSigAlgName().contains(type.substring(joint + 1)))
                && (issuers == null
                        || issuers.length == 0
                        || chain.stream()
                                .anyMatch(each -> Arrays.asList(issuers).contains(each.getIssuerX500Principal())));
    }

    private @Nullable String first(String[] types, Principal @Nullable [] issuers) {
        return Arrays.stream(types).anyMatch(type -> suits(type, issuers)) ? ALIAS : null;
    }

    private String @Nullable [] all(String type, Principal @Nullable [] issuers) {
        return suits(type, issuers) ? new String[] {ALIAS} : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return suits(type, issuers) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return first(types, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return suits(type, issuers) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return first(types, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return all(type, issuers);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return all(type, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return ALIAS.equals(alias) ? chain.toArray(X509Certificate[]::new) : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return ALIAS.equals(alias) ? key : null;
    }
}
