package io.penstock.forward.client;

/**
 * What a client proves to a server that requires a handshake: that it knows the shared key, and, if the server asks for
 * users, a user's name and password. Immutable.
 */
public final class Login {
    private final String sharedKey;
    private final String user;
    private final String password;

    private Login(String sharedKey, String user, String password) {
        if (sharedKey.isEmpty()) {
            throw new IllegalArgumentException("the shared key is empty");
        }
        this.sharedKey = sharedKey;
        this.user = user;
        this.password = password;
    }

    /** A shared key only. A server that asks for a user refuses it. */
    public static Login withSharedKey(String sharedKey) {
        return new Login(sharedKey, "", "");
    }

    /** A shared key and a user. */
    public static Login ofUser(String sharedKey, String user, String password) {
        return new Login(sharedKey, user, password);
    }

    String sharedKey() {
        return sharedKey;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /** Identifies the login without its secrets. */
    @Override
    public String toString() {
        return "login" + (user.isEmpty() ? "" : " of " + user);
    }
}
